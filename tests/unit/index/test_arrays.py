"""Arrays in files: made, mapped and verified."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays import RowRanges, map_array, new_array, union


@pytest.mark.parametrize("shape", [(0,), (3,), (0, 4), (2, 3)])
def test_new_array_is_of_zeros_and_is_read_back(tmp_path, shape):
    """What is put into the mapped array is what mapping the file again gives."""
    array = new_array(tmp_path / "a.npy", np.float32, shape)
    assert (array.shape, array.dtype.name) == (shape, "float32")
    assert not array.any()
    array[...] = np.arange(array.size).reshape(shape)
    again = map_array(tmp_path / "a.npy", np.float32, len(shape))
    assert again.tolist() == array.tolist()
    assert not again.flags.writeable


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="the platform cannot take room")
def test_new_array_takes_its_room_at_once(tmp_path):
    """The file is no sparse one: every byte of it has its place on the disk."""
    new_array(tmp_path / "a.npy", np.float64, (100_000,))
    status = (tmp_path / "a.npy").stat()
    assert status.st_blocks * 512 >= status.st_size >= 800_000


@pytest.mark.parametrize("data", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_file_that_is_no_array_is_a_value_error(tmp_path, data):
    """Mapping a file of other bytes raises the promised error."""
    (tmp_path / "a.npy").write_bytes(data)
    with pytest.raises(ValueError, match="is no array"):
        map_array(tmp_path / "a.npy", np.float32)


@pytest.mark.parametrize("kind", [b"<f5", b"<i0", b"|f4"])
def test_array_of_numbers_that_numpy_lacks_is_a_value_error(tmp_path, kind):
    """A damaged head may name a kind that there is not, or another one."""
    new_array(tmp_path / "a.npy", np.float32, (3,))
    whole = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(whole.replace(b"<f4", kind))
    with pytest.raises(ValueError, match=r"^a\.npy is "):
        map_array(tmp_path / "a.npy", np.float32)


@given(st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=4))
def test_union_holds_each_row_once_and_ascending(parts):
    """It is the union of the sets."""
    rows = union([np.array(part, dtype=np.int32) for part in parts])
    assert rows.tolist() == sorted({row for part in parts for row in part})
    assert rows.dtype == np.int32


rows = st.sets(st.integers(0, 40))


@given(rows, rows)
def test_ranges_of_rows_are_those_rows(chosen, held):
    """However they are cut, rows are told apart, and the parts of an array are those in them."""
    ranges = RowRanges.of(range(row, row + 1) for row in chosen)
    assert ranges.rows().tolist() == sorted(chosen)
    assert len(ranges) == len(chosen)
    assert {row for row in range(42) if row in ranges} == chosen
    assert len(ranges.edges) == len(set(ranges.edges.tolist())), "no two ranges touch"
    array = np.array(sorted(held), dtype=np.int32)
    rows_in, values = ranges.select(array, 0.5 * array)
    assert rows_in.tolist() == sorted(chosen & held)
    assert values.tolist() == [0.5 * row for row in rows_in]
