"""The arrays of postings while they are made, and the copies that make top-k quick."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.engine.postings import (
    BEST_FROM,
    COLUMN_FROM,
    COLUMN_SHARE,
    FIRST_LAYER,
    KINDS,
    Postings,
    array_path,
)
from index.files import map_array, new_array

Counts = npt.NDArray[np.int64]

# A key is a number above a row; the row takes the lower half.
ROW_BITS = 32
ROW_MASK = 2**ROW_BITS - 1


class PostingArrays:
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
            self._arrays[name] = new_array(path, dtype, shape)
        return self._arrays[name]

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self._arrays[name]

    def release(self) -> None:
        """Map the files anew, so that the pages touched so far can leave the memory."""
        if self._folder is None:
            return
        for name in self._arrays:
            path = array_path(self._folder, name)
            self._arrays[name] = map_array(path, *KINDS[name], writable=True)

    def postings(self) -> Postings:
        """Return the finished postings."""
        if self._folder is None:
            return Postings(**self._arrays)
        self._arrays.clear()
        return Postings.open(self._folder)


def write_columns(arrays: PostingArrays, offsets: Counts, n_rows: int, *, ranked: bool) -> None:
    """Spread the postings of the most frequent terms over all rows."""
    df = np.diff(offsets)
    terms = np.flatnonzero(ranked & (df >= max(COLUMN_FROM, n_rows * COLUMN_SHARE)))
    numbers = arrays.make("column_numbers", np.int32, (len(df),))
    numbers[:] = -1
    numbers[terms] = np.arange(len(terms))
    columns = arrays.make("columns", np.float32, (len(terms), n_rows))
    for number, term in enumerate(terms):
        held = slice(offsets[term], offsets[term + 1])
        columns[number, arrays["rows"][held]] = arrays["impacts"][held]
    arrays.release()


def write_best(
    pool: ThreadPoolExecutor, arrays: PostingArrays, offsets: Counts, *, ranked: bool
) -> None:
    """Copy the postings of the longer lists, largest impact first, equal ones by row."""
    df = np.diff(offsets)
    terms = np.flatnonzero(ranked & (df >= BEST_FROM))
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
        keys = ~arrays["impacts"][held].view(np.int32).astype(np.int64) << ROW_BITS
        keys |= arrays["rows"][held]
        keys.sort()
        to = slice(best_offsets[number], best_offsets[number + 1])
        rows[to] = keys & ROW_MASK
        sorted_impacts = (~(keys >> ROW_BITS)).astype(np.int32).view(np.float32)
        impacts[to] = sorted_impacts
        inside = sizes[sizes < len(keys)]
        bounds[number, : len(inside)] = sorted_impacts[inside]

    deque(pool.map(copy, range(len(terms))), maxlen=0)
