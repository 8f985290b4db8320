"""Evaluate several ways of searching on a question set, side by side."""

import logging
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bot.config.settings import Settings
from bot.evaluation.metrics import (
    DEPTH,
    JudgedQuestion,
    RankedQuote,
    RankedQuotes,
    bootstrap_intervals,
    by_group,
    judge_conversations,
    paragraph_ids,
    run_question_set,
)
from bot.evaluation.question_sets import Question, load_question_set, split_by_document
from bot.indexing import open_index
from bot.indexing.build import encoder_choice
from bot.indexing.scope import limit_to
from bot.operations.logs.setup import tell
from index import (
    SYNONYMS_NAME,
    AnySearcher,
    BM25Index,
    IndexLanguages,
    Passage,
    Searcher,
    Sentence,
    Tier,
    build_index,
    extract_terms,
    stem,
)

# The baseline that the tiers are compared with.
RANK_BM25 = "rank_bm25"
WAYS = (*(tier.value for tier in Tier), RANK_BM25)

_COMPARED = ("hit@1", "hit@3", "refused")


class PlainBM25:
    """The answers of rank_bm25 alone: the baseline that the tiers are compared with.

    BM25Okapi with the parameters of `index.lexical.bm25` over the stems of each passage. The
    query of a follow-up includes the question before it. The highlighted sentence is the
    one that shares most stems with the query; on a tie, the first one.
    """

    def __init__(self, passages: list[Passage]) -> None:
        self._passages = passages
        self._bm25 = BM25Index([extract_terms(p.text, p.language) for p in passages])
        counts = Counter(passage.language for passage in passages)
        self._languages = IndexLanguages.of_counts(counts)

    def ask(self, turns: Sequence[Question]) -> Iterator[RankedQuotes]:
        """Yield the reply to each turn of a conversation."""
        before = ""
        for question in turns:
            asked = f"{before} {question.text}"
            terms = extract_terms(asked, self._languages.of_question(asked))
            yield RankedQuotes(
                tuple(self._quote(row, set(terms)) for row in self._best_rows(terms))
            )
            before = question.text

    def _best_rows(self, terms: list[str]) -> list[int]:
        """Return the rows that share a term with the query, best first, ties in text order."""
        scores = self._bm25.scores(terms)
        matching = [self._bm25.term_scores(term)[0] for term in terms]
        rows = np.unique(np.concatenate([np.empty(0, dtype=np.intp), *matching]))
        return [int(row) for row in rows[np.argsort(-scores[rows], kind="stable")][:DEPTH]]

    def _quote(self, row: int, terms: set[str]) -> RankedQuote:
        passage = self._passages[row]

        def shared(sentence: Sentence) -> int:
            return len(terms.intersection(stem(word, passage.language) for word in sentence.words))

        best = max(passage.sentences, key=shared)
        return RankedQuote(paragraph_ids(passage), passage.text, (best.start, best.end))


def run_ways(
    settings: Settings,
    questions: Path,
    ways: Sequence[str],
    *,
    per_document: bool,
    sources: Sequence[str] = (),
    first_only: bool = False,
) -> dict[str, list[JudgedQuestion]]:
    """Ask every question in each way.

    Args:
        settings: Name the corpus, the index and the encoder.
        questions: A question set.
        ways: Some of WAYS.
        per_document: Search for each question only in an index of its own document; the questions
            that `split_by_document` leaves out are not asked.
        sources: The patterns of the texts that are searched; empty for all. Not with
            `per_document`.
        first_only: Stop after the first way that can be used.

    Returns:
        For each way, the judged questions; every way has the same questions in the same order. The
        way of the encoder is missing if it cannot be used, and a line on stderr says so.

    Raises:
        QuestionSetError: The question set does not fit the corpus.
        NoSuchTextError: A pattern names no text.
        PassageIndexError: There is no index, and it cannot be built.
    """
    outcomes: dict[str, list[JudgedQuestion]] = {}
    for way in dict.fromkeys(ways):
        if per_document:
            found = _run_per_document(settings, questions, way)
        else:
            found = _run_together(settings, questions, way, sources)
        if found is None:
            tell(f"{way} is left out: its model cannot be used.", logging.WARNING)
            continue
        outcomes[way] = found
        if first_only:
            break
    return outcomes


def paired_differences(
    outcomes: dict[str, list[JudgedQuestion]],
) -> dict[str, dict[str, dict[str, dict[str, Any]]]]:
    """Compare each way with the first, question by question.

    Returns:
        By way, group and figure ("hit@1" and "hit@3", or "refused" if nothing answers): the
        "difference" of the shares, its "interval" (see `bootstrap_intervals`), and how many
        questions the way "wins" and "losses" against the first; if nothing answers, a win is
        a question that only this way refuses.
    """
    base, *others = outcomes
    groups = {way: by_group(found) for way, found in outcomes.items()}
    return {
        way: {
            group: _differences(members, groups[way][group])
            for group, members in groups[base].items()
        }
        for way in others
    }


def _differences(
    base: list[JudgedQuestion], other: list[JudgedQuestion]
) -> dict[str, dict[str, Any]]:
    names = _COMPARED[:2] if base[0].question.gold else _COMPARED[2:]
    values = [
        {name: b.values[name] - a.values[name] for name in names}
        for a, b in zip(base, other, strict=True)
    ]
    intervals = bootstrap_intervals(values, [one.question.conversation for one in base])
    return {
        name: {
            "difference": round(sum(value[name] for value in values) / len(values), 4),
            "interval": intervals[name],
            "wins": sum(1 for value in values if value[name] > 0),
            "losses": sum(1 for value in values if value[name] < 0),
        }
        for name in names
    }


def _run_together(
    settings: Settings, questions: Path, way: str, sources: Sequence[str]
) -> list[JudgedQuestion] | None:
    tier = _tier(way)
    opened = open_index.open_index(replace(settings, retrieval=tier), wait=True).current()
    if opened.tier is not tier:
        return None
    searcher = limit_to(opened, sources)
    return _run(load_question_set(questions, searcher), searcher, way)


def _run_per_document(settings: Settings, questions: Path, way: str) -> list[JudgedQuestion] | None:
    searcher = open_index.open_index(replace(settings, retrieval=Tier.LEXICAL)).current()
    outcomes: list[JudgedQuestion] = []
    conversations = load_question_set(questions, searcher)
    for source, asked in split_by_document(conversations).items():
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            alone = _open_alone(settings, source, _tier(way), Path(folder))
            if alone.tier is not _tier(way):
                return None
            outcomes += _run(asked, alone, way)
    return outcomes


def _open_alone(settings: Settings, source: str, tier: Tier, folder: Path) -> Searcher:
    """Return a searcher of one document, with the synonyms of its corpus, built in a folder."""
    for name in (source, SYNONYMS_NAME):
        if (original := settings.corpus_dir / name).is_file():
            copy = folder / "corpus" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(original, copy)
    build_index(
        folder / "corpus",
        folder / "index",
        encoder=encoder_choice(replace(settings, retrieval=tier), settings.models_dir.absolute()),
        within_s=None,
        max_file_mb=settings.max_file_mb,
    )
    return Searcher.open(folder / "index", tier, settings.models_dir)


def _run(
    conversations: Sequence[Sequence[Question]], searcher: AnySearcher, way: str
) -> list[JudgedQuestion]:
    if way == RANK_BM25:
        return judge_conversations(conversations, PlainBM25(list(searcher.passages)).ask)
    return run_question_set(conversations, searcher)


def _tier(way: str) -> Tier:
    return Tier.LEXICAL if way == RANK_BM25 else Tier(way)
