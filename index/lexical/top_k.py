"""Find the best rows of a weighted sum of impacts, exactly, without scoring every row.

The bounds are those of MaxScore (Turtle & Flood 1995) and of block-max indexes (Ding & Suel 2011),
in steps that suit arrays:

1. The postings of the rare terms are read and added up by row. Without other terms that is all.
2. The best of these rows are scored in full. The k-th score found is a floor: no row below it is
   wanted. To each of the others the levels of the frequent terms are added, which bound their
   impacts; the rows that reach the floor are scored.
3. Only if the frequent terms alone can reach the floor, their bounds are added up by block of rows.
   In the blocks that can reach the floor their levels are added up by row, and the rows that can
   are scored.

Wherever many rows are left, the most promising of them are scored first, to raise the floor.
"""

from dataclasses import dataclass, field

import numpy as np

from index.arrays import Rows, Scores
from index.lexical.block_bounds import BLOCK_ROWS, Flags
from index.lexical.impact_list import ImpactList
from index.lexical.sum_bounds import Bounds, Numbers, Sums

# How many rows are scored to raise the floor, at least; a row and list cost some 0.3 us.
_LIKELY = 32
# So few rows are scored at once.
SCORE_ALL_BELOW = 64
# More blocks than this first raise the floor by rows of some of the best blocks, one or so of each
# group of blocks.
RAISE_ABOVE_BLOCKS, _LIKELY_BLOCKS, _GROUP_BLOCKS = 1024, 48, 64

_NO_ROWS: Rows = np.empty(0, dtype=np.int32)
_NO_SCORES: Scores = np.empty(0)


def top_k(lists: list[ImpactList], k: int) -> tuple[Rows, Scores]:
    """Return the k rows with the largest sums of weighted impacts, as scoring all rows would.

    Args:
        lists: Of distinct terms; the sums are added up in their order.
        k: How many.

    Returns:
        Rows and float64 scores, by falling score, equal ones by row; fewer than k if fewer rows
        are in any list.
    """
    if not lists or k < 1:
        return _NO_ROWS, _NO_SCORES
    frequent = [postings for postings in lists if postings.blocks is not None]
    rows, scores = add_up([postings for postings in lists if postings.blocks is None])
    if frequent:
        rows, scores = _search(lists, Bounds(frequent), rows, scores, k)
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
    new = _beginnings(rows)
    sums = np.bincount(new.cumsum() - 1, scores[order]).astype(np.float64, copy=False)
    return rows[new], sums


def _search(
    lists: list[ImpactList], bounds: Bounds, rows: Rows, sums: Scores, k: int
) -> tuple[Rows, Scores]:
    """Return rows among which are the k best, and their scores.

    Args:
        lists: All lists.
        bounds: Those of the frequent terms.
        rows: The rows of the rare terms.
        sums: And their sums.
        k: How many.
    """
    found = _Found(lists, k)
    left = found.score_likely(rows, sums, bounds.most)
    rows, sums = rows[left], sums[left]
    by_block = bounds.by_block() if bounds.most >= found.floor else None
    if by_block is not None:
        left = (sums + by_block[rows // BLOCK_ROWS] * bounds.unit >= found.floor).nonzero()[0]
        rows, sums = rows[left], sums[left]
    found.score_reaching(rows, sums + bounds.at(rows))
    if by_block is not None and bounds.most >= found.floor:
        _scan(found, bounds, by_block)
    return found.distinct() if found.floor > 0 else add_up(lists)


@dataclass(slots=True)
class _Found:
    """The rows that were scored in full, and the floor below which no row is wanted.

    It is 0 until k rows were scored at once.
    """

    lists: list[ImpactList]
    k: int
    floor: float = 0.0
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
            self.floor = max(self.floor, _kth(scores, self.k) - _slack(self.lists))

    def score_likely(
        self, rows: Rows, promise: Scores | Sums, margin: float = 0.0, times: int = 1
    ) -> Numbers:
        """Score the most promising rows.

        Args:
            rows: Distinct rows.
            promise: How much each of them promises.
            margin: How much the promise can fall short of the score.
            times: How many times the usual number of rows to score.

        Returns:
            The positions in `rows` of the others that can reach the floor.
        """
        count = max(_LIKELY, 2 * self.k) * times
        if len(rows) <= count:
            self.score(rows)
            return np.empty(0, dtype=np.intp)
        positions = promise.argpartition(-count)
        self.score(rows[positions[-count:]])
        others = positions[:-count]
        return others[promise[others] >= self.floor - margin]

    def score_reaching(self, rows: Rows, bounds: Scores) -> None:
        """Score the rows whose bounds reach the floor."""
        left = (bounds >= self.floor).nonzero()[0]
        times = 1
        while len(left) > SCORE_ALL_BELOW:
            rows, bounds = rows[left], bounds[left]
            left = self.score_likely(rows, bounds, times=times)
            times *= 2  # the floor may never rise above the bounds: many rows can be equal
        if len(left):
            self.score(rows[left])

    def distinct(self) -> tuple[Rows, Scores]:
        """Return the rows, ascending, and their scores."""
        rows, scores = np.concatenate(self._rows), np.concatenate(self._scores)
        order = rows.argsort()
        rows = rows[order]
        new = _beginnings(rows)
        return rows[new], scores[order[new]]


def _scan(found: _Found, bounds: Bounds, by_block: Sums) -> None:
    """Score the rows that can reach the floor by the frequent terms alone."""
    blocks = _reaching(by_block, bounds.in_units(found.floor))
    if len(blocks) > RAISE_ABOVE_BLOCKS:
        likely = _likely_blocks(by_block)
        rows, sums = _rows_of(likely, bounds.in_blocks(likely), 1)
        found.score_likely(rows, sums)
        blocks = _reaching(by_block, bounds.in_units(found.floor))
    rows, sums = _rows_of(blocks, bounds.in_blocks(blocks), bounds.in_units(found.floor))
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
    """Return those rows of some blocks whose sums are no less, and the sums."""
    positions = (sums >= least).nonzero()[0]
    rows = blocks[positions // BLOCK_ROWS] * BLOCK_ROWS + positions % BLOCK_ROWS
    return rows.astype(np.int32), sums[positions]


def _slack(lists: list[ImpactList]) -> float:
    """Return more than rounding can change in a sum of the lists' impacts, or in its bound."""
    return (len(lists) + 8) * 2.0**-50 * sum(postings.most for postings in lists)


def _kth(scores: Scores | Sums, k: int) -> float:
    """Return the k-th largest score, or 0 if there are fewer."""
    return float(np.partition(scores, -k)[-k]) if len(scores) >= k else 0.0


def _beginnings(rows: Rows) -> Flags:
    """Tell where another row begins, in sorted rows."""
    new = np.empty(len(rows), dtype=np.bool_)
    new[:1] = True
    np.not_equal(rows[1:], rows[:-1], out=new[1:])
    return new
