"""Passages that read the same are found once, and each knows the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import RowRanges
from index.passages.copies import Copies

ALL = RowRanges.of([range(30)])


@pytest.mark.parametrize(
    ("row", "limit", "others"),
    [(0, 5, []), (1, 5, [3, 4]), (3, 5, [1, 4]), (4, 1, [1]), (1, 1, [3]), (2, 5, [5]), (5, 0, [])],
)
def test_others_are_the_first_rows_that_read_the_same(row, limit, others):
    """The row itself is not among them."""
    copies = Copies(np.array([0, 1, 2, 1, 1, 2]))
    assert copies.others(row, limit, ALL) == others


def test_others_are_among_the_rows_that_may_be_returned():
    """A row that is not searched is not named as a copy."""
    copies = Copies(np.array([0, 1, 2, 1, 1, 2]))
    assert copies.others(3, 5, RowRanges.of([range(2, 6)])) == [4]


@given(
    texts=st.lists(st.integers(0, 5), min_size=1, max_size=30),
    limit=st.integers(0, 6),
    data=st.data(),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_copies_are_those_of_a_plain_comparison(texts, limit, data):
    """Whatever reads the same, and in whatever order rows are ranked."""
    copies = Copies(np.array([texts.index(text) for text in texts]))
    for row, text in enumerate(texts):
        same = [other for other, one in enumerate(texts) if one == text and other != row]
        assert copies.others(row, limit, ALL) == same[:limit]
    ranked = data.draw(st.permutations(range(len(texts))))
    distinct = [
        row for n, row in enumerate(ranked) if texts[row] not in [texts[one] for one in ranked[:n]]
    ]
    for k in (1, 3, len(texts)):
        kept = [ranked[position] for position in copies.first_distinct(np.array(ranked), k)]
        assert kept == distinct[:k]
