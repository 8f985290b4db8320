"""Passages that read the same: which one is shown, and where the others are."""

from functools import cached_property
from itertools import chain, islice

import numpy as np
import numpy.typing as npt

from index.arrays import RowRanges, Rows


class Copies:
    """Knows the passages that read the same. Threads may share it."""

    def __init__(self, first_copies: npt.NDArray[np.int64]) -> None:
        """Use the array of an index.

        Args:
            first_copies: For each passage the row of the first one that reads the same; mostly its
                own; shape (n_passages,).
        """
        self._first_copies = first_copies

    def first_distinct(self, rows: Rows, k: int) -> list[int]:
        """Return the first k positions in `rows`, in order, of which none reads like another."""
        positions: dict[int, int] = {}
        for position, row in enumerate(rows):
            positions.setdefault(int(self._first_copies[row]), position)
            if len(positions) == k:
                break
        return [*positions.values()]

    def others(self, row: int, limit: int, among: RowRanges) -> list[int]:
        """Return the first `limit` rows of other passages that read like that of a row.

        Args:
            row: The row.
            limit: The largest number.
            among: The rows that may be returned.
        """
        first = int(self._first_copies[row])
        firsts, later = self._later
        start, end = np.searchsorted(firsts, (first, first + 1))
        same = chain((first,), map(int, later[start:end]))
        return list(islice((other for other in same if other != row and other in among), limit))

    @cached_property
    def _later(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The rows that read like an earlier one, by that one: the earlier ones, and the rows."""
        later = np.flatnonzero(self._first_copies != np.arange(len(self._first_copies)))
        later = later[np.argsort(self._first_copies[later], kind="stable")]
        return self._first_copies[later], later
