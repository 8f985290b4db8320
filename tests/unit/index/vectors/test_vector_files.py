"""The files of vectors: gathered from anywhere, they are what would be written at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.vectors.vector_files import (
    PassageText,
    VectorFiles,
    gather,
    write_encoded,
)
from tests.unit.index.vectors.conftest import basis_of, encoded_passage, record_of

quick = settings(max_examples=80, deadline=None, derandomize=True)

PARTS = [(lines, tokens) for lines in (True, False) for tokens in (True, False)]


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def _content(folder):
    return {name: (folder / name).read_bytes() for name in _names(folder)}


def _write(folder, record, keys):
    folder.mkdir()
    basis = basis_of() if record.has_tokens else None
    write_encoded(folder, record, basis, [encoded_passage(key, record) for key in keys])
    return VectorFiles.open(folder)


keys_of_sources = st.lists(
    st.lists(st.integers(0, 40), min_size=1, max_size=9, unique=True), min_size=1, max_size=4
)


@given(keys_of_sources, st.data())
@quick
def test_gathered_files_are_those_of_one_writing(tmp_path_factory, of_sources, data):
    """Several sources, any order, keys in several sources and repeated ones, any kind of vectors.

    The sources may have lines and tokens that are not asked for.
    """
    has_lines, has_tokens = data.draw(st.sampled_from(PARTS))
    record = record_of(has_lines=has_lines, has_tokens=has_tokens)
    held = [key for keys in of_sources for key in keys]
    keys = data.draw(st.lists(st.sampled_from(held), min_size=1, max_size=20))
    place = tmp_path_factory.mktemp("gathered")
    sources = []
    for number, source_keys in enumerate(of_sources):
        more_lines = has_lines or data.draw(st.booleans())
        more_tokens = has_tokens or data.draw(st.booleans())
        more = record_of(has_lines=more_lines, has_tokens=more_tokens)
        sources.append(_write(place / str(number), more, source_keys))
    (place / "made").mkdir()
    gather(place / "made", record, basis_of() if has_tokens else None, keys, sources)
    made = VectorFiles.open(place / "made")
    assert made.keys.tolist() == keys
    _write(place / "once", record, keys)
    assert _content(place / "made") == _content(place / "once")


@pytest.mark.parametrize(("has_lines", "has_tokens"), PARTS)
def test_written_vectors_come_back(tmp_path, has_lines, has_tokens):
    """Each passage has its own lines and tokens; what was not made is not there."""
    record, keys = record_of(has_lines=has_lines, has_tokens=has_tokens), [5, 2**64 - 1, 7]
    files = _write(tmp_path / "files", record, keys)
    assert (len(files), files.record, (files.basis is None)) == (3, record, not has_tokens)
    assert files.rows == {5: 0, 2**64 - 1: 1, 7: 2}
    for row, key in enumerate(keys):
        expected = encoded_passage(key, record)
        lines = slice(*files.first_line[[row, row + 1]])
        tokens = slice(*files.first_token[[row, row + 1]])
        assert files.passages[row].tolist() == expected.vector.tolist()
        assert files.lines[lines].tolist() == expected.lines.tolist()
        assert files.tokens[tokens].tolist() == expected.tokens.tolist()
        assert files.pieces[tokens].tolist() == expected.pieces.tolist()
        assert files.line_ends[lines].tolist() == expected.line_ends.tolist()


NAMES = [
    "encoder.json",
    "encoder-first-line.npy",
    "encoder-first-token.npy",
    "encoder-keys.npy",
    "encoder-line-ends.npy",
    "encoder-lines.npy",
    "encoder-passages.npy",
    "encoder-pieces.npy",
    "encoder-token-directions.npy",
    "encoder-token-mean.npy",
    "encoder-tokens.npy",
]


def test_files_have_their_names(tmp_path):
    """These are all files of vectors."""
    _write(tmp_path / "files", record_of(), [1, 2])
    assert _names(tmp_path / "files") == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", ["cut", "empty", "other", "gone"])
def test_damaged_file_is_an_error_of_its_own(tmp_path, name, damage):
    """A file that is cut off, empty, of something else or missing is no file of vectors."""
    path = _write(tmp_path / "files", record_of(), [1, 2, 3]).folder / name
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes({"cut": data[:-1], "empty": b"", "other": b"[1, 2]"}[damage])
    with pytest.raises((ValueError, OSError)):
        VectorFiles.open(path.parent)


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith(".npy") and "token-" not in n])
def test_files_that_do_not_fit_together_are_refused(tmp_path, name):
    """An array of another index's length does not pass for that of this one."""
    files = _write(tmp_path / "files", record_of(), [1, 2, 3])
    other = _write(tmp_path / "other", record_of(), range(10, 30))
    (files.folder / name).write_bytes((other.folder / name).read_bytes())
    with pytest.raises(ValueError, match="do not fit together"):
        VectorFiles.open(files.folder)


def test_record_without_its_fields_is_refused(tmp_path):
    """JSON of another form is no record."""
    files = _write(tmp_path / "files", record_of(), [1])
    (files.folder / "encoder.json").write_text('{"name": ""}')
    with pytest.raises(ValueError, match=r"encoder\.json is not whole"):
        VectorFiles.open(files.folder)


def test_key_tells_texts_and_lines_apart():
    """The same text with the same lines has the same key, also with a lone surrogate."""
    keys = [
        PassageText(text, lines).key
        for text in ("Eels.", "eels.", "\ud800", "")
        for lines in ((), ((0, 5),), ((0, 4),), ((0, 2), (2, 5)))
    ]
    assert len(set(keys)) == len(keys) == 16
    assert all(0 <= key < 2**64 for key in keys)
    assert PassageText("Eels.", ((0, 5),)).key == PassageText("Eels.", ((0, 5),)).key == keys[1]


def test_files_of_one_passage_without_tokens_or_lines(tmp_path):
    """A passage without any line or token is written and gathered like another."""
    record = record_of()
    empty = next(
        key
        for key in range(1000)
        if not len(encoded_passage(key, record).tokens)
        and not len(encoded_passage(key, record).lines)
    )
    files = _write(tmp_path / "files", record, [empty])
    assert (files.tokens.shape, files.lines.shape) == ((0, 8), (0, 8))
    (tmp_path / "made").mkdir()
    gather(tmp_path / "made", record, basis_of(), [empty, empty], [files])
    assert np.array_equal(VectorFiles.open(tmp_path / "made").keys, [empty, empty])
