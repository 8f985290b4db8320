"""Collect the words of passages as numbers in files, from which the postings are built."""

from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.lexical.inversion import Chunk

# Tokens in memory at a time: 16 MiB.
_CHUNK_TOKENS = 4 * 2**20


class ForwardFile:
    """Lists of word numbers, one for each passage; written once, then read in order."""

    def __init__(self, path: Path) -> None:
        """Create the file.

        Raises:
            OSError: It cannot be written; `add` and `finish` raise it too.
        """
        self._path = path
        self._stream = path.open("xb")
        self._tokens = array("i")
        self._lengths = array("i")

    def __enter__(self) -> "ForwardFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def add(self, numbers: npt.NDArray[np.int32], lengths: npt.NDArray[np.int32]) -> None:
        """Add the lists of some passages: all numbers in order, and each list's length."""
        self._tokens.frombytes(numbers.tobytes())
        self._lengths.frombytes(lengths.tobytes())
        if len(self._tokens) >= _CHUNK_TOKENS:
            self._flush()

    def finish(self) -> None:
        """Write the lists that are still in memory; only after this the file can be read."""
        self._flush()
        self._stream.close()

    def numbers(self) -> list[int]:
        """Return the distinct word numbers of all lists, ascending."""
        seen = np.zeros(0, dtype=np.bool_)
        with self._path.open("rb") as stream:
            while len(numbers := np.fromfile(stream, dtype=np.int32, count=_CHUNK_TOKENS)):
                seen = np.concatenate(
                    (seen, np.zeros(max(0, int(numbers.max()) + 1 - len(seen)), dtype=np.bool_))
                )
                seen[numbers] = True
        return np.flatnonzero(seen).tolist()

    def chunks(self, keys: npt.NDArray[np.int32]) -> Iterator[Chunk]:
        """Yield the lists in order, in chunks, with each word number replaced by its key.

        Args:
            keys: The key of each word number.
        """
        lengths = np.frombuffer(self._lengths, dtype=np.int32)
        ends = np.cumsum(lengths, dtype=np.int64)
        row = token = 0
        with self._path.open("rb") as stream:
            while row < len(lengths):
                stop = int(np.searchsorted(ends, token + _CHUNK_TOKENS, side="right"))
                stop = max(stop, row + 1)
                count = int(ends[stop - 1]) - token
                numbers = np.fromfile(stream, dtype=np.int32, count=count)
                yield keys[numbers], lengths[row:stop]
                row, token = stop, token + count

    def remove(self) -> None:
        """Delete the file."""
        self._path.unlink()

    def _flush(self) -> None:
        self._tokens.tofile(self._stream)
        self._tokens = array("i")
