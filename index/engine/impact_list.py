"""One term's postings, as a query reads them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int32]
Impacts = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ImpactList:
    """A term's postings, with the weight that a query gives it.

    Attributes:
        rows, impacts: Ascending by row; at least one.
        largest: The largest impact.
        weight: Above 0.
        best_rows, best_impacts: The same postings, largest impact first, equal ones by row; None
            for a short list.
        bounds: Of the longer list: for 0, 1, ... the largest impact left when `layer_sizes` of
            that many postings were read; 0 when none is left.
        column: The impacts of all rows, 0 where the row is not in the list; None if too sparse.
    """

    rows: Rows
    impacts: Impacts
    largest: float
    weight: float
    best_rows: Rows | None = None
    best_impacts: Impacts | None = None
    bounds: Impacts | None = None
    column: Impacts | None = None

    @property
    def most(self) -> float:
        """The largest weighted impact."""
        return self.largest * self.weight

    def best(self, count: int) -> tuple[Rows, Impacts]:
        """Return `count` postings with the largest impacts, or all of a short list."""
        if self.best_rows is None or self.best_impacts is None or count >= len(self.rows):
            return self.rows, self.impacts
        return self.best_rows[:count], self.best_impacts[:count]

    def add_to(self, scores: Scores, rows: Rows) -> None:
        """Add the weighted impacts to the scores of some rows, ascending.

        Of several copies of a row at least the first gets its score.
        """
        if self.column is not None:
            scores += np.multiply(self.column[rows], self.weight, dtype=np.float64)
            return
        # Look the shorter side up in the longer one.
        if len(self.rows) < len(rows):
            places, held = _find(rows, self.rows)
            scores[places] += np.multiply(self.impacts[held], self.weight, dtype=np.float64)
        else:
            places, held = _find(self.rows, rows)
            scores[held] += np.multiply(self.impacts[places], self.weight, dtype=np.float64)


def _find(rows: Rows, sought: Rows) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return where in `rows` sought ones stand, and which of the sought ones these are."""
    places = rows.searchsorted(sought)
    places[places == len(rows)] = 0
    held = np.flatnonzero(rows[places] == sought)
    return places[held], held
