"""Upper bounds of a frequent term's impacts, one byte for each block of eight rows.

The bounds are those of block-max indexes (Ding & Suel 2011), except that a block is eight
neighbouring rows and not a part of one posting list. So all terms have the same blocks, and the
bounds of a sum are a sum of arrays.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.arrays import Rows

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Impacts = npt.NDArray[np.float32]

# As many as a byte has bits.
BLOCK_ROWS = 8
_FIRST_BIT = np.uint8(128)

# An impact's level is the smallest of 0, 1, ... 255 for which level / 255 of the term's largest
# impact is at least the impact.
TOP_LEVEL = 255


@dataclass(frozen=True, slots=True)
class Blocks:
    """Bounds of a term's impacts in each block of rows.

    Attributes:
        bounds: (n_blocks,): the largest level; 0 if no row holds the term.
        masks: (n_blocks,): one bit for each row, set if the row holds the term; the highest bit is
            the first row.
        column: (n_blocks * BLOCK_ROWS,): the level of each row. Only the most frequent terms have
            it, because nearly every row of their blocks would get the bound of the block.
    """

    bounds: Bytes
    masks: Bytes
    column: Bytes | None

    def levels(self, blocks: npt.NDArray[np.intp]) -> Bytes:
        """Return an upper bound of the level of each row of some blocks, (len(blocks), 8)."""
        if self.column is not None:
            return self.column.reshape(-1, BLOCK_ROWS).take(blocks, axis=0)
        held = np.unpackbits(self.masks.take(blocks)).reshape(-1, BLOCK_ROWS)
        held *= self.bounds.take(blocks)[:, np.newaxis]
        return held

    def levels_at(self, rows: Rows, blocks: npt.NDArray[np.intp], bits: Bytes) -> Bytes:
        """Return an upper bound of the level of each of some rows.

        Args:
            rows: The rows.
            blocks: The block of each row, from `mask_positions`.
            bits: The bit of each row in its mask, from `mask_positions`.
        """
        if self.column is not None:
            return self.column.take(rows)
        levels = self.bounds.take(blocks)
        levels *= (self.masks.take(blocks) & bits) != 0
        return levels


def mask_positions(rows: Rows) -> tuple[npt.NDArray[np.intp], Bytes]:
    """Return the block of each row, and its bit in the block's mask."""
    return (rows // BLOCK_ROWS).astype(np.intp), _FIRST_BIT >> (rows % BLOCK_ROWS).astype(np.uint8)


def count_blocks(n_rows: int) -> int:
    """Return the number of blocks of `n_rows` rows."""
    return -(-n_rows // BLOCK_ROWS)


def fill_blocks(rows: Rows, impacts: Impacts, blocks: Blocks) -> None:
    """Fill blocks of zeros from a term's postings, which are ascending by row."""
    largest = impacts.max()
    if blocks.column is not None:
        blocks.column[rows] = _levels(impacts, largest)
    numbers, bits = mask_positions(rows)
    run_starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    held = numbers[run_starts]
    blocks.bounds[held] = _levels(np.maximum.reduceat(impacts, run_starts), largest)
    blocks.masks[held] = np.bitwise_or.reduceat(bits, run_starts)


def _levels(impacts: Impacts, largest: np.float32) -> npt.NDArray[np.float64]:
    if not largest:
        return np.zeros(len(impacts))
    # The division comes first: so the largest impact gets exactly 1, and its level is exactly 255.
    return np.ceil(impacts / np.float64(largest) * TOP_LEVEL)
