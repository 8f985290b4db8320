"""Let passages also be found by questions that people bound to them: document expansion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.analysis.terms import extract_words, stem
from index.arrays import Rows, Scores, Vectors
from index.lexical.fields import LexicalIndex, word_keys
from index.passages.lookup import PassageLookup
from index.passages.passage import PassageRef
from index.passages.passage_file import PassageLines
from index.search.ranking.query_coverage import QueryCoverage
from index.search.ranking.units import Unit
from index.vectors.similarity import QuerySimilarity, VectorIndex
from index.vectors.tiers import best_kind

# From this cosine on a taught question makes its passage a candidate without a shared word. Of the
# shipped set's questions one pair in 200 is as near (static vectors, 22 November 2026).
_MIN_CANDIDATE_COSINE = 0.5


@dataclass(frozen=True, slots=True)
class TaughtQuestion:
    """A question that a passage answers, as somebody who knows the texts said.

    Attributes:
        question: As it was asked.
        passage: Where another text stands there now, nothing is bound.
    """

    question: str
    passage: PassageRef


@dataclass(frozen=True, slots=True)
class Boost:
    """What its taught questions do to a passage for one query.

    Attributes:
        gain: How much of the query one of them covers beyond the passage's own words.
        likeness: How much the query and one of them say the same, 0 to 1: the part of either's
            words, weighted by idf, that the other covers, multiplied.
        cosines: Of the query and the nearest of them, by kind of vectors.
    """

    gain: float
    likeness: float
    cosines: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Boosts:
    """What taught questions do to the passages that are ranked for one query.

    Attributes:
        by_row: For each passage that a taught question boosts.
        rows: All that are ranked, ascending.
        unaided: Which of them are ranked without taught questions, too; bool, as long as `rows`.
    """

    by_row: Mapping[int, Boost]
    rows: Rows
    unaided: npt.NDArray[np.bool_]

    @classmethod
    def among(cls, found: Rows, by_row: Mapping[int, Boost]) -> "Boosts":
        """Add the boosted rows to those that were found without them."""
        if not by_row:
            return cls(by_row, found, np.ones(len(found), dtype=np.bool_))
        rows = np.union1d(found, np.array([*by_row], dtype=np.int32)).astype(np.int32)
        return cls(by_row, rows, np.isin(rows, found))

    def is_boosted(self) -> npt.NDArray[np.bool_]:
        """Return which of the rows are boosted."""
        return np.isin(self.rows, [*self.by_row])

    def only(self, kept: npt.NDArray[np.bool_]) -> "Boosts":
        """Return them without some of the rows, none of them boosted."""
        return Boosts(self.by_row, self.rows[kept], self.unaided[kept])

    def words(self, of_gain: float, of_likeness: float) -> Scores:
        """Return what is added to each row's score by words: so much for each unit of either."""
        return self._spread(
            {row: of_gain * r.gain + of_likeness * r.likeness for row, r in self.by_row.items()},
            0.0,
        )

    def nearest(self, kind: str, of_sentences: Scores) -> Scores:
        """Return the cosine of each row's nearest sentence or taught question."""
        cosines = {row: r.cosines[kind] for row, r in self.by_row.items()}
        return np.maximum(of_sentences, self._spread(cosines, -np.inf))

    def _spread(self, values: Mapping[int, float], other: float) -> Scores:
        spread = np.full(len(self.rows), other)
        spread[np.searchsorted(self.rows, [*values])] = [*values.values()]
        return spread


def bind(taught: Iterable[TaughtQuestion], lookup: PassageLookup) -> list[tuple[int, str]]:
    """Return the row and the question of each, in order, without those whose text has gone."""
    rows = ((lookup.row_of(one.passage), one.question) for one in dict.fromkeys(taught))
    return [(row, question) for row, question in rows if row is not None]


class BoundQuestions:
    """The questions taught to the passages of one index. Threads may share it."""

    def __init__(
        self,
        bound: Sequence[tuple[int, str]],
        passages: PassageLines,
        lexical: LexicalIndex,
        vector_indexes: Mapping[str, VectorIndex],
    ) -> None:
        """Bind questions to rows; their vectors are made when a query is first compared."""
        self._rows = [row for row, _ in bound]
        self._texts = [text for _, text in bound]
        self._words = [tuple(dict.fromkeys(extract_words(text))) for text in self._texts]
        self._coverages = [
            QueryCoverage([(Unit((word,)), 1.0) for word in words], lexical)
            for words in self._words
        ]
        self._passages = passages
        self._vector_indexes = vector_indexes
        self._stems = {stem(word) for words in self._words for word in words}
        self._by_key: dict[str, list[int]] = {}
        for position, words in enumerate(self._words):
            for key in {key for word in words for key in word_keys(word)}:
                self._by_key.setdefault(key, []).append(position)
        self._vectors: dict[str, Vectors] = {}

    def knows(self, word: str) -> bool:
        """Return whether a taught question holds the word or another form of it."""
        return stem(word) in self._stems

    def boosts(
        self,
        units: Sequence[tuple[Unit, float]],
        coverage: QueryCoverage,
        similarities: Mapping[str, QuerySimilarity],
    ) -> dict[int, Boost]:
        """Return what taught questions do, by row, to the passages whose questions are touched.

        Args:
            units: The query's, with the weights of their parts.
            coverage: That of the same query.
            similarities: The same query's, by kind of vectors; empty by words alone.
        """
        if not self._rows:
            return {}
        cosines = {
            kind: similarity.cosines(self._of_kind(kind))
            for kind, similarity in similarities.items()
        }
        touched = {
            position for key in coverage.all_keys() for position in self._by_key.get(key, ())
        }
        if similarities:
            close = cosines[best_kind(similarities)] >= _MIN_CANDIDATE_COSINE
            touched.update(np.flatnonzero(close).tolist())
        of_rows: dict[int, list[int]] = {}
        for position in sorted(touched):
            of_rows.setdefault(self._rows[position], []).append(position)
        asked = _asked_words(units)
        return {
            row: Boost(
                self._gain(row, positions, coverage),
                max(self._likeness(position, asked, coverage) for position in positions),
                {kind: float(values[positions].max()) for kind, values in cosines.items()},
            )
            for row, positions in of_rows.items()
        }

    def _of_kind(self, kind: str) -> Vectors:
        if kind not in self._vectors:
            self._vectors[kind] = self._vector_indexes[kind].vectors_of(self._texts)
        return self._vectors[kind]

    def _gain(self, row: int, positions: list[int], coverage: QueryCoverage) -> float:
        """Return the gain by the best of a passage's questions.

        All their words together would make a passage with many questions match anything.
        """
        own = self._passages[row].all_words
        held = max(coverage.covered([*own, *self._words[position]]) for position in positions)
        return held - coverage.covered(own)

    def _likeness(self, position: int, asked: set[str], coverage: QueryCoverage) -> float:
        taught = self._coverages[position]
        if not taught.total:  # nothing but stop words
            return 0.0
        of_query = coverage.covered(self._words[position]) / coverage.total
        return of_query * taught.covered(asked) / taught.total


def _asked_words(units: Sequence[tuple[Unit, float]]) -> set[str]:
    """Return a query's words, and what the misspelt ones of them were meant to be."""
    meant = (o.words for unit, _ in units for o in unit.alternatives if o.why == "typo")
    return {word for words in (*(unit.words for unit, _ in units), *meant) for word in words}
