"""The manifest of an index: verified on every read, and refused if it is of another version."""

import json
from itertools import pairwise

import pytest

from index import IndexNewerError, IndexUnusableError, Searcher, build_index
from index.storage import manifest as manifest_module


def _manifest(index_dir):
    return index_dir / "manifest.json"


def _flip(path, position):
    """Change one bit of a byte; a negative position counts from the end."""
    data = bytearray(path.read_bytes())
    data[position] ^= 0x01
    path.write_bytes(data)


def test_manifest_with_a_byte_changed_is_refused(harbour_index):
    """Every seventh byte of the manifest, through all of it, is changed and found out."""
    whole = _manifest(harbour_index).read_bytes()
    for position in range(0, len(whole), 7):
        _flip(_manifest(harbour_index), position)
        with pytest.raises(IndexUnusableError):
            manifest_module.read_manifest(harbour_index)
        _manifest(harbour_index).write_bytes(whole)
    assert manifest_module.read_manifest(harbour_index).passages == 5


@pytest.mark.parametrize(
    "content", [b"null", b"[]", b"{}", b'"x"', b"7", b"\xff\xfe", b'{"format_version": 10}', b"NaN"]
)
def test_manifest_that_is_no_manifest_is_refused(harbour_index, content):
    """Valid JSON of another form is refused like no JSON."""
    _manifest(harbour_index).write_bytes(content)
    with pytest.raises(IndexUnusableError, match=r"manifest is corrupt|format version None"):
        Searcher.open(harbour_index)


def test_manifest_nested_too_deep_is_refused(harbour_index):
    """Garbage that exhausts the JSON parser is a corrupt manifest like any other."""
    _manifest(harbour_index).write_bytes(b"[" * 200_000)
    with pytest.raises(IndexUnusableError, match="manifest is corrupt"):
        manifest_module.read_manifest(harbour_index)


def test_manifest_that_is_a_folder_is_refused(harbour_index):
    """Something unreadable in the manifest's place is an unusable index."""
    _manifest(harbour_index).unlink()
    _manifest(harbour_index).mkdir()
    with pytest.raises(IndexUnusableError, match="directory"):
        Searcher.open(harbour_index)


def _with_version(index_dir, version):
    """Give the published index another version, with the right checksum."""
    told = json.loads(_manifest(index_dir).read_bytes())
    told["format_version"] = version
    del told["checksum"]
    told["checksum"] = manifest_module.checksum_of_fields(told)
    _manifest(index_dir).write_text(json.dumps(told), encoding="utf-8")


def test_index_of_a_newer_version_is_refused_and_left_alone(harbour_corpus, harbour_index):
    """Neither opening nor building touches it; the line says what to do."""
    _with_version(harbour_index, manifest_module.FORMAT_VERSION + 1)
    before = {p: p.read_bytes() for p in harbour_index.rglob("*") if p.is_file()}
    for thorough in (True, False):
        with pytest.raises(IndexNewerError, match=r"newer version .*format 11.*; update Pullquote"):
            build_index(harbour_corpus, harbour_index, thorough=thorough)
    with pytest.raises(IndexNewerError):
        Searcher.open(harbour_index)
    assert {p: p.read_bytes() for p in harbour_index.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("version", [0, 4, None, "5"])
def test_other_format_version_is_reported_and_rebuilt(harbour_corpus, harbour_index, version):
    """An older index, or one without a version, is refused and built again."""
    _with_version(harbour_index, version)
    with pytest.raises(IndexUnusableError, match=f"format version {version}, this program"):
        Searcher.open(harbour_index)
    report = build_index(harbour_corpus, harbour_index)
    assert (
        report.replaced
        == f"it has format version {version}, this program writes {manifest_module.FORMAT_VERSION}"
    )
    assert len(Searcher.open(harbour_index).passages) == 5


@pytest.mark.parametrize("setting", ["terms", "max_passage_chars", "reading"])
def test_other_analysis_is_reported_and_rebuilt(
    harbour_corpus, harbour_index, monkeypatch, setting
):
    """An index made by another analysis is refused though its corpus is the same."""
    monkeypatch.setitem(manifest_module.ANALYSIS_SETTINGS, setting, "another")
    with pytest.raises(IndexUnusableError, match="other analysis settings"):
        Searcher.open(harbour_index)
    report = build_index(harbour_corpus, harbour_index)
    assert (report.replaced, report.unchanged) == (
        "it was made with other analysis settings",
        False,
    )
    assert Searcher.open(harbour_index).manifest.analysis[setting] == "another"


def _add(corpus, name, text):
    (corpus / name).write_text(text, encoding="utf-8")


def test_manifest_stamp_changes_with_every_build(harbour_corpus, harbour_index, tmp_path):
    """Each published build has its own stamp; a folder without an index has none."""
    stamps = [manifest_module.manifest_stamp(harbour_index)]
    for n in range(5):
        _add(harbour_corpus, "new.txt", f"Storm number {n} came.")
        build_index(harbour_corpus, harbour_index)
        stamps.append(manifest_module.manifest_stamp(harbour_index))
    assert all(a != b for a, b in pairwise(stamps))
    assert manifest_module.manifest_stamp(tmp_path / "nowhere") is None
