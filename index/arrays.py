"""Array types of the index, ranges of its rows, and the .npy files of arrays."""

import errno
import math
import mmap
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

# Row numbers of passages, one score for each of some rows, and vectors (n_texts, n_dimensions).
Rows = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]

_Item = TypeVar("_Item", bound=np.generic)

_CANNOT_ALLOCATE = (errno.EOPNOTSUPP, errno.EINVAL)

# The header of the arrays that are written here; numpy.lib.format, version 1.0.
_HEAD = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(?P<dtype>[<|][fiu]\d)', 'fortran_order': False, "
    rb"'shape': \((?P<shape>[\d, ]*)\), \} *\n",
    re.DOTALL,
)
_HEAD_BYTES = 256

# Reading this much takes 0.1 ms.
_MAX_READ_BYTES = 2**18


@dataclass(frozen=True, slots=True, eq=False)
class RowRanges:
    """Some rows of an index, as ranges; the rows of a text lie side by side.

    Attributes:
        edges: First row and end of each range, ascending; ranges do not touch; shape (2 * n,).
    """

    edges: npt.NDArray[np.int64]

    @classmethod
    def of(cls, ranges: Iterable[range]) -> "RowRanges":
        """Join disjoint ranges, in any order, where one ends at the first row of another."""
        edges: list[int] = []
        for rows in sorted((rows for rows in ranges if rows), key=lambda rows: rows.start):
            if edges and edges[-1] == rows.start:
                edges[-1] = rows.stop
            else:
                edges += [rows.start, rows.stop]
        return cls(np.array(edges, dtype=np.int64))

    def __len__(self) -> int:
        """Return the number of rows."""
        return int((self.edges[1::2] - self.edges[::2]).sum())

    def __contains__(self, row: int) -> bool:
        """Return whether a row is in one of the ranges."""
        return bool(self.edges.searchsorted(row, side="right") % 2)

    def rows(self) -> Rows:
        """Return all rows, ascending."""
        ranges = [np.arange(*pair, dtype=np.int32) for pair in self.edges.reshape(-1, 2)]
        return np.concatenate([np.empty(0, dtype=np.int32), *ranges])

    def select(self, rows: Rows, values: npt.NDArray[_Item]) -> tuple[Rows, npt.NDArray[_Item]]:
        """Return those of some ascending rows that are in the ranges, and their values."""
        cuts = rows.searchsorted(self.edges).reshape(-1, 2)
        parts = [slice(start, end) for start, end in cuts[cuts[:, 0] < cuts[:, 1]]]
        return (
            np.concatenate([rows[:0], *(rows[part] for part in parts)]),
            np.concatenate([values[:0], *(values[part] for part in parts)]),
        )


def new_array(path: Path, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Create a .npy file of zeros and map it for writing.

    If the platform and the file system support it, the disk space is allocated at once. Otherwise
    a disk that gets full later would kill the process when a page is written.

    Raises:
        OSError: The disk is full, or the file cannot be written.
    """
    array = np.lib.format.open_memmap(path, "w+", dtype, shape)
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as stream:
            try:
                os.posix_fallocate(stream.fileno(), 0, max(1, path.stat().st_size))
            except OSError as error:
                if error.errno not in _CANNOT_ALLOCATE:
                    raise
    return array


def write_array(path: Path, array: npt.NDArray[Any]) -> None:
    """Write an array that fits into memory to a new .npy file."""
    with path.open("xb") as stream:
        # numpy writes to a real file in C, and its error for a full disk only has numbers of items.
        np.save(_Writer(stream.write), array, allow_pickle=False)


@dataclass(frozen=True, slots=True)
class _Writer:
    """A writable object that numpy does not recognise as a file."""

    write: Callable[[bytes], int]


def map_array(
    path: Path, dtype: npt.DTypeLike, n_dimensions: int = 1, *, writable: bool = False
) -> npt.NDArray[Any]:
    """Map a .npy file; a small file is read instead, because each map holds a file descriptor.

    numpy's own reader evaluates the header as Python code, which on Python 3.11 sometimes fails
    while other threads do the same.

    Args:
        path: The file.
        dtype: The expected element type.
        n_dimensions: The expected number of dimensions.
        writable: Whether to map the file for writing as well.

    Raises:
        OSError: The file cannot be read.
        ValueError: The file is not such an array, or not complete.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        header = _HEAD.match(head)
        if header is None:
            raise ValueError(f"{path.name} is no array")
        shape = tuple(int(number) for number in header["shape"].split(b",") if number.strip())
        kind = np.dtype(dtype)
        start = 10 + int.from_bytes(head[8:10], "little")
        if header["dtype"].decode() != kind.str or len(shape) != n_dimensions:
            raise ValueError(f"{path.name} is another array")
        if start + kind.itemsize * math.prod(shape) != size:
            raise ValueError(f"{path.name} is not whole")
        if writable:
            return np.asarray(np.memmap(path, kind, "r+", start, shape))
        if size > _MAX_READ_BYTES:  # np.memmap takes 0.1 ms to look up the name of its file
            data: mmap.mmap | bytes = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        else:
            data = head + stream.read()
        return np.frombuffer(data, kind, math.prod(shape), start).reshape(shape)


def union(parts: Sequence[Rows]) -> Rows:
    """Return the rows that any of some arrays holds, ascending.

    `np.unique` takes ten times as long for some thousand rows.
    """
    rows = np.concatenate([np.empty(0, dtype=np.int32), *parts]).astype(np.int32)
    rows.sort()
    is_first = np.ones(len(rows), dtype=np.bool_)
    np.not_equal(rows[1:], rows[:-1], out=is_first[1:])
    distinct: Rows = rows[is_first]
    return distinct
