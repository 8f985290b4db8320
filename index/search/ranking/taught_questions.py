"""Document expansion: passages are also found by the questions that people taught to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.analysis.terms import extract_words
from index.arrays import Rows, Scores, Vectors, union
from index.lexical.fields import LexicalIndex
from index.passages.lookup import PassageLookup
from index.passages.passage import PassageRef
from index.passages.passage_file import PassageLines
from index.search.ranking.query_coverage import QueryCoverage
from index.search.ranking.units import Unit
from index.vectors.similarity import QuerySimilarity, VectorIndex


@dataclass(frozen=True, slots=True)
class TaughtQuestion:
    """A question that a passage answers, as somebody who knows the texts said.

    Attributes:
        question: The text of the question.
        passage: The passage; if its text has changed, the question is ignored.
    """

    question: str
    passage: PassageRef


@dataclass(frozen=True, slots=True)
class Boost:
    """The boost of a passage by its taught questions, for one query.

    Attributes:
        gain: How much of the query the best taught question covers beyond the passage's own
            words; in the unit of `QueryCoverage.total`.
        likeness: How alike the query and the best taught question are, 0 to 1: the share of the
            query that the question covers times the share of the question that the query covers.
        cosine: The largest cosine of the query and a taught question; -1 without vectors.
    """

    gain: float
    likeness: float
    cosine: float


@dataclass(frozen=True, slots=True)
class Boosts:
    """The rows that are ranked for one query, and their boosts by taught questions.

    Attributes:
        by_row: The boost of each boosted row.
        rows: All rows that are ranked, ascending.
        unaided: bool for each of `rows`: whether the row is also ranked without taught questions.
    """

    by_row: Mapping[int, Boost]
    rows: Rows
    unaided: npt.NDArray[np.bool_]

    @classmethod
    def among(cls, found: Rows, by_row: Mapping[int, Boost]) -> "Boosts":
        """Add the boosted rows to the rows that were found without taught questions."""
        if not by_row:
            return cls(by_row, found, np.ones(len(found), dtype=np.bool_))
        rows = union([found, np.array([*by_row], dtype=np.int32)])
        return cls(by_row, rows, np.isin(rows, found))

    def is_boosted(self) -> npt.NDArray[np.bool_]:
        """Return a bool for each of `rows`: whether it is boosted."""
        return np.isin(self.rows, [*self.by_row])

    def only(self, kept: npt.NDArray[np.bool_]) -> "Boosts":
        """Return the boosts of a selection of rows, which includes all boosted rows."""
        return Boosts(self.by_row, self.rows[kept], self.unaided[kept])

    def words(self, of_gain: float, of_likeness: float) -> Scores:
        """Return the addition to each row's word score: a weighted sum of its gain and likeness."""
        return self._spread(
            {row: of_gain * r.gain + of_likeness * r.likeness for row, r in self.by_row.items()},
            0.0,
        )

    def nearest(self, of_lines: Scores) -> Scores:
        """Return the larger cosine of each row: that of its line or its taught questions."""
        cosines = {row: r.cosine for row, r in self.by_row.items()}
        return np.maximum(of_lines, self._spread(cosines, -np.inf))

    def _spread(self, values: Mapping[int, float], other: float) -> Scores:
        spread = np.full(len(self.rows), other)
        spread[np.searchsorted(self.rows, [*values])] = [*values.values()]
        return spread


def bind(taught: Iterable[TaughtQuestion], lookup: PassageLookup) -> list[tuple[int, str]]:
    """Return row and text of each taught question, in order; skip those whose passage changed."""
    questions = list(dict.fromkeys(taught))
    lookup.read_ahead(one.passage for one in questions)
    rows = ((lookup.row_of(one.passage), one.question) for one in questions)
    return [(row, question) for row, question in rows if row is not None]


class BoundQuestions:
    """The questions taught to the passages of one index. Threads may share it."""

    def __init__(
        self,
        bound: Sequence[tuple[int, str]],
        passages: PassageLines,
        lexical: LexicalIndex,
        vector_index: VectorIndex | None,
    ) -> None:
        """Bind questions to rows; their vectors are encoded at the first query."""
        self._rows = [row for row, _ in bound]
        self._texts = [text for _, text in bound]
        read_in = lexical.languages.of_question
        self._words = [
            tuple(dict.fromkeys(extract_words(text, read_in(text)))) for text in self._texts
        ]
        self._coverages = [
            QueryCoverage([(Unit((word,)), 1.0) for word in words], lexical)
            for words in self._words
        ]
        self._passages = passages
        self._vector_index = vector_index
        self._lexical = lexical
        self._stems = {
            key for words in self._words for word in words for key in lexical.keys(word)[0]
        }
        self._by_key: dict[str, list[int]] = {}
        for position, words in enumerate(self._words):
            for key in {key for word in words for kind in lexical.keys(word) for key in kind}:
                self._by_key.setdefault(key, []).append(position)
        self._vectors: Vectors | None = None

    def knows(self, word: str) -> bool:
        """Return whether a taught question holds the word or another form of it."""
        return not self._stems.isdisjoint(self._lexical.keys(word)[0])

    def boosts(
        self,
        units: Sequence[tuple[Unit, float]],
        coverage: QueryCoverage,
        similarity: QuerySimilarity | None,
    ) -> dict[int, Boost]:
        """Return the boost of each row with a taught question that shares a key or is near.

        Args:
            units: The units of the query, with the weights of their parts.
            coverage: The coverage of the query.
            similarity: The similarity of the query; None in the lexical tier.
        """
        if not self._rows:
            return {}
        touched = {
            position for key in coverage.all_keys() for position in self._by_key.get(key, ())
        }
        cosines = np.full(len(self._rows), -1.0)
        if similarity is not None:
            cosines = similarity.cosines(self._taught_vectors())
            # A taught question that is like the query needs no common word.
            close = cosines >= similarity.measures.alike
            touched.update(np.flatnonzero(close).tolist())
        of_rows: dict[int, list[int]] = {}
        for position in sorted(touched):
            of_rows.setdefault(self._rows[position], []).append(position)
        asked = _asked_words(units)
        return {
            row: Boost(
                self._gain(row, positions, coverage),
                max(self._likeness(position, asked, coverage) for position in positions),
                float(cosines[positions].max()),
            )
            for row, positions in of_rows.items()
        }

    def _taught_vectors(self) -> Vectors:
        assert self._vector_index is not None  # noqa: S101  # only called with a similarity
        if self._vectors is None:
            self._vectors = self._vector_index.vectors_of(self._texts)
        return self._vectors

    def _gain(self, row: int, positions: list[int], coverage: QueryCoverage) -> float:
        """Return the gain by the taught question that adds most.

        The words of all questions together would make a passage with many questions match
        anything.
        """
        own = self._passages[row].all_words
        held = max(coverage.covered([*own, *self._words[position]]) for position in positions)
        return held - coverage.covered(own)

    def _likeness(self, position: int, asked: set[str], coverage: QueryCoverage) -> float:
        taught = self._coverages[position]
        if not taught.total:  # only stop words
            return 0.0
        of_query = coverage.covered(self._words[position]) / coverage.total
        return of_query * taught.covered(asked) / taught.total


def _asked_words(units: Sequence[tuple[Unit, float]]) -> set[str]:
    """Return the words of a query, and the corrections of its typos."""
    meant = (o.words for unit, _ in units for o in unit.alternatives if o.kind == "typo")
    return {word for words in (*(unit.words for unit, _ in units), *meant) for word in words}
