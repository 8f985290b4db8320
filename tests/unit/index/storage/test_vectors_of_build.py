"""The vectors in a built index: mapped, verified with the rest, and refused if damaged."""

import hashlib
import json
import mmap

import numpy as np
import pytest

from index import IndexUnusableError, Searcher, Tier, WeightedText, arrays, build_index
from index.storage import build_files
from index.storage import manifest as manifest_module
from index.storage.build_files import open_build

FILES = [
    "encoder-first-line.npy",
    "encoder-first-token.npy",
    "encoder-keys.npy",
    "encoder-line-ends.npy",
    "encoder-lines.npy",
    "encoder-measures.json",
    "encoder-passages.npy",
    "encoder-piece-frequencies.npy",
    "encoder-pieces.npy",
    "encoder-token-directions.npy",
    "encoder-token-mean.npy",
    "encoder-tokens.npy",
    "encoder.json",
]


@pytest.fixture
def encoded(harbour_corpus, tmp_path, model):
    """The folder of an index with the vectors of the made-up model."""
    report = build_index(harbour_corpus, tmp_path / "index", encoder=model.choice)
    assert (report.vectors_are_pending, report.encoder_problem) == (False, None)
    return tmp_path / "index"


@pytest.fixture
def _large(monkeypatch):
    """Any index counts as too large to be verified whole whenever it is opened."""
    monkeypatch.setattr(build_files, "_MAX_VERIFIED_BYTES", 0)
    monkeypatch.setattr(build_files, "_ALWAYS_VERIFIED_BYTES", 0)


def _file(index_dir, name):
    (path,) = index_dir.glob(f"build-*/{name}")
    return path


def _sign(index_dir, path):
    """Write the checksum and size of a changed file into the manifest."""
    manifest = index_dir / "manifest.json"
    told = json.loads(manifest.read_bytes())
    told["files"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    told["sizes"][path.name] = path.stat().st_size
    del told["checksum"]
    told["checksum"] = manifest_module.checksum_of_fields(told)
    manifest.write_text(json.dumps(told), encoding="utf-8")


def test_manifest_names_the_vectors_and_their_model(encoded, model):
    """The files of the vectors have checksums like all others, and nothing else is left."""
    manifest = open_build(encoded).manifest
    assert [name for name in sorted(manifest.files) if name.startswith("encoder")] == FILES
    assert (manifest.encoder, manifest.encoder_hash) == ("", model.sha256)
    assert (manifest.encoder_problem, manifest.vectors_are_pending) == (None, False)
    assert {path.name for path in encoded.iterdir()} - {"build.lock"} == {
        "manifest.json",
        manifest.build,
    }


@pytest.mark.parametrize("name", FILES)
def test_flipped_byte_in_a_file_of_vectors_is_found_and_rebuilt(
    harbour_corpus, encoded, model, name
):
    """One wrong byte refuses the index, and the next build encodes anew."""
    path = _file(encoded, name)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexUnusableError, match=f"the size or checksum of {name} is wrong"):
        open_build(encoded)
    model.read.clear()
    report = build_index(harbour_corpus, encoded, encoder=model.choice)
    assert report.replaced == f"the size or checksum of {name} is wrong"
    assert any("lighthouse" in text for text in model.read)
    assert Searcher.open(encoded).tier is Tier.ENCODER


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kept", [0, -1, None])
def test_torn_or_lost_file_of_vectors_of_a_large_index_is_refused(encoded, name, kept):
    """Sizes are looked at however large the index is."""
    path = _file(encoded, name)
    if kept is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexUnusableError):
        open_build(encoded)


@pytest.mark.parametrize("name", FILES)
def test_file_of_vectors_of_another_form_is_refused(harbour_corpus, encoded, model, name):
    """What its checksum lets pass is refused when it is opened, and the next build replaces it."""
    path = _file(encoded, name)
    path.write_bytes(b"[1, 2]")
    _sign(encoded, path)
    with pytest.raises(IndexUnusableError, match="a file of it cannot be read"):
        open_build(encoded)
    (harbour_corpus / "new.txt").write_text("The gong rang.", encoding="utf-8")
    report = build_index(harbour_corpus, encoded, encoder=model.choice)
    assert (report.replaced or "").startswith("a file of it cannot be read")
    assert Searcher.open(encoded).tier is Tier.ENCODER


def test_vectors_of_another_number_of_passages_are_refused(
    encoded, harbour_corpus, model, tmp_path
):
    """Vectors that are whole, but of another index, are not those of this one."""
    (harbour_corpus / "new.txt").write_text("The gong rang.", encoding="utf-8")
    build_index(harbour_corpus, tmp_path / "other", encoder=model.choice)
    for name in FILES:
        _file(encoded, name).write_bytes(_file(tmp_path / "other", name).read_bytes())
        _sign(encoded, _file(encoded, name))
    with pytest.raises(IndexUnusableError, match="its files do not fit together"):
        open_build(encoded)


def test_vectors_of_an_index_are_mapped_and_of_unit_length(encoded, monkeypatch):
    """Every array that is not small is a read-only memory map; vectors have length 1."""
    monkeypatch.setattr(arrays, "_MAX_READ_BYTES", 0)
    opened = open_build(encoded)
    assert opened.vectors is not None
    files = opened.vectors.files
    assert len(files) == len(opened.passages) == 5
    for array in (files.passages, files.lines, files.tokens, files.pieces, files.keys):
        assert isinstance(_memory_of(array), mmap.mmap)
        assert not array.flags.writeable
    for array in (files.passages, files.lines):
        assert np.linalg.norm(array, axis=1) == pytest.approx(np.ones(len(array)), abs=1e-5)
    n_lines = [len(opened.passages.text_with_lines(row)[1]) for row in range(5)]
    assert np.diff(files.first_line).tolist() == n_lines


def _memory_of(array):
    """Return what holds the bytes of an array."""
    while isinstance(array, np.ndarray | memoryview):
        array = array.base if isinstance(array, np.ndarray) else array.obj
    return array


def test_index_with_vectors_is_searched_by_words_where_that_is_asked(encoded):
    """The same index serves both tiers."""
    for tier in Tier:
        searcher = Searcher.open(encoded, tier)
        assert searcher.tier is tier
        (hit,) = searcher.search([WeightedText("lighthouse")], 1)
        assert "lighthouse" in hit.passage.text
