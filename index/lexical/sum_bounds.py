"""Upper bounds of the sums of frequent terms' weighted impacts, as integers."""

from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import Rows, Scores
from index.lexical.block_bounds import TOP_LEVEL, mask_positions
from index.lexical.impact_list import ImpactList

Sums = npt.NDArray[np.unsignedinteger[Any]]
Numbers = npt.NDArray[np.intp]

# Up to this many lists are added up in 16 bits, more in 32: with more lists, rounding up each
# multiplier would use up too much of the range of 16 bits.
MOST_IN_16_BITS = 64


class SumBounds:
    """Upper bounds of the sums of some frequent terms' weighted impacts.

    Sums are integers in a unit: the levels of a term are multiplied by the term's share of the
    largest possible sum, rounded up.

    Attributes:
        max_sum: The largest possible sum.
        unit: The value of one unit; 0 if all impacts are 0.
    """

    def __init__(self, lists: list[ImpactList]) -> None:
        self.max_sum = sum(postings.max_impact for postings in lists)
        dtype = np.uint16 if len(lists) <= MOST_IN_16_BITS else np.uint32
        # So the sum of the rounded multipliers fits into the type.
        room = int(np.iinfo(dtype).max) // TOP_LEVEL - len(lists)
        scale = room / self.max_sum if self.max_sum else 0.0
        self.unit = self.max_sum / room / TOP_LEVEL
        self._terms = [
            (postings.blocks, dtype(np.ceil(postings.max_impact * scale)))
            for postings in lists
            if postings.blocks is not None
        ]

    def in_units(self, sum_of_impacts: float) -> int:
        """Return a sum in units, rounded up, at least 1."""
        return max(1, int(np.ceil(sum_of_impacts / self.unit))) if self.unit else 1

    def at(self, rows: Rows) -> Scores:
        """Return the bounds of some rows."""
        blocks, bits = mask_positions(rows)
        (first, times), *others = self._terms
        sums = first.levels_at(rows, blocks, bits) * times
        for other, times in others:
            sums += other.levels_at(rows, blocks, bits) * times
        return sums * np.float64(self.unit)

    def by_block(self) -> Sums:
        """Return the bounds of all blocks, in units."""
        (first, times), *others = self._terms
        sums = first.bounds * times
        for other, times in others:
            sums += other.bounds * times
        return sums

    def in_blocks(self, blocks: Numbers) -> Sums:
        """Return the bounds of all rows of some blocks, block by block, in units."""
        (first, times), *others = self._terms
        sums = first.levels(blocks) * times
        for other, times in others:
            sums += other.levels(blocks) * times
        return sums.ravel()
