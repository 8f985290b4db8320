"""Postings with their BM25 impacts, as plain arrays that can be memory-mapped."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import RowRanges, Rows, Scores, map_array
from index.lexical.block_bounds import Blocks, Bytes, Impacts
from index.lexical.impact_list import ImpactList
from index.lexical.top_k import top_k

# A term is frequent if at least this many rows, and this share of all rows, hold it. It has bounds
# for every block of rows; shorter lists are read as fast as their bounds. By Zipf's law about 600
# words reach this share, and the bounds take a third of the disk space of the postings. With a
# share of 1/64 or 1/256 queries over 1,000,000 passages take 10 % longer; with 1,024 rows queries
# over 100,000 passages take half as long again.
FREQUENT_FROM, FREQUENT_SHARE = 4096, 1 / 128
# A term that this share of the rows hold also has a column over all rows; about 70 words do.
COLUMN_SHARE = 1 / 16


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term the rows that hold it, and its impact on the BM25 score of each row.

    Every array is one file on disk. Threads may share it.

    Attributes:
        offsets: int64, (n_terms + 1): term t's postings are rows[offsets[t] : offsets[t + 1]].
        rows: int32, ascending for each term.
        impacts: float32, 0 or more, one for each of `rows`.
        largest: float32, by term: its largest impact; 0 for a term without rows.
        row_count: int64, (1,): the number of rows, including rows without a term.
        block_numbers: int32, by term: its line in the next two arrays, or -1.
        block_bounds, block_masks: uint8, (frequent terms, blocks): see `Blocks`.
        column_numbers: int32, by term: its line in `columns`, or -1.
        columns: uint8, (most frequent terms, blocks * BLOCK_ROWS): see `Blocks`.
    """

    offsets: npt.NDArray[np.int64]
    rows: Rows
    impacts: Impacts
    largest: Impacts
    row_count: npt.NDArray[np.int64]
    block_numbers: npt.NDArray[np.int32]
    block_bounds: Bytes
    block_masks: Bytes
    column_numbers: npt.NDArray[np.int32]
    columns: Bytes

    def __post_init__(self) -> None:
        # Slicing a np.memmap takes three times as long as slicing a plain view of it.
        for name, array in self.arrays().items():
            object.__setattr__(self, name, np.asarray(array))

    @classmethod
    def open(cls, folder: Path) -> "Postings":
        """Map the files of a folder; data is read on first access.

        Raises:
            OSError: A file is missing or unreadable.
            ValueError: A file is not the expected array.
        """
        return cls(
            **{name: map_array(array_path(folder, name), *kind) for name, kind in KINDS.items()}
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def n_rows(self) -> int:
        """Number of rows, including rows without a term."""
        return int(self.row_count[0])

    def df(self, term_id: int) -> int:
        """Return the number of rows that hold a term."""
        return int(self.offsets[term_id + 1] - self.offsets[term_id])

    def term(self, term_id: int) -> tuple[Rows, Impacts]:
        """Return views of a term's rows, ascending, and their impacts."""
        held = slice(self.offsets[term_id], self.offsets[term_id + 1])
        return self.rows[held], self.impacts[held]

    def top_k(
        self, terms: list[tuple[int, float]], k: int, among: RowRanges | None = None
    ) -> tuple[Rows, Scores]:
        """Find the rows with the largest weighted sums of the terms' impacts.

        Args:
            terms: Ids and weights above 0; the weights of a repeated term add up.
            k: The number of rows; 0 or less returns empty arrays.
            among: The rows that may be found; None for all.

        Returns:
            Rows and float64 scores, by falling score, ties by row. They are exactly the result of
            scoring every row that holds any of the terms, adding in the order of the terms.
        """
        weights: dict[int, float] = {}
        for term_id, weight in terms:
            weights[term_id] = weights.get(term_id, 0.0) + weight
        lists = [self._impact_list(t, np.float64(weight)) for t, weight in weights.items()]
        if among is not None:
            lists = [postings.within(among) for postings in lists]
        return top_k([postings for postings in lists if len(postings.rows)], k)

    def _impact_list(self, term_id: int, weight: np.float64) -> ImpactList:
        rows, impacts = self.term(term_id)
        max_impact = float(self.largest[term_id] * weight)
        return ImpactList(rows, impacts, max_impact, weight, self.blocks(term_id))

    def blocks(self, term_id: int) -> Blocks | None:
        """Return the bounds of a term's impacts, or None if the term is not frequent."""
        line = self.block_numbers[term_id]
        if line < 0:
            return None
        column = self.column_numbers[term_id]
        return Blocks(
            self.block_bounds[line],
            self.block_masks[line],
            None if column < 0 else self.columns[column],
        )


# Element type and number of dimensions of each array.
KINDS: dict[str, tuple[type[np.generic], int]] = {
    "offsets": (np.int64, 1),
    "rows": (np.int32, 1),
    "impacts": (np.float32, 1),
    "largest": (np.float32, 1),
    "row_count": (np.int64, 1),
    "block_numbers": (np.int32, 1),
    "block_bounds": (np.uint8, 2),
    "block_masks": (np.uint8, 2),
    "column_numbers": (np.int32, 1),
    "columns": (np.uint8, 2),
}

# What only the next build reads: how often a row holds the term of each posting, at most MAX_TF,
# and the number of terms of each row, with repeats.
COUNT_KINDS: dict[str, tuple[type[np.generic], int]] = {
    "tf": (np.uint16, 1),
    "lengths": (np.int32, 1),
}
MAX_TF = int(np.iinfo(np.uint16).max)


def array_path(folder: Path, name: str) -> Path:
    """Return the file of an array in a folder."""
    return folder / f"{name}.npy"
