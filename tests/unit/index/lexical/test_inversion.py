"""Streaming construction: the same postings whatever the chunks and the memory."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import inversion, posting_writer
from index.lexical.bm25 import B, build_postings
from index.lexical.postings import Postings
from tests.benchmarks.support.collection import VOCABULARY_SIZE, Collection

quick = settings(max_examples=100, deadline=None, derandomize=True)
ONE_TOKEN = 1

rows_of_terms = st.lists(st.lists(st.integers(0, 6), max_size=6), max_size=12)


def _chunk(rows):
    ids = np.array([t for row in rows for t in row], dtype=np.int32)
    return ids, np.array([len(row) for row in rows], dtype=np.int32)


def _assert_equal(a, b):
    for name, array in a.arrays().items():
        other = b.arrays()[name]
        assert (array.dtype, array.shape) == (other.dtype, other.shape), name
        np.testing.assert_array_equal(array, other, err_msg=name)


@given(rows_of_terms, st.lists(st.integers(0, 12), max_size=4), st.integers(1, 20))
@quick
def test_postings_depend_on_no_chunk_size_and_no_budget(rows, cuts, tokens_per_slice):
    """However the rows come and however little is sorted at once, every array is the same."""
    cuts = [0, *sorted(cuts), len(rows)]
    chunks = [_chunk(rows[a:b]) for a, b in pairwise(cuts)]
    budget = inversion._BYTES_PER_TOKEN * inversion._SLICES * tokens_per_slice
    built = build_postings(lambda: iter(chunks), 7, budget_bytes=budget)
    _assert_equal(built, build_postings(lambda: [_chunk(rows)], 7))
    for term_id in range(7):
        holding = [row for row, held in enumerate(rows) if term_id in held]
        assert built.term(term_id)[0].tolist() == holding


@pytest.mark.parametrize("rows", [[], [[]], [[0]], [[0, 2], [], [2, 2, 6]]])
def test_postings_on_disk_are_those_in_memory(tmp_path, rows):
    """Built into a folder, and opened again, they are equal; so for no rows and no terms."""
    in_memory = build_postings(lambda: [_chunk(rows)], 7)
    built = build_postings(lambda: [_chunk(rows)], 7, folder=tmp_path, budget_bytes=ONE_TOKEN)
    _assert_equal(built, in_memory)
    _assert_equal(Postings.open(tmp_path), in_memory)
    assert built.n_rows == len(rows)


def test_large_collection_streams_to_disk_in_slices(tmp_path, monkeypatch):
    """With blocks, columns and many slices, what is mapped equals what is made in memory."""
    monkeypatch.setattr(posting_writer, "FREQUENT_FROM", 256)
    collection = Collection(12_000)
    streamed = build_postings(
        collection.chunks, VOCABULARY_SIZE, folder=tmp_path, budget_bytes=8 * 2**20
    )
    assert len(streamed.columns) > 10
    assert len(streamed.block_bounds) > 50
    _assert_equal(streamed, build_postings(collection.chunks, VOCABULARY_SIZE))
    query = [(int(term), 1.0) for term in np.argsort(-np.diff(streamed.offsets))[[0, 40, 400]]]
    assert (
        streamed.top_k(query, 5)[0].tolist() == Postings.open(tmp_path).top_k(query, 5)[0].tolist()
    )


def test_slices_are_no_larger_than_the_budget_allows():
    """Chunks are cut and joined to slices of the given size; only a longer row exceeds it."""
    chunks = [_chunk([[0] * n for n in lengths]) for lengths in ([3, 1, 1], [], [9, 2], [1])]
    slices = list(inversion._slices(chunks, 4, []))
    assert [part[2].tolist() for part in slices] == [[3, 1], [1], [9], [2, 1]]
    assert [part[0] for part in slices] == [0, 2, 3, 4]


def test_memory_of_sorting_stays_within_what_is_reckoned_for_a_token():
    """A slice's sorting, at its peak, takes no more than the constant says."""
    ids, lengths = next(Collection(10_000).chunks())
    tracemalloc.start()
    try:
        inversion._sort((0, ids, lengths))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak + ids.nbytes < inversion._BYTES_PER_TOKEN * len(ids)


def test_impacts_follow_the_formula():
    """idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average)), worked by hand."""
    held = build_postings(lambda: [_chunk([[0, 0, 1], [2], [3], [4, 5]])], 6, k1=1.2, b=B)
    rows, impacts = held.term(0)
    idf = np.log(4 - 1 + 0.5) - np.log(1 + 0.5)
    expected = idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 1.75))
    assert rows.tolist() == [0]
    assert impacts == pytest.approx([expected], rel=1e-7)


def test_frequent_terms_have_bounds_for_each_block_of_rows(monkeypatch):
    """By term and block the largest share of its largest impact, and which rows hold it."""
    monkeypatch.setattr(posting_writer, "FREQUENT_FROM", 4)
    rows = [[0], [0, 0, 1], [0], [0, 0, 2], [0, 3, 4], [5], [6], [7], [8], [8], [8], [0], [8, 8]]
    held = build_postings(lambda: [_chunk(rows)], 9)
    assert held.block_numbers.tolist() == [0, -1, -1, -1, -1, -1, -1, -1, 1]
    assert held.block_bounds.tolist() == [[255, 255], [0, 255]]
    assert held.block_masks.tolist() == [[0b11111000, 0b00010000], [0, 0b11101000]]
    shares = held.term(0)[1] / held.largest[0]
    assert held.columns[0].tolist() == [
        *np.ceil(shares[:5] * 255), 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0,
    ]  # fmt: skip
    assert held.n_rows == 13
