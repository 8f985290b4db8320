"""The passages and sentences of a build are encoded in batches."""

import pytest

from index.vectors import write_vectors


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], [range(3), range(3, 6), range(6, 8)]),
        ([range(8)], []),
        ([range(2), range(2, 5)], [range(5, 8)]),
        ([range(4, 5)], [range(3), range(3, 4), range(5, 8)]),
        ([range(1, 1), range(7, 8)], [range(1), range(1, 4), range(4, 7)]),
    ],
)
def test_batches_are_what_is_not_known(monkeypatch, known, expected):
    """The rows between the known ones come in order, at most three at a time."""
    monkeypatch.setattr(write_vectors, "_BATCH", 3)
    reused = [write_vectors.ReusedRows(rows, 0) for rows in known]
    assert list(write_vectors._batches(reused, 8)) == expected
