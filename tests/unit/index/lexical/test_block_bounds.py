"""Bounds of frequent terms' impacts, by block of rows and by row."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical.block_bounds import (
    BLOCK_ROWS,
    Blocks,
    count_blocks,
    fill_blocks,
    mask_positions,
)
from index.lexical.impact_list import ImpactList
from index.lexical.sum_bounds import SumBounds

quick = settings(max_examples=150, deadline=None, derandomize=True)

N_ROWS = 60
ROWS = np.arange(N_ROWS, dtype=np.int32)

impacts_by_row = st.dictionaries(
    st.integers(0, N_ROWS - 1), st.floats(0, 30, width=32), min_size=1
).filter(lambda impacts: max(impacts.values()) > 1e-3)


def _filled(impacts, *, column):
    n_blocks = count_blocks(N_ROWS)
    blocks = Blocks(
        np.zeros(n_blocks, np.uint8),
        np.zeros(n_blocks, np.uint8),
        np.zeros(n_blocks * BLOCK_ROWS, np.uint8) if column else None,
    )
    rows = np.array(sorted(impacts), dtype=np.int32)
    of_rows = np.array([impacts[row] for row in rows], dtype=np.float32)
    fill_blocks(rows, of_rows, blocks)
    return ImpactList(rows, of_rows, float(of_rows.max()), np.float64(1), blocks)


@pytest.mark.parametrize("column", [False, True])
@given(impacts_by_row)
@quick
def test_level_bounds_the_impact_and_is_the_same_by_block_and_by_row(column, impacts):
    """No impact is above its level's share of the largest one; rows without the term have 0."""
    held = _filled(impacts, column=column)
    assert held.blocks is not None
    levels = held.blocks.levels_at(ROWS, *mask_positions(ROWS))
    by_block = held.blocks.levels(np.arange(count_blocks(N_ROWS)))
    assert by_block.ravel()[:N_ROWS].tolist() == levels.tolist()
    assert not by_block.ravel()[N_ROWS:].any()
    for row in ROWS.tolist():
        share = impacts.get(row, 0) / held.max_impact
        assert share * 255 <= levels[row] * (1 + 1e-12)
        if column:
            assert levels[row] < share * 255 + 1 + 1e-12
        elif row not in impacts:
            assert levels[row] == 0
    assert levels.max() == 255


@given(st.lists(st.tuples(impacts_by_row, st.floats(0.01, 50)), min_size=1, max_size=4))
@pytest.mark.parametrize("copies", [1, 30])
@quick
def test_bounds_of_sums_hold_for_rows_and_blocks(copies, weighted):
    """No row's sum is above its bound, nor that above its block's, in 16 bits and in 32."""
    lists = []
    filled = cache(lambda number, column: _filled(weighted[number][0], column=column))
    for number, (_, weight) in enumerate(weighted * copies):
        held = filled(number % len(weighted), bool(number % 2))
        weight = np.float64(weight)
        max_impact = float(held.max_impact * weight)
        lists.append(ImpactList(held.rows, held.impacts, max_impact, weight, held.blocks))
    bounds = SumBounds(lists)
    at = bounds.at(ROWS)
    sums = np.sum([postings.scores_at(ROWS) for postings in lists], axis=0)
    slack = 1e-12 * bounds.max_sum
    assert (sums <= at + slack).all()
    by_row = bounds.in_blocks(np.arange(count_blocks(N_ROWS)))
    assert (by_row[:N_ROWS] * bounds.unit).tolist() == pytest.approx(at)
    assert (by_row.reshape(-1, BLOCK_ROWS).max(axis=1) <= bounds.by_block()).all()
    # A whole list's share of the range is rounded up by no more than one multiplier.
    assert at.max() <= bounds.max_sum * (1 + len(lists) / (250 - min(len(lists), 64))) + slack
