"""Find the rows with the k largest weighted sums of impacts, exactly, without scoring every row.

The bounds are those of MaxScore (Turtle & Flood 1995) and of block-max indexes (Ding & Suel 2011),
in steps that suit arrays:

1. The postings of the rare terms are read and added up by row. If there are no frequent terms,
   these sums are the scores.
2. The best of these rows are scored in full. The k-th score found is the threshold: no row below it
   can be among the k best. For each of the other rows the levels of the frequent terms, which
   bound their impacts, are added to its sum. The rows that reach the threshold are scored.
3. If the frequent terms alone can reach the threshold, their bounds are added up by block of rows.
   In the blocks that can reach the threshold their levels are added up by row, and the rows that
   can reach it are scored.

When many rows are left, the rows with the largest bounds are scored first, to raise the threshold.
"""

from dataclasses import dataclass, field

import numpy as np

from index.arrays import Rows, Scores
from index.lexical.block_bounds import BLOCK_ROWS, Flags
from index.lexical.impact_list import ImpactList
from index.lexical.sum_bounds import Numbers, SumBounds, Sums

# At least this many rows are scored to raise the threshold; each row and list costs some 0.3 us.
_LIKELY = 32
# Up to this many rows are all scored at once.
SCORE_ALL_BELOW = 64
# If more blocks than this are left, rows of some of the best blocks are scored first to raise the
# threshold, about one block of each group.
RAISE_ABOVE_BLOCKS, _LIKELY_BLOCKS, _GROUP_BLOCKS = 1024, 48, 64

_NO_ROWS: Rows = np.empty(0, dtype=np.int32)
_NO_SCORES: Scores = np.empty(0)


def top_k(lists: list[ImpactList], k: int) -> tuple[Rows, Scores]:
    """Return the k rows with the largest sums of weighted impacts, as if all rows were scored.

    Args:
        lists: The lists of distinct terms; the sums are added up in this order.
        k: The number of rows; below 1 returns empty arrays.

    Returns:
        Rows and float64 scores, by falling score, ties by row; fewer than k if all lists
        together hold fewer rows.
    """
    if not lists or k < 1:
        return _NO_ROWS, _NO_SCORES
    frequent = [postings for postings in lists if postings.blocks is not None]
    rows, scores = add_up([postings for postings in lists if postings.blocks is None])
    if frequent:
        rows, scores = _search(lists, SumBounds(frequent), rows, scores, k)
    if len(rows) > SCORE_ALL_BELOW + k:
        kept = (scores >= _kth(scores, k)).nonzero()[0]
        rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]


def add_up(lists: list[ImpactList]) -> tuple[Rows, Scores]:
    """Return the rows of some lists, ascending, and their sums, in the order of the lists."""
    if not lists:
        return _NO_ROWS, _NO_SCORES
    if len(lists) == 1:
        return lists[0].rows, lists[0].scores()
    rows = np.concatenate([postings.rows for postings in lists])
    scores = np.concatenate([postings.scores() for postings in lists])
    # The stable sort only merges what is sorted, and keeps the order of the lists.
    order = rows.argsort(kind="stable")
    rows = rows[order]
    new = _run_starts(rows)
    sums = np.bincount(new.cumsum() - 1, scores[order]).astype(np.float64, copy=False)
    return rows[new], sums


def _search(
    lists: list[ImpactList], bounds: SumBounds, rows: Rows, sums: Scores, k: int
) -> tuple[Rows, Scores]:
    """Return rows that include the k best, and their scores.

    Args:
        lists: All lists.
        bounds: The bounds of the frequent terms.
        rows: The rows of the rare terms, ascending.
        sums: The sum of the rare terms for each of `rows`.
        k: The number of rows.
    """
    found = _ScoredRows(lists, k)
    left = found.score_likely(rows, sums, bounds.max_sum)
    rows, sums = rows[left], sums[left]
    by_block = bounds.by_block() if bounds.max_sum >= found.threshold else None
    if by_block is not None:
        left = (sums + by_block[rows // BLOCK_ROWS] * bounds.unit >= found.threshold).nonzero()[0]
        rows, sums = rows[left], sums[left]
    found.score_reaching(rows, sums + bounds.at(rows))
    if by_block is not None and bounds.max_sum >= found.threshold:
        _scan(found, bounds, by_block)
    return found.distinct() if found.threshold > 0 else add_up(lists)


@dataclass(slots=True)
class _ScoredRows:
    """The fully scored rows, and a lower bound of the k-th best score: the threshold.

    The threshold is 0 until one call has scored at least k rows.
    """

    lists: list[ImpactList]
    k: int
    threshold: float = 0.0
    _rows: list[Rows] = field(default_factory=list)
    _scores: list[Scores] = field(default_factory=list)

    def score(self, rows: Rows) -> None:
        """Score some distinct rows."""
        scores = np.zeros(len(rows))
        for postings in self.lists:
            scores += postings.scores_at(rows)
        self._rows.append(rows)
        self._scores.append(scores)
        if len(rows) >= self.k:
            self.threshold = max(self.threshold, _kth(scores, self.k) - _slack(self.lists))

    def score_likely(
        self, rows: Rows, priority: Scores | Sums, margin: float = 0.0, times: int = 1
    ) -> Numbers:
        """Score the rows of the highest priority.

        Args:
            rows: Distinct rows.
            priority: A score or bound of each row; the largest are scored.
            margin: How far the priority can lie below the score.
            times: How many times the usual number of rows to score.

        Returns:
            The positions in `rows` of the other rows that can reach the threshold.
        """
        count = max(_LIKELY, 2 * self.k) * times
        if len(rows) <= count:
            self.score(rows)
            return np.empty(0, dtype=np.intp)
        positions = priority.argpartition(-count)
        self.score(rows[positions[-count:]])
        others = positions[:-count]
        return others[priority[others] >= self.threshold - margin]

    def score_reaching(self, rows: Rows, bounds: Scores) -> None:
        """Score the rows whose bounds reach the threshold."""
        left = (bounds >= self.threshold).nonzero()[0]
        times = 1
        while len(left) > SCORE_ALL_BELOW:
            rows, bounds = rows[left], bounds[left]
            left = self.score_likely(rows, bounds, times=times)
            times *= 2  # many equal rows can keep the threshold below their bounds
        if len(left):
            self.score(rows[left])

    def distinct(self) -> tuple[Rows, Scores]:
        """Return the rows, ascending, and their scores."""
        rows, scores = np.concatenate(self._rows), np.concatenate(self._scores)
        order = rows.argsort()
        rows = rows[order]
        new = _run_starts(rows)
        return rows[new], scores[order[new]]


def _scan(found: _ScoredRows, bounds: SumBounds, by_block: Sums) -> None:
    """Score the rows that can reach the threshold by the frequent terms alone."""
    blocks = _reaching(by_block, bounds.in_units(found.threshold))
    if len(blocks) > RAISE_ABOVE_BLOCKS:
        likely = _likely_blocks(by_block)
        rows, sums = _rows_of(likely, bounds.in_blocks(likely), 1)
        found.score_likely(rows, sums)
        blocks = _reaching(by_block, bounds.in_units(found.threshold))
    rows, sums = _rows_of(blocks, bounds.in_blocks(blocks), bounds.in_units(found.threshold))
    found.score_reaching(rows, sums * np.float64(bounds.unit))


def _reaching(by_block: Sums, least: int) -> Numbers:
    return (by_block >= least).nonzero()[0]


def _likely_blocks(by_block: Sums) -> Numbers:
    """Return some blocks with high bounds, ascending."""
    groups = len(by_block) // _GROUP_BLOCKS
    # The best of a group is found by whole arrays: group g has blocks g, g + groups, ...
    best = by_block[: groups * _GROUP_BLOCKS].reshape(_GROUP_BLOCKS, groups).max(axis=0)
    return _reaching(by_block, int(_kth(best, _LIKELY_BLOCKS)))


def _rows_of(blocks: Numbers, sums: Sums, least: int) -> tuple[Rows, Sums]:
    """Return the rows of some blocks whose sums are at least `least`, and these sums."""
    positions = (sums >= least).nonzero()[0]
    rows = blocks[positions // BLOCK_ROWS] * BLOCK_ROWS + positions % BLOCK_ROWS
    return rows.astype(np.int32), sums[positions]


def _slack(lists: list[ImpactList]) -> float:
    """Return an upper bound of the rounding error of a sum of the lists' impacts or its bound."""
    return (len(lists) + 8) * 2.0**-50 * sum(postings.max_impact for postings in lists)


def _kth(scores: Scores | Sums, k: int) -> float:
    """Return the k-th largest score, or 0 if there are fewer."""
    return float(np.partition(scores, -k)[-k]) if len(scores) >= k else 0.0


def _run_starts(rows: Rows) -> Flags:
    """Return a flag for each of some sorted rows: whether it differs from the one before."""
    new = np.empty(len(rows), dtype=np.bool_)
    new[:1] = True
    np.not_equal(rows[1:], rows[:-1], out=new[1:])
    return new
