"""Find the passages that answer a query, best first, each with its best sentence."""

import copy
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from index.analysis.languages.codes import ENGLISH
from index.analysis.names import asked_name
from index.analysis.terms import extract_tokens
from index.arrays import RowRanges, Rows, Scores
from index.passages.copies import Copies
from index.passages.editions import Editions
from index.passages.lookup import PassageLookup
from index.search.browsing import TextBrowser
from index.search.confidence import Evidence, gather_evidence, log_odds_of, on_scale_of
from index.search.headings import Headings
from index.search.hits import MAX_COPIES, ExpandedPart, Hit, WeightedText
from index.search.ranking.answer_sentence import best_sentence
from index.search.ranking.candidates import MAX_RANKED, candidates
from index.search.ranking.exact_phrases import (
    MAX_READ_FOR_PHRASE,
    Phrase,
    exact_phrases,
    hold_phrase,
    holds_phrase,
)
from index.search.ranking.query_coverage import QueryCoverage
from index.search.ranking.query_expansion import QueryExpander
from index.search.ranking.score_fusion import score_parts, score_tokens
from index.search.ranking.taught_questions import (
    Boost,
    Boosts,
    BoundQuestions,
    TaughtQuestion,
    bind,
)
from index.search.ranking.units import Unit
from index.search.unknown_names import unknown_names
from index.storage.build_files import OpenedIndex, open_build
from index.vectors.models.encoder import open_encoder
from index.vectors.similarity import QuerySimilarity, VectorIndex
from index.vectors.tiers import Tier

# A part of the query below this weight only breaks ties, so its words get no alternatives.
_MIN_EXPANDED_WEIGHT = 0.1

# A phrase that a passage holds word for word counts as the largest word score, times this factor.
# With 1 a passage whose heading has the version that is asked for may stand behind one with "new".
_PHRASE_FACTOR = 2.0

# In a longer question a phrase counts by its share of the words that are searched for: a version in
# a long report is seldom what is asked.
_PHRASE_WORDS = 3

# The factor of a phrase of several words in a language other than English, whose words have other
# forms in the sentence of the answer.
_INFLECTED_PHRASE_FACTOR = 0.25

# In a corpus that is not ranked as a whole, the token vectors of so many passages are compared, the
# best by words and vectors: 30,000 tokens, some milliseconds.
_MAX_TOKENS_COMPARED = 200

# Folders, channels and questions limit searches; a limited searcher takes some kilobytes.
_MAX_SCOPES = 1_000

# Searchers of versions that are kept, the current one among them. Questions name few others.
_MAX_VERSIONS = 20
_CURRENT: frozenset[str] = frozenset()

_Key = TypeVar("_Key")

# This many taught questions, of all servers and of older lists, take 70 MB.
_MAX_TAUGHT = 20_000


class Searcher(TextBrowser):
    """Searches the passages of one build in one tier. Threads may share it.

    Attributes:
        editions: The texts that are the same page in several versions or languages.
    """

    def __init__(self, opened: OpenedIndex, vector_index: VectorIndex | None) -> None:
        """Prepare to search.

        Args:
            opened: The index.
            vector_index: Its vectors and their encoder; None to rank by words alone.
        """
        self.manifest = opened.manifest
        self.tier = Tier.LEXICAL if vector_index is None else Tier.ENCODER
        self._lexical = opened.lexical
        self._expander = QueryExpander(self._lexical, opened.synonyms, opened.words, opened.related)
        self._vector_index = vector_index
        self._opened = opened
        self._lines = opened.passages
        self.editions = opened.editions
        self._copies = Copies(opened.first_copies)
        self.all_headings = Headings(opened.passages, opened.lookup)
        super().__init__([self.all_headings])
        self._taught_questions: tuple[TaughtQuestion, ...] = ()
        self._taught = BoundQuestions([], opened.passages, self._lexical, vector_index)
        self._forget_views()
        self._lock = Lock()

    @classmethod
    def open(
        cls, index_dir: Path, tier: Tier = Tier.ENCODER, models_dir: Path | None = None
    ) -> "Searcher":
        """Open the published index.

        Args:
            index_dir: The folder of the index.
            tier: The tier to rank in; an index without vectors is searched by words.
            models_dir: The folder of downloaded models; None for `index_dir`.

        Raises:
            IndexMissingError: There is no index.
            IndexUnusableError: It is damaged, or of another version or analysis.
            EncoderUnavailableError: The encoder of the index cannot be loaded, or has other files.
        """
        opened = open_build(index_dir)
        if tier is Tier.LEXICAL or opened.vectors is None:
            return cls(opened, None)
        record = opened.vectors.files.record
        encoder = open_encoder(record.name, models_dir or index_dir, record.model_hash)
        return cls(opened, VectorIndex(opened.vectors, encoder))

    def check(self, pause: Callable[[], None] | None = None) -> None:
        """Check every byte of the index that is open; `pause` is called after each MiB.

        Raises:
            IndexUnusableError: A byte has changed, or the build was removed.
        """
        self._opened.check(pause)

    def with_taught(self, taught: Sequence[TaughtQuestion]) -> "Searcher":
        """Return a searcher of the same index with these taught questions.

        They replace those of this searcher. A passage is scored as if it also held the words of
        the taught question that helps it most, and had that question as a further sentence; the
        text that is shown stays the same. A question is ignored if the text of its passage has
        changed. The result is cached by the questions.
        """
        key = tuple(taught)

        def taught_view() -> Searcher:
            view = copy.copy(self)
            bound = bind(key, self.all_headings.lookup)
            view._taught_questions = key
            view._taught = BoundQuestions(bound, self._lines, self._lexical, self._vector_index)
            view._forget_views()  # a shared cache would keep this searcher alive
            return view

        return self._kept(self._views, key, taught_view)

    def within(self, sources: Collection[str]) -> "Searcher":
        """Return a searcher of some of the texts, which knows nothing of the others.

        What is found, counted, suggested and listed is theirs alone. Of the whole index are the
        mean length of passages, the directions of token vectors and, in a scope of more than 2,000
        passages, the usual cosines and the weights of word pieces. The result is cached by the
        sources; those that the index does not have are ignored.
        """
        key = frozenset(sources)
        return self._kept(
            self._scopes,
            key,
            lambda: self._limited_to(
                self.all_headings.lookup.within(key),  # a scope never widens
                self.editions.within(key),
            ),
        )

    def of_current_versions(self) -> "Searcher":
        """Return a searcher without the texts of which a page has a more current version.

        It is limited as by `within`; the same searcher if there are no such texts.
        """
        superseded = self.editions.superseded
        if not superseded:
            return self
        return self._kept(
            self._versions,
            _CURRENT,
            lambda: self._limited_to(
                self.all_headings.lookup.without(superseded), self.editions.without(superseded)
            ),
        )

    def of_versions(self, versions: Collection[str]) -> "Searcher":
        """Return a searcher of the texts of some versions alone; see `Editions.fitting`.

        It is limited as by `within`.
        """

        def limited() -> Searcher:
            sources = self.editions.fitting(versions)
            return self._limited_to(
                self.all_headings.lookup.within(sources), self.editions.within(sources)
            )

        return self._kept(self._versions, frozenset(versions), limited)

    def _forget_views(self) -> None:
        """Begin without searchers that are limited or taught."""
        self._views: LRUCache[tuple[TaughtQuestion, ...], Searcher] = LRUCache(
            _MAX_TAUGHT, getsizeof=lambda view: min(view.n_taught + 1, _MAX_TAUGHT)
        )
        self._scopes: LRUCache[frozenset[str], Searcher] = LRUCache(_MAX_SCOPES)
        self._versions: LRUCache[frozenset[str], Searcher] = LRUCache(_MAX_VERSIONS)

    def _kept(
        self, cache: "LRUCache[_Key, Searcher]", key: _Key, make: Callable[[], "Searcher"]
    ) -> "Searcher":
        """Return the searcher of a key, which is made if the cache does not have it."""
        with self._lock:
            view = cache.get(key)
        if view is None:
            view = make()
            with self._lock:
                cache[key] = view
        return view

    def holds_phrase(self, phrase: str) -> bool:
        """Return whether a passage holds some words word for word, one after the other."""
        words = tuple(extract_tokens(phrase, self.language_of(phrase)))
        return bool(words) and hold_phrase(words, self._lexical, self._lines)

    def _limited_to(self, lookup: PassageLookup, editions: Editions) -> "Searcher":
        opened = self._opened
        view = copy.copy(self)
        view.editions = editions
        view._lexical = opened.lexical.within(RowRanges.of(lookup.ranges()))
        if self._vector_index is not None and len(view._lexical.searched) <= MAX_RANKED:
            view._vector_index = self._vector_index.within(view._lexical.searched.rows())
        view._expander = self._expander.within(view._lexical)
        view.all_headings = Headings(opened.passages, lookup)
        TextBrowser.__init__(view, [view.all_headings])
        view._forget_views()
        view._taught_questions = ()
        return view.with_taught(self._taught_questions)

    @property
    def n_taught(self) -> int:
        """The number of taught questions."""
        return len(self._taught_questions)

    @property
    def waits_for_vectors(self) -> bool:
        """Whether the index is searched by words because its vectors are still to be made."""
        return self.tier is Tier.LEXICAL and self.manifest.vectors_are_pending

    def by_words(self) -> "Searcher":
        """Return a searcher of the same index and taught questions that ranks by words alone."""
        if self._vector_index is None:
            return self
        view = copy.copy(self)
        view.tier = Tier.LEXICAL
        view._vector_index = None
        view._forget_views()
        return view

    def expand(self, query: list[WeightedText]) -> list[ExpandedPart]:
        """Return each part of a query as units; parts of weight 0 are left out."""
        return [
            ExpandedPart(part.text, part.weight, tuple(self._units(part)))
            for part in query
            if part.weight > 0
        ]

    def search(self, query: list[WeightedText], top_k: int) -> list[Hit]:
        """Return the best passages for the query.

        Args:
            query: The question, then earlier questions with lower weights.
            top_k: The largest number of hits; 0 or less returns an empty list.

        Returns:
            At most `top_k` hits by falling score, ties in the order of the texts; of passages that
            read the same only the best; empty for a query of stop words. In the lexical tier a hit
            holds a word of the query or of an alternative, or a taught question boosts it.
        """
        parts = self.expand(query)
        units = self._weighted(parts)
        if top_k <= 0 or not units or not len(self._lexical.searched):
            return []
        introducing = self._lexical.introducing(asked_name(query[0].text))
        similarity = self._similarity(parts)
        coverage = QueryCoverage(units, self._lexical)
        phrases = self._phrases(parts[0])
        found = candidates(units, introducing, similarity, self._lexical, phrases)
        boosts = Boosts.among(found, self._boosts(parts, similarity))
        if not len(boosts.rows):
            return []
        words, matching = self._word_scores(units, boosts.rows)
        words += self._word_scores(self._stop_words(parts), boosts.rows)[0]
        exact = np.where(np.isin(boosts.rows, introducing), words.max(initial=0.0), 0.0)
        exact += self._phrase_scores(parts[0], phrases, boosts.rows, words + exact)
        if similarity is None:
            held = matching | boosts.is_boosted()
            boosts, words, exact = boosts.only(held), words[held], exact[held]
        of_kinds = score_parts(words, exact, similarity, coverage, boosts)
        if similarity is not None and similarity.has_tokens:
            kept = self._best_or_boosted(of_kinds["words"] + of_kinds["vectors"], boosts)
            boosts = boosts.only(kept)
            of_kinds = {kind: scores[kept] for kind, scores in of_kinds.items()}
            of_kinds["tokens"] = score_tokens(similarity, boosts)
        scores = np.sum(list(of_kinds.values()), axis=0)
        order = np.argsort(-scores, kind="stable")
        order = order[self._copies.first_distinct(boosts.rows[order], top_k)]
        self._lines.read_ahead(self._shown(boosts.rows[order]))
        return [
            self._hit(
                int(boosts.rows[position]),
                rank,
                {kind: float(values[position]) for kind, values in of_kinds.items()},
                coverage,
                similarity,
                boosts.by_row,
                query[0].text,
            )
            for rank, position in enumerate(order, start=1)
        ]

    def nearest_headings(self, question: str, k: int = 2) -> list[str]:
        """Return at most k titles and sections near to a question, nearest first; may be empty."""
        units = [(unit, 1.0) for unit in self._expander.units(question)]
        if not units:
            return []
        return self.all_headings.nearest(QueryCoverage(units, self._lexical), k)

    def did_you_mean(self, question: str) -> list[str]:
        """Return words of the texts to replace the unknown words of a question, in its order."""
        return list(dict.fromkeys(chain.from_iterable(self.suggestions(question).values())))

    def suggestions(self, question: str) -> dict[str, list[str]]:
        """Return the words of `did_you_mean` by unknown word of the question."""
        return {
            word: suggestions
            for word, suggestions in self._expander.suggestions(question).items()
            if not any(map(self.knows, word.split()))
        }

    def evidence(self, question: str, hits: list[Hit]) -> Evidence | None:
        """Return the evidence that a question belongs to the texts.

        Args:
            question: The question alone, without earlier questions.
            hits: The hits of a search for it; may be empty.

        Returns:
            None without hits, or for a question of stop words.
        """
        vector_index = self._vectors_for(question)
        measures = vector_index.measures if vector_index else None
        return gather_evidence(self._expander.units(question), hits, self.knows, measures)

    def confidence(self, question: str, hits: list[Hit]) -> float:
        """Return the log odds that a question belongs to the texts; -inf without evidence."""
        evidence = self.evidence(question, hits)
        if evidence is None:
            return -math.inf
        tier = Tier.LEXICAL if self._vectors_for(question) is None else Tier.ENCODER
        return on_scale_of(self.tier, log_odds_of(evidence, tier), tier)

    def language_of(self, question: str) -> str:
        """Return the code of the language that a question is read in: one of the index."""
        return self._lexical.languages.of_question(question)

    def may_refuse(self, question: str) -> bool:
        """Return whether the log odds of a question may say that nothing was found.

        The thresholds are those of English. In other languages they count only if the texts and
        taught questions know no word of the question, and the encoder reads English alone; another
        one finds texts that share no word with it.
        """
        if self._lexical.languages.reads_english(question):
            return True
        if self._vector_index is not None and not self._vector_index.english_only:
            return False
        units = self._expander.units(question)
        return not any(self.knows(word) for unit in units for word in unit.words)

    def names_something_unknown(self, question: str) -> bool:
        """Return whether a question names something that texts and taught questions never mention.

        Over articles of SQuAD 2.0, one at a time, this is true of 4.9 % of the questions that they
        do not answer and of 0.85 % of those that they do (2,828 questions, 30 November 2026).
        """
        return bool(self.unknown_names(question))

    def finds_names(self, question: str) -> bool:
        """Return whether `unknown_names` can tell the names of a question: only of English ones.

        Only English writes names, and no other words inside a sentence, with a capital.
        """
        return self._lexical.languages.reads_english(question)

    def unknown_names(self, question: str) -> set[str]:
        """Return the names, numbers and identifiers in a question that the index does not know."""
        if not self.finds_names(question):
            return set()
        unknown = unknown_names(question, self._expander, self._lexical, self._lines)
        return {name for name in unknown if not self._taught.knows(name)}

    def knows(self, word: str) -> bool:
        """Return whether the texts or taught questions hold a normalised word or a form of it."""
        return self._lexical.knows(word) or self._taught.knows(word)

    def _units(self, part: WeightedText) -> list[Unit]:
        units = self._expander.units(part.text)
        if part.weight < _MIN_EXPANDED_WEIGHT:
            return [Unit(unit.words) for unit in units]
        return units

    def _weighted(self, parts: list[ExpandedPart]) -> list[tuple[Unit, float]]:
        return [
            (unit, part.weight * weight)
            for part in parts
            for unit, weight in self._expander.weigh(part.text, part.units)
        ]

    def _stop_words(self, parts: list[ExpandedPart]) -> list[tuple[Unit, float]]:
        return [
            (unit, part.weight * weight)
            for part in parts
            for unit, weight in self._expander.stop_words(part.text)
        ]

    def _word_scores(
        self, units: list[tuple[Unit, float]], rows: Rows
    ) -> tuple[Scores, npt.NDArray[np.bool_]]:
        """Return the score of each row by words, and whether the row holds any of them.

        The score of a unit is the largest of its own words and its alternatives. A sum would
        reward a passage that says the same thing in many words.
        """
        are_all = len(rows) == len(self._lines) and self._lexical.reads_all
        asked = None if are_all else rows
        scores = np.zeros(len(rows))
        matching = np.zeros(len(rows), dtype=np.bool_)
        for unit, weight in units:
            best, held = self._lexical.word_scores(unit.words, asked)
            for other in unit.alternatives:
                added, held_by_other = self._lexical.word_scores(other.words, asked)
                best = np.maximum(best, other.factor * added)
                held = held | held_by_other
            scores += weight * best
            matching |= held
        return scores, matching

    def _phrases(self, asked: ExpandedPart) -> list[Phrase]:
        """Return what a question names exactly."""
        return exact_phrases(asked.text, self._lexical.knows, self.language_of(asked.text))

    def _phrase_scores(
        self, asked: ExpandedPart, phrases: list[Phrase], rows: Rows, words: Scores
    ) -> Scores:
        """Return the addition to the word score of each row that holds phrases word for word.

        Each phrase adds a multiple of the largest word score. Of the rows with all words of a
        phrase, only the best by word score are read.
        """
        language = self.language_of(asked.text)
        share = _PHRASE_WORDS / max(len(asked.units), _PHRASE_WORDS)
        added = np.zeros(len(rows))
        for phrase in phrases:
            is_inflected = language != ENGLISH and len(phrase) > 1
            factor = share * (_INFLECTED_PHRASE_FACTOR if is_inflected else _PHRASE_FACTOR)
            units = [(Unit((word,)), 1.0) for word in phrase if self._lexical.knows(word)]
            held = [self._word_scores([unit], rows)[1] for unit in units]
            positions = np.flatnonzero(np.all(held, axis=0)) if held else np.arange(0)
            best = positions[np.argsort(-words[positions], kind="stable")][:MAX_READ_FOR_PHRASE]
            self._lines.read_ahead(rows[best].tolist())
            for position in best:
                if holds_phrase(self._lines[int(rows[position])], phrase):
                    added[position] += factor * words.max(initial=0.0)
        return added

    def _similarity(self, parts: list[ExpandedPart]) -> QuerySimilarity | None:
        """Return the similarity of the parts of a query together; None if words alone decide."""
        vector_index = self._vectors_for(parts[0].text)
        return None if vector_index is None else vector_index.similarity(_main_parts(parts))

    def _vectors_for(self, question: str) -> VectorIndex | None:
        """Return the vectors to compare a question with; None if words alone decide."""
        if self._vector_index is None:
            return None
        is_read = self.language_of(question) == ENGLISH or not self._vector_index.english_only
        return self._vector_index if is_read else None

    def _best_or_boosted(self, scores: Scores, boosts: Boosts) -> npt.NDArray[np.bool_]:
        """Return a bool for each row: whether its token vectors are compared."""
        kept = np.ones(len(scores), dtype=np.bool_)
        if len(self._lexical.searched) > MAX_RANKED and len(scores) > _MAX_TOKENS_COMPARED:
            kept[np.argsort(-scores, kind="stable")[_MAX_TOKENS_COMPARED:]] = False
        return kept | boosts.is_boosted()

    def _boosts(
        self, parts: list[ExpandedPart], similarity: QuerySimilarity | None
    ) -> dict[int, Boost]:
        """Return the boosts of rows by lessons that are like the question itself.

        Earlier questions of the conversation do not count: a lesson would help whatever is asked
        after the question that it was taught for. Only a question without words of its own ("why
        so?") has the lessons of the newest question that has some.

        Args:
            parts: The question, then earlier questions.
            similarity: That of all parts.
        """
        question = next((part for part in parts if part.units), None)
        if not self.n_taught or question is None:
            return {}
        units = [(unit, question.weight) for unit in question.units]
        if len(parts) > 1:
            similarity = self._similarity([question])
        return self._taught.boosts(units, QueryCoverage(units, self._lexical), similarity)

    def _shown(self, rows: Rows) -> Iterator[int]:
        """Yield the rows of hits and of the passages that read the same."""
        for row in rows.tolist():
            yield row
            yield from self._copies.others(row, MAX_COPIES, self._lexical.searched)

    def _hit(
        self,
        row: int,
        rank: int,
        parts: dict[str, float],
        coverage: QueryCoverage,
        similarity: QuerySimilarity | None,
        boosted: Mapping[int, Boost],
        question: str,
    ) -> Hit:
        passage = self._lines[row]
        held = coverage.covered(passage.all_words)
        cosine = None if similarity is None else similarity.nearest(row)
        if taught := boosted.get(row):
            held = min(held + taught.gain, coverage.total)
            cosine = None if cosine is None else max(cosine, taught.cosine)
        likeness = None if similarity is None else similarity.likeness(row)
        if likeness is not None:
            likeness = likeness[-len(passage.sentences) :]  # without the line above
        sentence = best_sentence(passage, coverage, question, likeness)
        share = held / coverage.total
        score = sum(parts.values())
        others = self._copies.others(row, MAX_COPIES, self._lexical.searched)
        copies = tuple(self._lines[other].ref for other in others)
        return Hit(passage, rank, score, parts, share, cosine, sentence, copies)


def _main_parts(parts: list[ExpandedPart]) -> list[tuple[str, float]]:
    """Return text and weight of the parts above the weight of tie breakers, else of all."""
    main = [(part.text, part.weight) for part in parts if part.weight >= _MIN_EXPANDED_WEIGHT]
    return main or [(part.text, part.weight) for part in parts]
