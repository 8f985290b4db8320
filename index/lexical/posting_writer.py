"""Write the arrays of postings, and the bounds that make top-k searches fast."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import map_array, new_array
from index.lexical.block_bounds import BLOCK_ROWS, Blocks, count_blocks, fill_blocks
from index.lexical.postings import (
    COLUMN_SHARE,
    COUNT_KINDS,
    FREQUENT_FROM,
    FREQUENT_SHARE,
    KINDS,
    Postings,
    array_path,
)

Counts = npt.NDArray[np.int64]

# A sort key holds a term id in its upper half and a row in its lower half.
ROW_BITS = 32
ROW_MASK = 2**ROW_BITS - 1


class PostingArrays:
    """The arrays of postings while they are written: in memory, or files of a folder."""

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
        """Map the files again, so that the pages used so far can be freed."""
        if self._folder is None:
            return
        for name in self._arrays:
            path = array_path(self._folder, name)
            self._arrays[name] = map_array(path, *(KINDS | COUNT_KINDS)[name], writable=True)

    def postings(self) -> Postings:
        """Return the finished postings."""
        if self._folder is None:
            return Postings(**{name: self._arrays[name] for name in KINDS})
        self._arrays.clear()
        return Postings.open(self._folder)

    def remove(self) -> None:
        """Delete the arrays."""
        names = list(self._arrays)
        self._arrays.clear()
        if self._folder is not None:
            for name in names:
                array_path(self._folder, name).unlink()


def write_blocks(
    pool: ThreadPoolExecutor, arrays: PostingArrays, offsets: Counts, n_rows: int, *, ranked: bool
) -> None:
    """Write the bounds of the frequent terms' impacts; each thread of the pool does one term."""
    arrays.make("row_count", np.int64, (1,))[0] = n_rows
    df = np.diff(offsets)
    frequent = ranked & (df >= max(FREQUENT_FROM, n_rows * FREQUENT_SHARE))
    terms = _number(arrays, "block_numbers", frequent)
    in_columns = _number(arrays, "column_numbers", frequent & (df >= n_rows * COLUMN_SHARE))
    n_blocks = count_blocks(n_rows)
    arrays.make("block_bounds", np.uint8, (len(terms), n_blocks))
    arrays.make("block_masks", np.uint8, (len(terms), n_blocks))
    arrays.make("columns", np.uint8, (len(in_columns), n_blocks * BLOCK_ROWS))

    def fill(line: int) -> None:
        term = terms[line]
        held = slice(offsets[term], offsets[term + 1])
        column = arrays["column_numbers"][term]
        blocks = Blocks(
            arrays["block_bounds"][line],
            arrays["block_masks"][line],
            None if column < 0 else arrays["columns"][column],
        )
        fill_blocks(arrays["rows"][held], arrays["impacts"][held], blocks)

    deque(pool.map(fill, range(len(terms))), maxlen=0)
    arrays.release()


def _number(arrays: PostingArrays, name: str, chosen: npt.NDArray[np.bool_]) -> Counts:
    """Write an array with numbers from 0 for chosen terms, else -1; return the chosen terms."""
    terms = np.flatnonzero(chosen)
    numbers = arrays.make(name, np.int32, (len(chosen),))
    numbers[:] = -1
    numbers[terms] = np.arange(len(terms))
    return terms
