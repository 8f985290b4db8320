"""Finished parts of an encoding: whole or not there, and none is lost."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.vectors import vector_parts
from index.vectors.vector_files import VectorFiles, write_encoded
from index.vectors.vector_parts import VectorParts
from tests.unit.index.vectors.conftest import basis_of, encoded_passage, record_of

RECORD = record_of()


@pytest.fixture
def parts(tmp_path):
    """The parts of an index, none yet."""
    return VectorParts(tmp_path)


def _add(parts, *keys):
    return parts.add(RECORD, basis_of(), [encoded_passage(key, RECORD) for key in keys])


def _held(parts):
    return sorted(files.keys.tolist() for files in parts.all())


def test_parts_are_there_until_they_are_cleared(parts, tmp_path):
    """Each part comes back whole, also to another process; a cleared folder is gone."""
    assert parts.all() == []
    assert _add(parts, 1, 2).keys.tolist() == [1, 2]
    _add(parts, 3)
    assert _held(VectorParts(tmp_path)) == [[1, 2], [3]]
    parts.clear()
    assert (_held(parts), list(tmp_path.iterdir())) == ([], [])
    parts.clear()


def test_parts_of_several_writers_are_all_kept(tmp_path):
    """Those who write at the same time do not touch each other's parts."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: _add(VectorParts(tmp_path), key), range(12)))
    assert _held(VectorParts(tmp_path)) == [[key] for key in range(12)]


def test_damaged_part_is_left_out(parts):
    """What cannot be read is as if it had never been encoded."""
    damaged, _ = _add(parts, 1), _add(parts, 2)
    path = damaged.folder / "encoder-passages.npy"
    path.write_bytes(path.read_bytes()[:-1])
    assert _held(parts) == [[2]]


def test_part_that_cannot_be_opened_now_is_an_error(parts, monkeypatch):
    """Its vectors are not lost: a process may hold too many files, for example."""
    _add(parts, 1)

    def failing(_):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(VectorFiles, "open", failing)
    with pytest.raises(OSError, match="Too many open files"):
        parts.all()


def test_unfinished_part_is_no_part(parts, tmp_path, monkeypatch):
    """A crash while a part is written leaves what nobody reads, and `clear` removes it."""
    _add(parts, 1)

    def crashed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patches:
        patches.setattr(vector_parts, "sync_file", crashed)
        with pytest.raises(KeyboardInterrupt):
            _add(parts, 2)
    assert len(list((tmp_path / "vectors").glob("new-*"))) == 1
    assert _held(parts) == [[1]]
    parts.clear()
    assert list(tmp_path.iterdir()) == []


def test_vectors_of_a_build_are_kept_when_it_is_removed(parts, tmp_path):
    """What a build that is replaced had is a part like any other, on its own basis."""
    build = tmp_path / "build-1"
    build.mkdir()
    write_encoded(build, RECORD, basis_of(7), [encoded_passage(5, RECORD)])
    (build / "encoder-measures.json").write_text("{}")
    parts.keep(VectorFiles.open(build))
    shutil.rmtree(build)
    (kept,) = parts.all()
    assert (kept.keys.tolist(), kept.record) == ([5], RECORD)
    assert kept.basis.equals(basis_of(7))


def test_merged_parts_are_one(parts):
    """Several parts become one with the same vectors, and the others are removed."""
    _add(parts, 9)
    merged = parts.merge(RECORD, basis_of(), [_add(parts, 4, 1), _add(parts, 2, 4)])
    assert merged.keys.tolist() == [4, 1, 2]
    assert _held(parts) == [[4, 1, 2], [9]]
    for row, key in enumerate(merged.keys.tolist()):
        assert merged.passages[row].tolist() == encoded_passage(key, RECORD).vector.tolist()


def test_parts_of_a_removed_index_are_an_error(tmp_path):
    """The folder of an index that was removed is not made again."""
    with pytest.raises(OSError, match="gone"):
        _add(VectorParts(tmp_path / "gone"), 1)
    assert not (tmp_path / "gone").exists()
