"""Turn a forward index, read chunk by chunk, into postings on disk, in bounded memory."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from index.lexical.block_bounds import Impacts
from index.lexical.kept_postings import KeptPostings
from index.lexical.posting_writer import (
    ROW_BITS,
    ROW_MASK,
    Counts,
    PostingArrays,
    write_blocks,
)
from index.lexical.postings import MAX_TF, Postings

# The term ids of some rows, row by row, and the number of terms of each row.
Chunk = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]

DEFAULT_BUDGET_BYTES = 512 * 2**20

# The most memory that a token takes while its slice is sorted and scattered.
_BYTES_PER_TOKEN = 48

# Slices in memory at once: one for each worker that sorts, and one that is scattered.
_WORKERS = 2
_SLICES = _WORKERS + 1

# The part of the budget in which sorted slices are held.
_HELD_PART = 4

# Postings of a task for a thread: so few stay in the cache of a core while they are computed with,
# which takes half as long as with some millions.
_POSTINGS_PER_TASK = 2**17

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Statistics:
    """The statistics of a collection that BM25 needs.

    Attributes:
        df: int64, by term: the number of rows that hold it.
        lengths: int32, by row: the number of its terms, with repeats.
    """

    df: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Weights:
    """The factors of BM25 for a collection: idf * tf * (k1 + 1) / (tf + norm).

    Attributes:
        idf: float64, by term.
        norms: float64, by row: k1 * (1 - b + b * length / average length).
        k1: As in the formula.
    """

    idf: npt.NDArray[np.float64]
    norms: npt.NDArray[np.float64]
    k1: float


def invert(
    read_chunks: Callable[[], Iterable[Chunk]],
    n_terms: int,
    compute_weights: Callable[[Statistics], Weights],
    *,
    folder: Path | None = None,
    budget_bytes: int = DEFAULT_BUDGET_BYTES,
    ranked: bool = True,
    kept: KeptPostings | None = None,
) -> Postings:
    """Build the postings of a forward index, and of a former index if there is one.

    The chunks are read twice, once to count, once to write the postings, unless what is sorted fits
    into a part of the budget. In addition to the budget, some tens of bytes are needed for each row
    and term. With a folder the postings are memory-mapped files, whose pages the system writes out
    when it needs the memory.

    Args:
        read_chunks: Returns the same chunks, in row order, each time it is called. They may have
            any size, but one chunk is held in memory in addition to the budget.
        n_terms: Number of distinct terms; every id is below it.
        compute_weights: Gives the idf and norms for the counts.
        folder: An existing folder for the arrays, one .npy file each; None keeps them in memory.
        budget_bytes: The memory that sorting may take.
        ranked: Whether to write the bounds that make `Postings.top_k` fast.
        kept: Postings of a former index that go on; the rows of the chunks are its `added_rows`.

    Returns:
        The postings; with a folder, memory-mapped.

    Raises:
        OSError: A file cannot be written.
    """
    tokens_per_slice = max(1, budget_bytes // (_BYTES_PER_TOKEN * _SLICES))
    postings_per_task = min(tokens_per_slice, _POSTINGS_PER_TASK)
    arrays = PostingArrays(folder)
    with ThreadPoolExecutor(_WORKERS) as pool:
        slices = _SortedSlices(pool, read_chunks, tokens_per_slice, budget_bytes // _HELD_PART)
        statistics = read = slices.count(n_terms)
        if kept is not None:
            statistics = Statistics(read.df + kept.df, kept.all_lengths(read.lengths))
        weights = compute_weights(statistics)
        offsets = _make_postings(arrays, statistics.df)
        if kept is None:
            _scatter(slices.again(), arrays, offsets)
        else:
            added = PostingArrays(kept.scratch)
            added_offsets = _make_postings(added, read.df)
            _scatter(slices.again(), added, added_offsets)
            kept.merge(pool, added, added_offsets, arrays, offsets, postings_per_task)
            added.remove()
        arrays.make("lengths", np.int32, statistics.lengths.shape)[:] = statistics.lengths
        _compute_impacts(pool, arrays, offsets, weights, postings_per_task)
        write_blocks(pool, arrays, offsets, len(weights.norms), ranked=ranked)
    return arrays.postings()


def _make_postings(arrays: PostingArrays, df: Counts) -> Counts:
    """Make arrays for the rows and tf of the postings, and return where each term's begin."""
    offsets = np.concatenate(([0], np.cumsum(df)))
    arrays.make("offsets", np.int64, offsets.shape)[:] = offsets
    arrays.make("rows", np.int32, (int(offsets[-1]),))
    arrays.make("tf", np.uint16, (int(offsets[-1]),))
    return offsets


@dataclass(frozen=True, slots=True)
class _Slice:
    """Postings of some rows, sorted by term, then row.

    Attributes:
        terms: The distinct terms, ascending.
        starts: The position of each term's first posting, then the number of postings.
        rows, tf: The row and tf of each posting.
    """

    terms: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    tf: npt.NDArray[np.uint16]

    @property
    def n_bytes(self) -> int:
        """The size of the arrays."""
        return self.terms.nbytes + self.starts.nbytes + self.rows.nbytes + self.tf.nbytes


class _SortedSlices:
    """The sorted slices of a forward index, of which each is made by a thread of a pool."""

    def __init__(
        self,
        pool: ThreadPoolExecutor,
        read_chunks: Callable[[], Iterable[Chunk]],
        n_tokens: int,
        max_held_bytes: int,
    ) -> None:
        """Sort slices of `n_tokens`; up to `max_held_bytes` of them are sorted only once."""
        self._pool, self._read_chunks, self._n_tokens = pool, read_chunks, n_tokens
        self._max_held_bytes = max_held_bytes
        self._held: deque[_Slice] | None = deque()

    def count(self, n_terms: int) -> Statistics:
        """Return the statistics of all slices; call it first."""
        df = np.zeros(n_terms, dtype=np.int64)
        lengths = [np.empty(0, dtype=np.int32)]
        n_bytes = 0
        for part in self._sorted(lengths):
            df[part.terms] += np.diff(part.starts)
            n_bytes += part.n_bytes
            if n_bytes > self._max_held_bytes:
                self._held = None
            elif self._held is not None:
                self._held.append(part)
        return Statistics(df, np.concatenate(lengths))

    def again(self) -> Iterator[_Slice]:
        """Yield the slices; those that are held are given away."""
        if self._held is None:
            yield from self._sorted([])
        while self._held:
            yield self._held.popleft()

    def _sorted(self, seen_lengths: list[npt.NDArray[np.int32]]) -> Iterator[_Slice]:
        slices = _slices(self._read_chunks(), self._n_tokens, seen_lengths)
        return _bounded_map(self._pool, _sort, slices)


def _sort(piece: tuple[int, npt.NDArray[np.int32], npt.NDArray[np.int32]]) -> _Slice:
    """Sort the terms of some rows; `piece` is the first row, the term ids and the lengths."""
    first_row, ids, lengths = piece
    keys = ids.astype(np.int64)
    keys <<= ROW_BITS
    keys += np.repeat(np.arange(first_row, first_row + len(lengths)), lengths)
    keys.sort()
    run_starts = _run_starts(keys)
    tf = np.diff(run_starts, append=len(keys)).clip(max=MAX_TF).astype(np.uint16)
    keys = keys[run_starts]
    rows = (keys & ROW_MASK).astype(np.int32)
    keys >>= ROW_BITS
    starts = _run_starts(keys)
    return _Slice(keys[starts], np.append(starts, len(keys)), rows, tf)


def _run_starts(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the position of the first of each run of equal keys; the keys are sorted."""
    new = np.empty(len(keys), dtype=np.bool_)
    new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    return np.flatnonzero(new)


def _slices(
    chunks: Iterable[Chunk], n_tokens: int, seen_lengths: list[npt.NDArray[np.int32]]
) -> Iterator[tuple[int, npt.NDArray[np.int32], npt.NDArray[np.int32]]]:
    """Yield first row, ids and lengths of slices of about `n_tokens`; a row is never split."""
    first_row = 0
    held: list[Chunk] = []
    size = 0
    for ids, lengths in chunks:
        seen_lengths.append(lengths.astype(np.int32))
        ends = np.cumsum(lengths, dtype=np.int64)
        row = token = 0
        while row < len(lengths):
            room = token + n_tokens - size
            stop = max(int(np.searchsorted(ends, room, side="right")), row + (size == 0))
            end = int(ends[stop - 1]) if stop > row else token
            held.append((ids[token:end], lengths[row:stop]))
            size += end - token
            row, token = stop, end
            if row < len(lengths):
                yield _joined(first_row, held)
                first_row += sum(len(part) for _, part in held)
                held, size = [], 0
    if size:
        yield _joined(first_row, held)


def _joined(
    first_row: int, held: list[Chunk]
) -> tuple[int, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    ids, lengths = zip(*held, strict=True)
    return first_row, np.concatenate(ids), np.concatenate(lengths)


def _bounded_map(
    pool: ThreadPoolExecutor, work: Callable[[T], R], things: Iterable[T]
) -> Iterator[R]:
    """Yield the results in order; at most one call for each worker runs at a time."""
    running: deque[Future[R]] = deque()
    for thing in things:
        if len(running) == _WORKERS:
            yield running.popleft().result()
        running.append(pool.submit(work, thing))
    while running:
        yield running.popleft().result()


def _scatter(sorted_slices: Iterable[_Slice], arrays: PostingArrays, offsets: Counts) -> None:
    """Write every posting at its position."""
    filled = offsets[:-1].copy()
    for part in sorted_slices:
        counts = np.diff(part.starts)
        positions = np.repeat(filled[part.terms] - part.starts[:-1], counts)
        positions += np.arange(len(positions))
        arrays["rows"][positions] = part.rows
        arrays["tf"][positions] = part.tf
        filled[part.terms] += counts
        arrays.release()


def _compute_impacts(
    pool: ThreadPoolExecutor,
    arrays: PostingArrays,
    offsets: Counts,
    weights: Weights,
    n_postings: int,
) -> None:
    """Compute each posting's impact, and store the largest impact of each term.

    A task for a thread of the pool has `n_postings`.
    """
    arrays.make("impacts", np.float32, (int(offsets[-1]),))
    largest = arrays.make("largest", np.float32, (len(offsets) - 1,))

    def compute(start: int) -> tuple[npt.NDArray[np.intp], Impacts]:
        """Return the terms of some postings, and the largest impact of each among these."""
        stop = min(start + n_postings, int(offsets[-1]))
        first = int(np.searchsorted(offsets, start, side="right")) - 1
        last = int(np.searchsorted(offsets, stop, side="left"))
        bounds = np.clip(offsets[first : last + 1], start, stop)
        counts = np.diff(bounds)
        tf = arrays["tf"][start:stop].astype(np.float64)
        saturated = tf * (weights.k1 + 1) / (tf + weights.norms[arrays["rows"][start:stop]])
        saturated *= np.repeat(weights.idf[first:last], counts)
        impacts = saturated.astype(np.float32)
        arrays["impacts"][start:stop] = impacts
        best = np.maximum.reduceat(impacts, bounds[:-1][counts > 0] - start)
        return first + np.flatnonzero(counts), best

    starts = range(0, int(offsets[-1]), n_postings)
    for held, best in _bounded_map(pool, compute, starts):
        largest[held] = np.maximum(largest[held], best)
    arrays.release()
