"""BM25 scores of passages: rank_bm25's parameters and idf, kept in postings."""

import copy
import math
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

from index.arrays import RowRanges, Rows, Scores
from index.lexical.inversion import DEFAULT_BUDGET_BYTES, Chunk, Statistics, Weights, invert
from index.lexical.kept_postings import KeptPostings
from index.lexical.postings import Postings
from index.lexical.vocabulary import Vocabulary

# Robertson & Zaragoza 2009 recommend k1 from 1.2 to 2 and b from 0.5 to 0.8. On SQuAD and XQuAD
# 24 combinations in that range lie within 2 points of each other.
K1 = 1.2
B = 0.75

# The postings of a small collection stay in memory once they are read: some ten megabytes at most.
_MAX_REMEMBERED_ROWS = 1_000
_MAX_REMEMBERED_TERMS = 10_000

# An average idf below this is 0, apart from the rounding of its sum.
_NO_IDF = 1e-9

_NO_ROWS: Rows = np.empty(0, dtype=np.int32)
_NO_SCORES: Scores = np.empty(0)


class BM25Index:
    """Scores a fixed list of term lists against the terms of a query.

    Row `i` of every result belongs to the i-th list. Threads may share it.
    """

    def __init__(self, term_lists: list[list[str]], *, k1: float = K1, b: float = B) -> None:
        self._vocabulary = Vocabulary.from_terms(sorted({t for terms in term_lists for t in terms}))
        ids = {term: number for number, term in enumerate(self._vocabulary)}
        flat = np.array([ids[term] for terms in term_lists for term in terms], dtype=np.int32)
        lengths = np.array([len(terms) for terms in term_lists], dtype=np.int32)
        chunks = [(flat, lengths)]
        self._postings = build_postings(lambda: chunks, len(self._vocabulary), k1=k1, b=b)
        self._among: RowRanges | None = None
        self._add_caches()

    @classmethod
    def from_arrays(cls, vocabulary: Vocabulary, postings: Postings) -> "BM25Index":
        """Use existing arrays, which may be memory-mapped; nothing is read or copied."""
        bm25_index = cls.__new__(cls)
        bm25_index._vocabulary = vocabulary
        bm25_index._postings = postings
        bm25_index._among = None
        bm25_index._add_caches()
        return bm25_index

    def within(self, ranges: RowRanges) -> "BM25Index":
        """Return an index of some of the rows: no other is found or counted.

        Row numbers stay the same. Scores have the idf of these rows, and are normalised by the
        mean length of all.
        """
        view = copy.copy(self)
        view._among = ranges
        view._read = partial(_read_within, self._read, ranges)
        return view

    def _add_caches(self) -> None:
        """Cache the postings of a small collection; in a large one a term may take 1 MB."""
        remember = lru_cache(maxsize=_MAX_REMEMBERED_TERMS)
        self._id_of: Callable[[str], int | None] = remember(self._vocabulary.id_of)
        # Not a method: its cache would hold a reference to this object and keep it alive.
        self._read: Callable[[str], tuple[Rows, Scores]]
        self._read = partial(_read_postings, self._id_of, self._postings)
        if self._postings.n_rows <= _MAX_REMEMBERED_ROWS:
            self._id_of = dict(zip(self._vocabulary, range(len(self._vocabulary)), strict=True)).get
            self._read = remember(self._read)

    def __contains__(self, term: str) -> bool:
        """Return whether any list holds the term."""
        return self._df(term) > 0

    def idf(self, term: str) -> float:
        """Return a term's idf as in Lucene: always above 0, largest for an unknown term."""
        n_rows = self._postings.n_rows if self._among is None else len(self._among)
        return _positive_idf(n_rows, self._df(term))

    def term_scores(self, term: str) -> tuple[Rows, Scores]:
        """Score the rows that hold a term.

        Returns:
            The rows, ascending, and their scores, float64, of the same length. Other rows score 0.
            Scores are 0 or more, have no unit and are not comparable between queries. A term in
            exactly half of the rows scores 0, so a score of 0 does not mean that the term is
            missing.

        Source:
            Okapi BM25, Robertson & Zaragoza 2009; idf and its floor as in rank_bm25 0.2.2. A
            query's score is the sum of its terms' scores.
        """
        rows, scores = self._read(term)
        return (rows, scores) if self._among is None else (rows, scores * self._idf_ratio(term))

    def term_scores_at(self, term: str, rows: Rows) -> tuple[npt.NDArray[np.intp], Scores]:
        """Score the rows of a selection that hold a term.

        Args:
            term: The term.
            rows: The selected rows, ascending.

        Returns:
            The positions in `rows` of the rows that hold the term, ascending, and their scores as
            in `term_scores`.
        """
        term_id = self._id_of(term)
        if term_id is None or not self._postings.df(term_id):
            return np.empty(0, dtype=np.intp), _NO_SCORES
        held, impacts = self._postings.term(term_id)
        if len(held) < len(rows):  # the shorter list is looked up in the longer one
            positions = rows.searchsorted(held)
            found = np.flatnonzero(rows.take(positions, mode="clip") == held)
            positions = positions[found]
        else:
            found = held.searchsorted(rows)
            positions = np.flatnonzero(held.take(found, mode="clip") == rows)
            found = found[positions]
        return positions, impacts[found].astype(np.float64) * self._idf_ratio(term)

    @property
    def n_terms(self) -> int:
        """Number of distinct terms that any row holds."""
        return int(np.count_nonzero(np.diff(self._postings.offsets)))

    def commonest(self, n: int) -> list[str]:
        """Return the n terms of the highest df, ties in the order of their bytes."""
        df = np.diff(self._postings.offsets)
        best = np.argsort(-df, kind="stable")[:n]
        return [self._vocabulary.term(int(term)) for term in best if df[term]]

    def scores(self, query_terms: list[str]) -> Scores:
        """Score every row against a query.

        Args:
            query_terms: The terms; repeats count. May be empty.

        Returns:
            float64 array, shape (n_rows,): the sum of the terms' scores.
        """
        scores = np.zeros(self._postings.n_rows)
        for term in query_terms:
            rows, added = self.term_scores(term)
            scores[rows] += added
        return scores

    def top_k(self, weighted_terms: list[tuple[str, float]], k: int) -> tuple[Rows, Scores]:
        """Return the k best rows that hold any of the terms, and their scores.

        Args:
            weighted_terms: Terms with weights above 0; unknown terms are ignored, the weights of
                a repeated term add up.
            k: The number of rows; 0 or less returns empty arrays.

        Returns:
            Rows by falling score, ties by row; fewer than k if fewer rows match.
        """
        ids = [
            (self._id_of(term), weight * self._idf_ratio(term)) for term, weight in weighted_terms
        ]
        known = [(term_id, weight) for term_id, weight in ids if term_id is not None]
        return self._postings.top_k(known, k, self._among)

    def _idf_ratio(self, term: str) -> float:
        """Return the idf of a term in the rows that are searched, divided by that in all rows."""
        if self._among is None:
            return 1.0
        term_id = self._id_of(term)
        df = 0 if term_id is None else self._postings.df(term_id)
        return self.idf(term) / _positive_idf(self._postings.n_rows, df)

    def _df(self, term: str) -> int:
        if self._among is not None:
            return len(self._read(term)[0])
        term_id = self._id_of(term)
        return 0 if term_id is None else self._postings.df(term_id)


def _read_postings(
    id_of: Callable[[str], int | None], postings: Postings, term: str
) -> tuple[Rows, Scores]:
    term_id = id_of(term)
    if term_id is None:
        return _NO_ROWS, _NO_SCORES
    rows, impacts = postings.term(term_id)
    return rows, impacts.astype(np.float64)


def _read_within(
    read: Callable[[str], tuple[Rows, Scores]], ranges: RowRanges, term: str
) -> tuple[Rows, Scores]:
    return ranges.select(*read(term))


def build_postings(
    read_chunks: Callable[[], Iterable[Chunk]],
    n_terms: int,
    *,
    folder: Path | None = None,
    k1: float = K1,
    b: float = B,
    budget_bytes: int = DEFAULT_BUDGET_BYTES,
    ranked: bool = True,
    kept: KeptPostings | None = None,
) -> Postings:
    """Build the BM25 postings of a forward index; the arguments are those of `invert`."""
    compute_weights = partial(_compute_weights, k1=k1, b=b)
    return invert(
        read_chunks,
        n_terms,
        compute_weights,
        folder=folder,
        budget_bytes=budget_bytes,
        ranked=ranked,
        kept=kept,
    )


class _PositiveOkapi(BM25Okapi):  # type: ignore[misc]  # rank_bm25 ships no types
    """rank_bm25's Okapi over statistics, with Lucene's idf where its own would be negative.

    Its "corpus" is a `Statistics`, and it keeps no counts per row, because the postings have them.
    Terms of the same df have the same idf, so its words are the values of df: a large collection
    has a hundred times as many terms.

    rank_bm25 raises negative idf values to a quarter of the average idf. In a tiny corpus most
    terms occur in half of the passages or more, so the average itself is 0 or negative, and the
    only passage of a corpus would score below 0 for its own words. In this case the idf is that of
    Lucene, ln(1 + (N - df + 0.5) / (df + 0.5)), which is always above 0.
    """

    idf: dict[int, float]
    average_idf: float

    def _initialize(self, corpus: Statistics) -> dict[int, int]:
        """Return the number of terms of each df."""
        self.corpus_size = len(corpus.lengths)
        self.avgdl = int(corpus.lengths.sum(dtype=np.int64)) / self.corpus_size
        values, counts = np.unique(corpus.df[corpus.df > 0], return_counts=True)
        return dict(zip(values.tolist(), counts.tolist(), strict=True))

    def _calc_idf(self, nd: dict[int, int]) -> None:
        raw: dict[int, float] = {}
        for df in nd:
            self.idf = {}
            super()._calc_idf({df: df})
            raw[df] = self.average_idf  # of this df alone, so it has no floor
        average = sum(raw[df] * n_terms for df, n_terms in nd.items()) / sum(nd.values())
        floor = self.epsilon * average
        self.idf = {df: floor if idf < 0 else idf for df, idf in raw.items()}
        if average <= _NO_IDF:
            self.idf = {df: _positive_idf(self.corpus_size, df) for df in nd}


def _compute_weights(counted: Statistics, *, k1: float, b: float) -> Weights:
    # rank_bm25 divides by the number of terms and by the number of rows, so both must be above 0.
    if not counted.lengths.any():
        return Weights(np.zeros(len(counted.df)), np.zeros(len(counted.lengths)), k1)
    okapi = _PositiveOkapi(counted, k1=k1, b=b)
    idf_of_df = np.zeros(int(counted.df.max()) + 1)
    idf_of_df[list(okapi.idf)] = list(okapi.idf.values())
    norms = okapi.k1 * (1 - okapi.b + okapi.b * counted.lengths / okapi.avgdl)
    return Weights(idf_of_df[counted.df], norms, okapi.k1)


def _positive_idf(n_rows: int, df: int) -> float:
    return math.log1p((n_rows - df + 0.5) / (df + 0.5))
