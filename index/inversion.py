"""Turn a forward index, read chunk by chunk, into postings on disk, in bounded memory."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from index.postings import BEST_FROM, COLUMN_FROM, COLUMN_SHARE, FIRST_LAYER, Postings, array_path

# Of some rows: the ids of their terms, one row after the other, and each row's length.
Chunk = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]

DEFAULT_BUDGET_BYTES = 512 * 2**20

# The most that a token costs while its slice is sorted and put in place.
_BYTES_PER_TOKEN = 48

# Slices in memory at once: one sorted by each core, one that is scattered.
_WORKERS = 2
_SLICES = _WORKERS + 1

_ROW_BITS = 32
_ROW_MASK = 2**_ROW_BITS - 1

T = TypeVar("T")
R = TypeVar("R")
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What BM25 asks of a collection.

    Attributes:
        df: int64, by term: how many rows hold it.
        lengths: int32, by row: how many terms it has, repeats counted.
    """

    df: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Weights:
    """A collection's BM25, ready to be computed: idf * tf * (k1 + 1) / (tf + norm).

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
    weigh: Callable[[Statistics], Weights],
    *,
    folder: Path | None = None,
    budget_bytes: int = DEFAULT_BUDGET_BYTES,
) -> Postings:
    """Build the postings of a forward index.

    The chunks are read twice: once to count, once to put each posting in its place. Above the
    budget stand only what grows with the rows and terms themselves (4 to 24 bytes each); with a
    folder the postings are files, whose pages the system writes out when it needs the memory.

    Args:
        read_chunks: Gives the same chunks, in row order, whenever it is called. Of any size, but
            one of them is held in memory besides the budget.
        n_terms: Number of distinct terms; every id is below it.
        weigh: Gives the idf and norms for the counts.
        folder: An existing folder for the arrays, one .npy file each; without it they are kept in
            memory.
        budget_bytes: What sorting may take.

    Returns:
        The postings; with a folder, memory-mapped.

    Raises:
        OSError: A file cannot be written.
    """
    tokens_per_slice = max(1, budget_bytes // (_BYTES_PER_TOKEN * _SLICES))
    arrays = _Arrays(folder)
    df = np.zeros(n_terms, dtype=np.int64)
    lengths = [np.empty(0, dtype=np.int32)]
    with ThreadPoolExecutor(_WORKERS) as pool:
        for part in _ahead(pool, _sort, _slices(read_chunks(), tokens_per_slice, lengths)):
            df[part.terms] += np.diff(part.starts)
        statistics = Statistics(df, np.concatenate(lengths))
        weights = weigh(statistics)
        offsets = arrays.make("offsets", np.int64, (n_terms + 1,))
        np.cumsum(df, out=offsets[1:])
        again = _ahead(pool, _sort, _slices(read_chunks(), tokens_per_slice, []))
        _scatter(again, arrays, offsets)
        _compute_impacts(arrays, offsets, weights, tokens_per_slice)
        _write_columns(arrays, offsets, len(weights.norms))
        _write_best(pool, arrays, offsets)
    return arrays.postings()


class _Arrays:
    """The arrays of postings while they are made: in memory, or files of a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._arrays: dict[str, npt.NDArray[Any]] = {}

    def make(self, name: str, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """Make an array of zeros."""
        if self._folder is None:
            self._arrays[name] = np.zeros(shape, dtype)
        else:
            path = array_path(self._folder, name)
            self._arrays[name] = np.lib.format.open_memmap(path, "w+", dtype, shape)
        return self._arrays[name]

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self._arrays[name]

    def release(self) -> None:
        """Map the files anew, so that the pages touched so far can leave the memory."""
        if self._folder is None:
            return
        for name in self._arrays:
            path = array_path(self._folder, name)
            self._arrays[name] = np.lib.format.open_memmap(path, "r+")

    def postings(self) -> Postings:
        """Return the finished postings."""
        if self._folder is None:
            return Postings(**self._arrays)
        self._arrays.clear()
        return Postings.open(self._folder)


@dataclass(frozen=True, slots=True)
class _Slice:
    """Postings of some rows, sorted by term, then row.

    Attributes:
        terms: The distinct terms, ascending.
        starts: Where each term's postings begin, and the end of the last.
        rows, tf: Of each posting.
    """

    terms: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    tf: npt.NDArray[np.float32]


def _sort(piece: tuple[int, npt.NDArray[np.int32], npt.NDArray[np.int32]]) -> _Slice:
    """Sort some rows' terms; `piece` is the first row's number, the ids and the lengths."""
    first_row, ids, lengths = piece
    keys = ids.astype(np.int64)
    keys <<= _ROW_BITS
    keys += np.repeat(np.arange(first_row, first_row + len(lengths)), lengths)
    keys.sort()
    begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    tf = np.diff(begins, append=len(keys)).astype(np.float32)
    keys = keys[begins]
    rows = (keys & _ROW_MASK).astype(np.int32)
    keys >>= _ROW_BITS
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return _Slice(keys[starts], np.append(starts, len(keys)), rows, tf)


def _slices(
    chunks: Iterable[Chunk], n_tokens: int, seen_lengths: list[npt.NDArray[np.int32]]
) -> Iterator[tuple[int, npt.NDArray[np.int32], npt.NDArray[np.int32]]]:
    """Yield first row, ids and lengths, joined or cut to about `n_tokens` (never inside a row)."""
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


def _ahead(pool: ThreadPoolExecutor, work: Callable[[T], R], things: Iterable[T]) -> Iterator[R]:
    """Yield the results in order, with at most one thing for each worker under way."""
    running: deque[Future[R]] = deque()
    for thing in things:
        if len(running) == _WORKERS:
            yield running.popleft().result()
        running.append(pool.submit(work, thing))
    while running:
        yield running.popleft().result()


def _scatter(sorted_slices: Iterable[_Slice], arrays: _Arrays, offsets: Counts) -> None:
    """Put every posting in its place; the tf go where the impacts will be."""
    arrays.make("rows", np.int32, (int(offsets[-1]),))
    arrays.make("impacts", np.float32, (int(offsets[-1]),))
    filled = offsets[:-1].copy()
    for part in sorted_slices:
        counts = np.diff(part.starts)
        places = np.repeat(filled[part.terms] - part.starts[:-1], counts)
        places += np.arange(len(places))
        arrays["rows"][places] = part.rows
        arrays["impacts"][places] = part.tf
        filled[part.terms] += counts
        arrays.release()


def _compute_impacts(arrays: _Arrays, offsets: Counts, weights: Weights, n_postings: int) -> None:
    """Turn each tf into its impact, and note each term's largest."""
    largest = arrays.make("largest", np.float32, (len(offsets) - 1,))
    for start in range(0, int(offsets[-1]), n_postings):
        stop = min(start + n_postings, int(offsets[-1]))
        first = int(np.searchsorted(offsets, start, side="right")) - 1
        last = int(np.searchsorted(offsets, stop, side="left"))
        bounds = np.clip(offsets[first : last + 1], start, stop)
        counts = np.diff(bounds)
        tf = arrays["impacts"][start:stop].astype(np.float64)
        saturated = tf * (weights.k1 + 1) / (tf + weights.norms[arrays["rows"][start:stop]])
        saturated *= np.repeat(weights.idf[first:last], counts)
        impacts = saturated.astype(np.float32)
        arrays["impacts"][start:stop] = impacts
        held = first + np.flatnonzero(counts)
        best = np.maximum.reduceat(impacts, bounds[:-1][counts > 0] - start)
        largest[held] = np.maximum(largest[held], best)
    arrays.release()


def _write_columns(arrays: _Arrays, offsets: Counts, n_rows: int) -> None:
    """Spread the postings of the most frequent terms over all rows."""
    df = np.diff(offsets)
    terms = np.flatnonzero(df >= max(COLUMN_FROM, n_rows * COLUMN_SHARE))
    numbers = arrays.make("column_numbers", np.int32, (len(df),))
    numbers[:] = -1
    numbers[terms] = np.arange(len(terms))
    columns = arrays.make("columns", np.float32, (len(terms), n_rows))
    for number, term in enumerate(terms):
        held = slice(offsets[term], offsets[term + 1])
        columns[number, arrays["rows"][held]] = arrays["impacts"][held]
    arrays.release()


def _write_best(pool: ThreadPoolExecutor, arrays: _Arrays, offsets: Counts) -> None:
    """Copy the postings of the longer lists, largest impact first, equal ones by row."""
    df = np.diff(offsets)
    terms = np.flatnonzero(df >= BEST_FROM)
    numbers = arrays.make("best_numbers", np.int32, (len(df),))
    numbers[:] = -1
    numbers[terms] = np.arange(len(terms))
    best_offsets = arrays.make("best_offsets", np.int64, (len(terms) + 1,))
    np.cumsum(df[terms], out=best_offsets[1:])
    rows = arrays.make("best_rows", np.int32, (int(best_offsets[-1]),))
    impacts = arrays.make("best_impacts", np.float32, (int(best_offsets[-1]),))
    n_layers = max(0, int(np.ceil(np.log2(max(df.max(initial=0), 1) / FIRST_LAYER)))) + 1
    bounds = arrays.make("best_bounds", np.float32, (len(terms), n_layers))
    sizes = FIRST_LAYER << np.arange(n_layers)

    def copy(number: int) -> None:
        held = slice(offsets[terms[number]], offsets[terms[number] + 1])
        # Of floats that are not negative the greater has the greater bits.
        keys = ~arrays["impacts"][held].view(np.int32).astype(np.int64) << _ROW_BITS
        keys |= arrays["rows"][held]
        keys.sort()
        to = slice(best_offsets[number], best_offsets[number + 1])
        rows[to] = keys & _ROW_MASK
        sorted_impacts = (~(keys >> _ROW_BITS)).astype(np.int32).view(np.float32)
        impacts[to] = sorted_impacts
        inside = sizes[sizes < len(keys)]
        bounds[number, : len(inside)] = sorted_impacts[inside]

    deque(pool.map(copy, range(len(terms))), maxlen=0)
