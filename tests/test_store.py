"""The built index on disk: verified on every open, whole for every reader."""

import hashlib
import json

import nltk
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import IndexMissingError, IndexUnusableError, Searcher, WeightedText, build_index, store
from index.documents import Document, Paragraph
from index.passages import split_passages

quick = settings(max_examples=60, deadline=None, derandomize=True)


def _manifest(index_dir):
    return index_dir / "manifest.json"


def _passages(index_dir):
    (path,) = index_dir.glob("build-*/passages.jsonl")
    return path


FILES = [
    "passages.jsonl",
    "related.txt",
    "static-passages.npy",
    "static-sentences.npy",
    "static-words.npy",
    "synonyms.txt",
    "words.txt",
]


def _file(index_dir, name):
    if name == "manifest.json":
        return _manifest(index_dir)
    (path,) = index_dir.glob(f"build-*/{name}")
    return path


@pytest.fixture(autouse=True)
def _no_empty_file(harbour_corpus, nltk_data, monkeypatch):
    """The harbour corpus has synonyms of its own and a WordNet that knows boats."""
    (harbour_corpus / "synonyms.txt").write_text("skipper => captain\n", encoding="utf-8")
    monkeypatch.setattr(nltk.data, "path", [str(nltk_data)])


def _flip(path, position):
    data = bytearray(path.read_bytes())
    data[position] ^= 0x01
    path.write_bytes(data)


def test_manifest_says_what_the_index_is(harbour_index):
    """The manifest carries version, fingerprint, analysis settings, counts and checksums."""
    fields = json.loads(_manifest(harbour_index).read_bytes())
    assert fields["format_version"] == store.FORMAT_VERSION
    assert fields["analysis"] == store.ANALYSIS_SETTINGS
    assert len(fields["corpus_fingerprint"]) == len(fields["checksum"]) == 64
    assert (harbour_index / fields["build"]).is_dir()
    assert sorted(fields["files"]) == FILES
    assert (fields["neural_model"], fields["neural_problem"]) == (None, None)
    assert list(fields["documents"]) == ["harbour.txt"]
    assert fields["passages"] == 5


def test_open_gives_back_the_passages_as_they_were_split(harbour_index):
    """Text, place, offsets and words come back from the disk unchanged."""
    opened = store.open_build(harbour_index)
    manifest, passages = opened.manifest, opened.passages
    texts = [Paragraph(p.paragraph, p.text, p.section, p.page) for p in passages]
    document = Document("harbour.txt", "The harbour of Lowmere", tuple(texts))
    assert passages == list(split_passages(document))
    assert manifest.passages == len(passages) == 5
    assert opened.words.words == sorted({word for p in passages for word in p.words})
    assert len(opened.words.vectors) == len(opened.words.words)


def test_open_gives_back_the_synonyms_of_the_owner_before_the_general_ones(harbour_index):
    """The owner's rules and those of the package are one set."""
    rules = store.open_build(harbour_index).synonyms.rules
    assert rules[("skipper",)] == (("captain",),)
    assert ("prime", "minister") in rules[("pm",)]


def test_line_of_a_passage_keeps_the_names_it_introduces_and_completes():
    """What names add to a passage is written with it."""
    texts = ("Ada Finch dug it.", "Nobody saw Finch again.")
    numbered = tuple(Paragraph(n, text) for n, text in enumerate(texts, start=1))
    first, second = split_passages(Document("a.txt", "Lowmere", numbered))
    assert (first.introduced, second.completed) == (("finch",), ("ada",))
    assert [store._from_line(store._to_line(p)) for p in (first, second)] == [first, second]


@given(st.text(min_size=1), st.text(), st.none() | st.text(), st.none() | st.integers(1))
@quick
def test_line_of_a_passage_gives_back_the_passage(text, title, section, page):
    """Any text survives being written as one line and read again."""
    document = Document("a\u2028b.txt", title, (Paragraph(1, text, section, page),))
    for passage in split_passages(document):
        line = store._to_line(passage)
        assert line.count(b"\n") == 1
        assert line.splitlines() == [line[:-1]]
        assert store._from_line(line) == passage


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_open_without_an_index_says_how_to_build_one(tmp_path, name):
    """A missing or empty folder is an index that was never built."""
    with pytest.raises(IndexMissingError, match="no index yet; build it with 'pullquote rebuild'"):
        Searcher.open(tmp_path / name)


def test_manifest_with_a_byte_changed_is_refused(harbour_index):
    """Every third byte of the manifest, through all of it, is changed and found out."""
    whole = _manifest(harbour_index).read_bytes()
    for position in range(0, len(whole), 3):
        _flip(_manifest(harbour_index), position)
        with pytest.raises(IndexUnusableError):
            store.read_manifest(harbour_index)
        _manifest(harbour_index).write_bytes(whole)
    assert store.read_manifest(harbour_index).passages == 5


@pytest.mark.parametrize("name", ["manifest.json", *FILES])
@pytest.mark.parametrize("where", [0.0, 0.5, 0.8, 1.0])
def test_flipped_byte_is_never_trusted_and_is_rebuilt(harbour_corpus, harbour_index, name, where):
    """One wrong byte refuses the index, and the next build says why it replaced it."""
    path = _file(harbour_index, name)
    _flip(path, int(where * (path.stat().st_size - 1)))
    with pytest.raises(IndexUnusableError) as refusal:
        Searcher.open(harbour_index)
    report = build_index(harbour_corpus, harbour_index)
    assert report.replaced == refusal.value.reason
    assert (report.unchanged, report.added) == (False, ["harbour.txt"])
    assert Searcher.open(harbour_index).search([WeightedText("lighthouse")], 1)
    assert len(list(harbour_index.glob("build-*"))) == 1


@pytest.mark.parametrize("name", ["manifest.json", *FILES])
@pytest.mark.parametrize("kept", [0, 1, -1])
def test_torn_file_is_refused(harbour_index, name, kept):
    """A file that ends early is no index."""
    path = _file(harbour_index, name)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexUnusableError):
        Searcher.open(harbour_index)


@pytest.mark.parametrize(
    "content", [b"null", b"[]", b"{}", b'"x"', b"7", b"\xff\xfe", b'{"format_version": 3}', b"NaN"]
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
        store.read_manifest(harbour_index)


def test_manifest_that_is_a_folder_is_refused(harbour_index):
    """Something unreadable in the manifest's place is an unusable index."""
    _manifest(harbour_index).unlink()
    _manifest(harbour_index).mkdir()
    with pytest.raises(IndexUnusableError, match="directory"):
        Searcher.open(harbour_index)


@pytest.mark.parametrize("name", FILES)
def test_lost_file_is_reported_and_rebuilt(harbour_corpus, harbour_index, name):
    """A manifest without one of its files is unusable, and the next build repairs it."""
    _file(harbour_index, name).unlink()
    with pytest.raises(IndexUnusableError, match=f"{name} cannot be read"):
        Searcher.open(harbour_index)
    assert build_index(harbour_corpus, harbour_index).replaced == f"{name} cannot be read"
    assert len(Searcher.open(harbour_index).passages) == 5


def test_array_with_objects_is_refused_though_its_checksum_is_right(harbour_index):
    """A pickled array is never loaded, whoever signed it."""
    path = _file(harbour_index, "static-words.npy")
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    fields = json.loads(_manifest(harbour_index).read_bytes())
    fields["files"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    del fields["checksum"]
    fields["checksum"] = store._checksum_of_fields(fields)
    _manifest(harbour_index).write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(IndexUnusableError, match=r"static-words\.npy cannot be read"):
        Searcher.open(harbour_index)


@pytest.mark.parametrize("version", [0, 2, 4, None, "3"])
def test_other_format_version_is_reported_and_rebuilt(harbour_corpus, harbour_index, version):
    """An older or newer index is refused by its version and built anew."""
    fields = json.loads(_manifest(harbour_index).read_bytes())
    fields["format_version"] = version
    del fields["checksum"]
    fields["checksum"] = store._checksum_of_fields(fields)
    _manifest(harbour_index).write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(IndexUnusableError, match=f"format version {version}, this program"):
        Searcher.open(harbour_index)
    report = build_index(harbour_corpus, harbour_index)
    assert (
        report.replaced
        == f"it has format version {version}, this program writes {store.FORMAT_VERSION}"
    )
    assert len(Searcher.open(harbour_index).passages) == 5


@pytest.mark.parametrize("setting", ["terms", "max_passage_chars", "static_encoder"])
def test_other_analysis_is_reported_and_rebuilt(
    harbour_corpus, harbour_index, monkeypatch, setting
):
    """An index made by another analysis is refused though its corpus is the same."""
    monkeypatch.setitem(store.ANALYSIS_SETTINGS, setting, "another")
    with pytest.raises(IndexUnusableError, match="other analysis settings"):
        Searcher.open(harbour_index)
    report = build_index(harbour_corpus, harbour_index)
    assert (report.replaced, report.unchanged) == (
        "it was made with other analysis settings",
        False,
    )
    assert Searcher.open(harbour_index).manifest.analysis[setting] == "another"


def test_index_holds_no_pickle(harbour_index):
    """The files of an index are JSON, lines of text, plain arrays and an empty lock."""
    names = sorted(path.name for path in harbour_index.rglob("*") if path.is_file())
    assert [name for name in names if name != "build.lock"] == sorted(["manifest.json", *FILES])
    assert all(json.loads(line) for line in _passages(harbour_index).read_bytes().splitlines())
    for path in harbour_index.glob("build-*/*.npy"):
        assert np.load(path, allow_pickle=False).dtype == np.float32
        assert path.read_bytes().startswith(b"\x93NUMPY")


def test_index_of_stop_words_has_as_many_words_as_vectors(tmp_path):
    """A corpus without a word that carries meaning has no words and no vectors of words."""
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "a.txt").write_text("It is what it is.", encoding="utf-8")
    build_index(tmp_path / "only", tmp_path / "index")
    words = store.open_build(tmp_path / "index").words
    assert len(words.words) == len(words.vectors) == 0


def test_sweep_keeps_the_named_build_and_the_manifest(harbour_index):
    """Leftovers of crashed builds go; the build in force, its manifest and the lock stay."""
    kept = store.read_manifest(harbour_index).build
    (harbour_index / "build-crashed").mkdir()
    (harbour_index / "build-crashed" / "passages.jsonl").write_bytes(b"torn")
    (harbour_index / "manifest.json.build-crashed").write_bytes(b"torn")
    (harbour_index / "notes.txt").write_bytes(b"the owner's")
    store.sweep(harbour_index, keep=kept)
    left = {path.name for path in harbour_index.iterdir()} - {"build.lock"}
    assert left == {kept, "manifest.json", "notes.txt"}
    assert len(Searcher.open(harbour_index).passages) == 5
