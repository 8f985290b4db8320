"""Find the best rows of a weighted sum of impacts, exactly, without scoring every row.

The method is that of the threshold algorithm (Fagin, Lotem & Naor 2003) with bounds as in MaxScore
(Turtle & Flood 1995), in steps that suit arrays:

1. The best rows of the most telling lists are scored in full. The k-th score among them is a
   floor: no row below it is wanted.
2. Each list is read from its largest impact on, only so deep that what is left unread of all the
   lists, their bounds added up, stays under the floor. Then every wanted row was read somewhere.
3. What was read is added up by row, as excess over the lists' bounds, so that one sum and the
   bounds tell how much a row can reach at most. Those under the floor are dropped.
4. The others are looked up in one list after the other, and dropped as soon as they cannot reach
   the floor; the few left over are scored in full, in the order of the lists.

Sums that only prune are float32; `_slack` covers their rounding, and that of any order of adding.
"""

import threading
from dataclasses import dataclass

import numpy as np

from index.engine.impact_list import ImpactList, Impacts, Rows, Scores

# The numbers below are from 1,000 queries over 1,000,000 made-up passages (the collection of
# tests/benchmarks/queries.py), November 2026. None is sharp: seeds from 64 to 256, shares from 1/16
# to 1/128 and refining above 2,048 or 8,192 differ by less than the machine's noise; refining above
# 512 and finishing below 16 or 48 are slower.

# With so few postings in all, scoring them all is quickest.
SCORE_ALL_BELOW = 1024
# From so many rows the first floor is taken, and at most so many from one longer list.
_SEEDS, _SEEDS_PER_LIST = 128, 32
# More candidates than this first raise the floor by scoring so many of them in full.
REFINE_ABOVE, _REFINE_WITH = 4096, 64
# The bounds of what is left unread may reach this share of the floor. Anything up to 1 is exact;
# reading a little more leaves fewer candidates to look up.
_UNREAD_SHARE = 0.9
# So few candidates are scored in full at once.
FINISH_BELOW = 128
# A list whose column is to be read for more than this share of the rows is read as a column.
WHOLE_COLUMN_SHARE = 1 / 32
# How many postings a fall of the bounds by all of their sum may cost, from little to anything.
_PRICES = 2.0 ** np.arange(8, 28)[:, np.newaxis, np.newaxis]

_NO_ROWS: Rows = np.empty(0, dtype=np.int32)

_local = threading.local()


def top_k(lists: list[ImpactList], layer_sizes: Scores, n_rows: int, k: int) -> tuple[Rows, Scores]:
    """Return the k rows with the largest sums of weighted impacts, as scoring all rows would.

    Args:
        lists: Of distinct terms; the sums are added up in their order.
        layer_sizes: How many postings each layer of the longer lists goes deep: 0, then growing.
        n_rows: Every row is below it.
        k: How many.

    Returns:
        Rows and float64 scores, by falling score, equal ones by row; fewer than k if fewer rows
        are in any list.
    """
    if not lists or k < 1:
        return _NO_ROWS, np.empty(0)
    rows = _wanted_rows(lists, layer_sizes, n_rows, k)
    scores = _score(lists, rows)
    if len(rows) > k:
        kept = np.flatnonzero(scores >= _kth(scores, k))
        rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]


def _wanted_rows(lists: list[ImpactList], layer_sizes: Scores, n_rows: int, k: int) -> Rows:
    """Return rows, ascending, among which are the k best."""
    if len(lists) == 1:
        # Among equal impacts the best list is ordered by row, so its beginning is the answer.
        return np.sort(lists[0].best(k)[0])
    if sum(len(postings.rows) for postings in lists) > SCORE_ALL_BELOW:
        seeds = _seeds(lists, k)
        floor = _kth(_score(lists, seeds), k) - _slack(lists)
        if floor > 0:
            reading = _choose_reading(lists, layer_sizes, n_rows, floor)
            candidates = _read(reading, n_rows, floor)
            return _narrow(lists, reading, candidates, floor, k)
    return _distinct(np.concatenate([postings.rows for postings in lists]))


def _seeds(lists: list[ImpactList], k: int) -> Rows:
    """Return rows that probably score high, at least k if a list is that long."""
    parts: list[Rows] = []
    for postings in sorted(lists, key=lambda postings: postings.most, reverse=True):
        parts.append(postings.best(max(_SEEDS_PER_LIST, k))[0])
        if sum(map(len, parts)) >= max(_SEEDS, 2 * k):
            break
    return _distinct(np.concatenate(parts))


@dataclass(frozen=True, slots=True)
class _Part:
    """What is read of a list: so many of its best postings, or its column.

    No unread posting's weighted impact is above `bound`.
    """

    postings: ImpactList
    count: int
    bound: float
    whole_column: bool


def _choose_reading(
    lists: list[ImpactList], layer_sizes: Scores, n_rows: int, floor: float
) -> list[_Part]:
    """Choose how deep to read each list: few postings, with the bounds together under the floor.

    For a given price of the bounds each list has its own best depth; the lowest price that brings
    the sum under the floor is taken.
    """
    lines = np.arange(len(lists))
    bounds = np.zeros((len(lists), len(layer_sizes)))
    counts = np.empty_like(bounds)
    for line, postings in enumerate(lists):
        bounds[line, 0] = postings.most
        if postings.bounds is None:
            counts[line] = len(postings.rows)
            counts[line, 0] = 0
        else:
            np.multiply(postings.bounds, postings.weight, out=bounds[line, 1:])
            np.minimum(layer_sizes, len(postings.rows), out=counts[line])
    prices = _PRICES / bounds[:, 0].sum()
    depths = (bounds * prices + counts).argmin(axis=2)
    enough = bounds[lines, depths].sum(axis=1) < floor * _UNREAD_SHARE
    depth = depths[enough.argmax()] if enough.any() else np.full(len(lists), len(layer_sizes) - 1)
    most_read = n_rows * WHOLE_COLUMN_SHARE
    parts = []
    for postings, count, bound in zip(
        lists, counts[lines, depth].tolist(), bounds[lines, depth].tolist(), strict=True
    ):
        whole = postings.column is not None and count > most_read
        parts.append(_Part(postings, int(count), 0.0 if whole else bound, whole))
    return parts


def _read(reading: list[_Part], n_rows: int, floor: float) -> tuple[Rows, Scores]:
    """Read the lists and return each row that may reach the floor, and how much it may reach.

    A row may come more than once.
    """
    unread = sum(part.bound for part in reading)
    needed = floor - unread
    excess = _borrow_zeros(n_rows)
    parts = []
    for part in reading:
        if part.whole_column and part.postings.column is not None:
            excess += part.postings.column * np.float32(part.postings.weight)
        elif part.count:
            rows, impacts = part.postings.best(part.count)
            excess[rows] += impacts * np.float32(part.postings.weight) - np.float32(part.bound)
            parts.append(rows)
    if any(part.whole_column for part in reading):
        rows = np.flatnonzero(excess >= needed).astype(np.int32)
        most = excess[rows]
        excess.fill(0)
    else:
        rows = np.concatenate(parts)
        most = excess[rows]
        kept = np.flatnonzero(most >= needed)
        rows, most = rows[kept], most[kept]
        for read in parts:
            excess[read] = 0
    _give_back(excess)
    return rows, most + np.float64(unread)


def _narrow(
    lists: list[ImpactList],
    reading: list[_Part],
    candidates: tuple[Rows, Scores],
    floor: float,
    k: int,
) -> Rows:
    """Drop the candidates that turn out to stay under the floor."""
    rows, most = candidates
    if len(rows) > REFINE_ABOVE:
        count = min(len(rows), max(_REFINE_WITH, 2 * k))
        likely = _distinct(rows[np.argpartition(most, -count)[-count:]])
        floor = max(floor, _kth(_score(lists, likely), k) - _slack(lists))
        kept = np.flatnonzero(most >= floor)
        rows, most = rows[kept], most[kept]
    # Columns first, the one with most to lose before the others; then lists, the shortest first.
    unsure = [part for part in reading if part.bound > 0]
    unsure.sort(key=_lookup_order)
    ascending = False
    for part in unsure:
        if len(rows) <= FINISH_BELOW:
            break
        if part.postings.column is None and not ascending:
            # Of a row's copies one at least gets its whole impact below, and that will do.
            order = np.argsort(rows)
            rows, most, ascending = rows[order], most[order], True
        # Where a posting was read its impact is above the bound and in the sum already.
        change = np.full(len(rows), -part.bound)
        part.postings.add_to(change, rows)
        most += np.minimum(change, 0, out=change)
        kept = np.flatnonzero(most >= floor)
        rows, most = rows[kept], most[kept]
    return _distinct(rows)


def _lookup_order(part: _Part) -> tuple[bool, float]:
    sparse = part.postings.column is None
    return sparse, len(part.postings.rows) if sparse else -part.bound


def _score(lists: list[ImpactList], rows: Rows) -> Scores:
    scores = np.zeros(len(rows))
    for postings in lists:
        postings.add_to(scores, rows)
    return scores


def _slack(lists: list[ImpactList]) -> float:
    """Return twice what rounding can change in a float32 sum of the lists' impacts."""
    return (len(lists) + 3) * 2.0**-23 * sum(postings.most for postings in lists)


def _kth(scores: Scores, k: int) -> float:
    """Return the k-th largest score, or 0 if there are fewer."""
    return float(np.partition(scores, -k)[-k]) if len(scores) >= k else 0.0


def _distinct(rows: Rows) -> Rows:
    rows = np.sort(rows)
    new = np.empty(len(rows), dtype=np.bool_)
    new[:1] = True
    np.not_equal(rows[1:], rows[:-1], out=new[1:])
    return rows[new]


def _borrow_zeros(n_rows: int) -> Impacts:
    """Return this thread's array of zeros; making one for each query would touch every row.

    It is given back as zeros. After an error it is not, and the next query makes another.
    """
    zeros: Impacts | None = getattr(_local, "zeros", None)
    _local.zeros = None
    if zeros is None or len(zeros) != n_rows:
        return np.zeros(n_rows, dtype=np.float32)
    return zeros


def _give_back(zeros: Impacts) -> None:
    _local.zeros = zeros
