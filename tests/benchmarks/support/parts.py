"""The parts that ranking is made of, each with what takes it out while it is measured.

Nothing in the product can be switched: a part is taken out by patching the constant or function
that it is, in this process only. Parts that were tried and not built are put in the same way.
"""

import copy
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

import index.lexical.fields
import index.search.ranking.answer_sentence
import index.search.ranking.query_expansion
import index.search.ranking.score_fusion
import index.search.searcher
import index.storage.synonym_files
from bot.answering import context_search, conversation
from index import Passage, Searcher, Tier, WeightedText
from index.analysis import wordnet
from index.analysis.languages.questions import IndexLanguages
from index.analysis.synonyms import Synonyms
from index.analysis.terms import extract_words
from index.arrays import Scores
from index.lexical.bm25 import BM25Index
from index.lexical.fields import CONTEXT_WEIGHT, LexicalIndex, word_keys
from index.passages.passage_file import PassageLines
from index.search.ranking.query_coverage import QueryWord
from index.search.ranking.score_fusion import score_parts
from index.vectors.similarity import QuerySimilarity
from tests.support.in_memory import lexical_index

# What was tried and is not built, with the weights of the first trials.
_NEIGHBOUR_WEIGHT = 0.2
_SENTENCE_WEIGHT = 0.5

_WITH_VECTORS = (Tier.ENCODER,)

# Owner, name of what is replaced there, and what replaces it.
Patch = tuple[Any, str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that may bring better answers.

    Attributes:
        name: For people, unique.
        patches: What switches it: off, or on where it is `added`.
        tiers: The tiers that have it.
        added: Whether it is not part of the product.
    """

    name: str
    patches: tuple[Patch, ...]
    tiers: tuple[Tier, ...] = tuple(Tier)
    added: bool = False


@contextmanager
def switched(part: Part) -> Iterator[None]:
    """Switch a part off, or an added one on, until the block ends.

    A searcher that is to lack the part must be opened inside.
    """
    with ExitStack() as stack:
        for owner, name, replacement in part.patches:
            stack.enter_context(patch.object(owner, name, replacement))
        yield


def parts_of(tier: Tier) -> list[Part]:
    """Return the parts to measure in a tier; WordNet only where its data is installed."""
    absent = () if wordnet.is_installed() else ("WordNet",)
    return [part for part in PARTS if tier in part.tiers and part.name not in absent]


def _without_key(place: int) -> tuple[Patch, ...]:
    """Empty one of the three fields of words, and weigh the headings beside two."""
    original = LexicalIndex.__init__

    def init(
        self: LexicalIndex,
        fields: dict[str, BM25Index],
        n_passages: int,
        languages: IndexLanguages,
    ) -> None:
        original(self, fields, n_passages, languages)
        # A build inside the block writes the same commonest words as ever.
        self.commonest_words = self._fields[2].commonest  # type: ignore[method-assign]
        self._fields[place] = BM25Index([[] for _ in range(n_passages)])

    spread = index.search.ranking.score_fusion._LEXICAL_SPREAD
    return (
        (LexicalIndex, "__init__", init),
        (index.lexical.fields, "CONTEXT_WEIGHT", CONTEXT_WEIGHT * 2 / 3),
        (index.search.ranking.score_fusion, "_LEXICAL_SPREAD", spread * 2 / 3),
    )


def _context_words(words: Callable[[Passage], list[str]]) -> tuple[Patch, ...]:
    """Take other words for those of the context, in passages and in an index that is opened."""
    original = LexicalIndex.open

    def opened(folder: Path) -> LexicalIndex:
        lexical = original(folder)
        passages, _ = PassageLines.open(folder)
        lexical._contexts = BM25Index(
            [[word_keys(w, p.language)[0] for w in words(p)] for p in passages]
        )
        return lexical

    return (Passage, "context_words", property(words)), (LexicalIndex, "open", opened)


def _without_line_above() -> tuple[Patch, ...]:
    """Leave the heading and the lead-in above a passage out of the words of its text."""
    original = LexicalIndex.open

    def opened(folder: Path) -> LexicalIndex:
        lexical = original(folder)
        passages, _ = PassageLines.open(folder)
        lexical._fields = [
            BM25Index([[word_keys(w, p.language)[n] for w in p.words] for p in passages])
            for n in range(3)
        ]
        return lexical

    words_of_text = property(lambda passage: passage.words)
    return (Passage, "words_of_text", words_of_text), (LexicalIndex, "open", opened)


def _share_without_beginning(word: QueryWord, keys: frozenset[str]) -> float:
    return float(not word.whole.isdisjoint(keys))


def _weight(name: str, value: float) -> tuple[Patch, ...]:
    """Change a weight of the scores."""
    return ((index.search.ranking.score_fusion, name, value),)


def _likeness(change: Callable[[QuerySimilarity], None]) -> tuple[Patch, ...]:
    """Compare sentences with a query of which something is changed."""
    original = QuerySimilarity.likeness

    def likeness(self: QuerySimilarity, row: int) -> Scores | None:
        changed = copy.copy(self)
        change(changed)
        return original(changed, row)

    return ((QuerySimilarity, "likeness", likeness),)


def _without_lines(similarity: QuerySimilarity) -> None:
    files = similarity._files
    similarity._files = replace(files, record=replace(files.record, has_lines=False))


def _without_tokens(similarity: QuerySimilarity) -> None:
    similarity._tokens = None


def _with_neighbours() -> tuple[Patch, ...]:
    """Add a share of what the paragraphs before and after in the same document score."""
    original_search, original = Searcher.search, score_parts
    searched: list[PassageLines] = []

    def search(self: Searcher, query: list[WeightedText], top_k: int) -> Any:
        searched[:] = [self._lines]
        return original_search(self, query, top_k)

    def sides(*arguments: Any) -> dict[str, Scores]:
        (passages,) = searched
        found = original(*arguments)
        candidates = arguments[-1].rows
        totals = np.zeros(len(passages))
        totals[candidates] = np.sum(list(found.values()), axis=0)
        means = [_mean_beside(passages, totals, row) for row in candidates]
        return found | {"neighbours": _NEIGHBOUR_WEIGHT * np.array(means)}

    return (Searcher, "search", search), (index.search.searcher, "score_parts", sides)


def _mean_beside(passages: PassageLines, totals: Scores, row: int) -> float:
    rows = [other for other in (row - 1, row + 1) if 0 <= other < len(passages)]
    beside = [totals[other] for other in rows if passages[other].source == passages[row].source]
    return float(np.mean(beside)) if beside else 0.0


def _with_best_sentence() -> tuple[Patch, ...]:
    """Add a share of the word score of each passage's best sentence."""
    original_init, original = Searcher.__init__, Searcher._word_scores

    def init(self: Searcher, *arguments: Any) -> None:
        original_init(self, *arguments)
        self._of_sentences = copy.copy(self)  # type: ignore[attr-defined]
        alone = [
            replace(passage, title="", section=None, completed=(), sentences=(sentence,))
            for passage in self.passages
            for sentence in passage.sentences
        ]
        self._of_sentences._lines = alone  # type: ignore[attr-defined]
        self._of_sentences._lexical = lexical_index(alone)  # type: ignore[attr-defined]

    def word_scores(self: Searcher, units: Any, rows: Any) -> Any:
        scores, matching = original(self, units, rows)
        of_all = self._of_sentences  # type: ignore[attr-defined]
        of_sentences, _ = original(of_all, units, np.arange(len(of_all._lines)).astype(np.int32))
        counts = [len(passage.sentences) for passage in self.passages]
        firsts = np.cumsum([0, *counts[:-1]])
        best = np.maximum.reduceat(of_sentences, firsts)[rows]
        return scores + _SENTENCE_WEIGHT * best, matching

    return (Searcher, "__init__", init), (Searcher, "_word_scores", word_scores)


PARTS = (
    Part(
        "stem-prefix key",
        (
            *_without_key(1),
            (QueryWord, "share", _share_without_beginning),
        ),
    ),
    Part("surface key", _without_key(2)),
    Part("line above as text", _without_line_above()),
    Part("titles and outer headings", _context_words(lambda passage: list(passage.completed))),
    Part(
        "short names completed",
        _context_words(
            lambda passage: extract_words(
                f"{passage.title}\n{passage.section or ''}", passage.language
            )
        ),
    ),
    Part(
        "typo repair",
        (
            (
                index.search.ranking.query_expansion.QueryExpander,
                "_correct_typo",
                lambda _self, _word: None,
            ),
        ),
    ),
    Part(
        "general synonyms",
        ((index.storage.synonym_files, "general_synonyms", lambda: Synonyms({})),),
    ),
    Part(
        "WordNet",
        (
            (
                index.search.ranking.query_expansion.QueryExpander,
                "_related_words",
                lambda _self, _word, _language: (),
            ),
        ),
    ),
    Part("names' introductions", ((index.search.searcher, "asked_name", lambda _question: set()),)),
    Part("words", _weight("WORDS_WEIGHT", 0.0), _WITH_VECTORS),
    Part("passage's and lines' vectors", _weight("VECTORS_WEIGHT", 0.0), _WITH_VECTORS),
    Part("passage's cosine", _weight("LINE_SHARE", 1.0), _WITH_VECTORS),
    Part("nearest line's cosine", _weight("LINE_SHARE", 0.0), _WITH_VECTORS),
    Part(
        "token vectors",
        ((QuerySimilarity, "has_tokens", property(lambda _self: False)),),
        _WITH_VECTORS,
    ),
    Part("sentence: vectors", _likeness(_without_lines), _WITH_VECTORS),
    Part("sentence: MaxSim", _likeness(_without_tokens), _WITH_VECTORS),
    Part(
        "sentence: words",
        ((index.search.ranking.answer_sentence, "_WORDS_BESIDE_VECTORS", 0.0),),
        _WITH_VECTORS,
    ),
    Part(
        "sentence: answer type",
        (
            (index.search.ranking.answer_sentence, "_ANSWER_TYPE_BONUS", 0.0),
            (index.search.ranking.answer_sentence, "_ANSWER_TYPE_BESIDE_VECTORS", 0.0),
        ),
    ),
    Part(
        "history",
        (
            (
                context_search,
                "read_in_context",
                lambda question, _: [WeightedText(conversation.asked_in(question))],
            ),
        ),
    ),
    Part("history: decay", ((conversation, "DECAY", 1.0),)),
    Part(
        "history: less where one stands alone",
        ((conversation, "DECAY_ALONE", conversation.DECAY),),
    ),
    Part(
        "history: left out by the scores", ((context_search, "_OTHER_SUBJECT", 0.0),), _WITH_VECTORS
    ),
    Part("history: topic switch", ((conversation, "_SWITCH", re.compile(r"(?!)")),)),
    Part("neighbouring paragraphs", _with_neighbours(), added=True),
    Part("best sentence's BM25", _with_best_sentence(), added=True),
)
