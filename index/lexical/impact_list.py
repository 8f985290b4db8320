"""The postings of one term of a query."""

from dataclasses import dataclass

import numpy as np

from index.arrays import RowRanges, Rows, Scores
from index.lexical.block_bounds import Blocks, Impacts


@dataclass(frozen=True, slots=True)
class ImpactList:
    """A term's postings, with the weight that a query gives it.

    Attributes:
        rows, impacts: The postings, ascending by row; at least one.
        max_impact: The largest weighted impact.
        weight: Above 0; a float64, so that weighted impacts are float64 too.
        blocks: Upper bounds of the impacts; None for a term below the df of frequent terms.
    """

    rows: Rows
    impacts: Impacts
    max_impact: float
    weight: np.float64
    blocks: Blocks | None

    def within(self, ranges: RowRanges) -> "ImpactList":
        """Return the postings of some rows, maybe none."""
        rows, impacts = ranges.select(self.rows, self.impacts)
        return ImpactList(rows, impacts, self.max_impact, self.weight, None)

    def scores(self) -> Scores:
        """Return the weighted impacts, one for each of `rows`."""
        return self.impacts * self.weight

    def scores_at(self, rows: Rows) -> Scores:
        """Return the weighted impacts of some rows, 0 for a row without the term."""
        positions = self.rows.searchsorted(rows)
        impacts = self.impacts.take(positions, mode="clip")
        impacts *= self.rows.take(positions, mode="clip") == rows
        return impacts * self.weight
