"""BM25 scores of passages, by rank_bm25."""

import math

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

# Robertson & Zaragoza 2009 recommend k1 from 1.2 to 2 and b from 0.5 to 0.8. On SQuAD and XQuAD
# 24 combinations in that range lie within 2 points of each other.
K1 = 1.2
B = 0.75


Rows = npt.NDArray[np.intp]
Scores = npt.NDArray[np.float64]

_NO_ROWS: Rows = np.empty(0, dtype=np.intp)
_NO_SCORES: Scores = np.empty(0)


class BM25Index:
    """Scores of a fixed list of term lists against a query's terms.

    Row `i` of every result belongs to the i-th list given. Threads may share it.
    """

    def __init__(self, term_lists: list[list[str]], *, k1: float = K1, b: float = B) -> None:
        self._n_rows = len(term_lists)
        # rank_bm25 divides by the number of terms and of lists, so it is never given none.
        self._okapi = _PositiveOkapi(term_lists, k1=k1, b=b) if any(term_lists) else None
        self._rows_with_term = _rows_by_term(term_lists)
        self._term_scores: dict[str, Scores] = {}

    def __contains__(self, term: str) -> bool:
        """Say whether any list holds the term."""
        return term in self._rows_with_term

    def information(self, term: str) -> float:
        """Return how much a term tells of a row: Lucene's idf, above 0, largest if unknown."""
        return _positive_idf(self._n_rows, len(self._rows_with_term.get(term, ())))

    def term_scores(self, term: str) -> tuple[Rows, Scores]:
        """Score the rows that hold a term.

        Returns:
            The rows, ascending, and their scores, float64, of the same length. A row that is not
            named scores 0. No unit, not comparable between queries; 0 or more: a term in exactly
            half of the rows scores 0, so the score is no test for a match.

        Source:
            Okapi BM25, Robertson & Zaragoza 2009; idf and its floor as in rank_bm25 0.2.2. A
            query's score is the sum of its terms' scores.
        """
        rows = self._rows_with_term.get(term)
        if rows is None or self._okapi is None:
            return _NO_ROWS, _NO_SCORES
        if term not in self._term_scores:
            scores = np.asarray(self._okapi.get_batch_scores([term], rows), dtype=np.float64)
            self._term_scores[term] = scores
        return rows, self._term_scores[term]

    def scores(self, query_terms: list[str]) -> Scores:
        """Score every row against a query.

        Args:
            query_terms: Repeats count, may be empty.

        Returns:
            float64 array, shape (n_rows,): the sum of the terms' scores.
        """
        scores = np.zeros(self._n_rows)
        for term in query_terms:
            rows, added = self.term_scores(term)
            scores[rows] += added
        return scores


class _PositiveOkapi(BM25Okapi):  # type: ignore[misc]  # rank_bm25 ships no types
    """rank_bm25's Okapi, except where its idf would reward a passage for not matching.

    rank_bm25 lifts negative idf values to a quarter of the average idf. In a tiny corpus, where
    most terms stand in half of the passages or more, that average itself is 0 or negative: the
    one passage of a corpus scores below 0 for its own words. Only there the idf is Lucene's,
    ln(1 + (N - df + 0.5) / (df + 0.5)), which is always above 0.
    """

    def _calc_idf(self, nd: dict[str, int]) -> None:
        super()._calc_idf(nd)
        if self.average_idf > 0:
            return
        for term, df in nd.items():
            self.idf[term] = _positive_idf(self.corpus_size, df)


def _positive_idf(n_rows: int, df: int) -> float:
    return math.log1p((n_rows - df + 0.5) / (df + 0.5))


def _rows_by_term(term_lists: list[list[str]]) -> dict[str, Rows]:
    rows: dict[str, list[int]] = {}
    for row, terms in enumerate(term_lists):
        for term in dict.fromkeys(terms):
            rows.setdefault(term, []).append(row)
    return {term: np.array(found, dtype=np.intp) for term, found in rows.items()}
