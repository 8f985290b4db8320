"""Postings with their BM25 impacts, as plain arrays that can be memory-mapped."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.engine.impact_list import ImpactList, Impacts, Rows, Scores
from index.engine.top_k import top_k
from index.files import map_array

# A list from this length on is also kept by falling impact; a shorter one is read whole as fast.
BEST_FROM = 256
# The first layer of such a list; each further one doubles what was read.
FIRST_LAYER = 32
# A term that so many rows hold, and at least this share of them, has a column over all rows: a
# row's impact is then one access. By Zipf's law 70 words or so reach this share, which costs as
# much disk as three quarters of the other postings.
COLUMN_FROM, COLUMN_SHARE = 1024, 1 / 16


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term the rows that hold it and its impact there: its share of their BM25 score.

    Every array is a file of its own on disk. Threads may share it.

    Attributes:
        offsets: int64, (n_terms + 1): term t's postings are rows[offsets[t] : offsets[t + 1]].
        rows: int32, ascending within each term.
        impacts: float32, 0 or more, one for each of `rows`.
        largest: float32, by term: its largest impact, 0 without rows.
        column_numbers: int32, by term: its line in `columns`, or -1.
        columns: float32, (frequent terms, n_rows): impacts, 0 where the row lacks the term.
        best_numbers: int32, by term: its line in `best_offsets` and `best_bounds`, or -1.
        best_offsets: int64, (longer lists + 1), into the two that follow.
        best_rows, best_impacts: The postings of longer lists, largest impact first, then by row.
        best_bounds: float32, (longer lists, layers): the largest impact after FIRST_LAYER,
            2 * FIRST_LAYER, ... postings; 0 where none is left.
    """

    offsets: npt.NDArray[np.int64]
    rows: Rows
    impacts: Impacts
    largest: Impacts
    column_numbers: npt.NDArray[np.int32]
    columns: Impacts
    best_numbers: npt.NDArray[np.int32]
    best_offsets: npt.NDArray[np.int64]
    best_rows: Rows
    best_impacts: Impacts
    best_bounds: Impacts

    def __post_init__(self) -> None:
        # Slicing a np.memmap costs three times as much as slicing the plain view of it.
        for name, array in self.arrays().items():
            object.__setattr__(self, name, np.asarray(array))

    @classmethod
    def open(cls, folder: Path) -> "Postings":
        """Map the files of a folder; nothing is read until it is asked for.

        Raises:
            OSError: A file is missing or unreadable.
            ValueError: A file is not the array that it should be.
        """
        return cls(
            **{name: map_array(array_path(folder, name), *kind) for name, kind in KINDS.items()}
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def n_rows(self) -> int:
        """Number of rows, with those that hold no term."""
        return int(self.columns.shape[1])

    def df(self, term_id: int) -> int:
        """Return how many rows hold a term."""
        return int(self.offsets[term_id + 1] - self.offsets[term_id])

    def term(self, term_id: int) -> tuple[Rows, Impacts]:
        """Return views of a term's rows, ascending, and their impacts."""
        held = slice(self.offsets[term_id], self.offsets[term_id + 1])
        return self.rows[held], self.impacts[held]

    def top_k(self, terms: list[tuple[int, float]], k: int) -> tuple[Rows, Scores]:
        """Find the rows with the largest weighted sums of the terms' impacts.

        Args:
            terms: Ids and weights above 0; those of a repeated term add up.
            k: How many rows; 0 or less gives none.

        Returns:
            Rows and float64 scores, by falling score, equal ones by row: exactly what scoring
            every row that holds any of the terms would give, in the order of the terms.
        """
        weights: dict[int, float] = {}
        for term_id, weight in terms:
            weights[term_id] = weights.get(term_id, 0.0) + weight
        lists = [self._list(t, weight) for t, weight in weights.items() if self.df(t)]
        sizes = np.zeros(self.best_bounds.shape[1] + 1)
        sizes[1:] = FIRST_LAYER << np.arange(len(sizes) - 1)
        return top_k(lists, sizes, self.n_rows, k)

    def _list(self, term_id: int, weight: float) -> ImpactList:
        rows, impacts = self.term(term_id)
        number, column = self.best_numbers[term_id], self.column_numbers[term_id]
        if number < 0:
            return ImpactList(rows, impacts, float(self.largest[term_id]), weight)
        best = slice(self.best_offsets[number], self.best_offsets[number + 1])
        return ImpactList(
            rows,
            impacts,
            float(self.largest[term_id]),
            weight,
            self.best_rows[best],
            self.best_impacts[best],
            self.best_bounds[number],
            None if column < 0 else self.columns[column],
        )


# Element type and number of dimensions of each array.
KINDS: dict[str, tuple[type[np.generic], int]] = {
    "offsets": (np.int64, 1),
    "rows": (np.int32, 1),
    "impacts": (np.float32, 1),
    "largest": (np.float32, 1),
    "column_numbers": (np.int32, 1),
    "columns": (np.float32, 2),
    "best_numbers": (np.int32, 1),
    "best_offsets": (np.int64, 1),
    "best_rows": (np.int32, 1),
    "best_impacts": (np.float32, 1),
    "best_bounds": (np.float32, 2),
}


def array_path(folder: Path, name: str) -> Path:
    """Return the file of an array in a folder."""
    return folder / f"{name}.npy"
