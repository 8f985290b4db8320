"""The built index on disk: verified on every open, whole for every reader."""

import json
import threading

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
    assert list(fields["files"]) == ["passages.jsonl"]
    assert list(fields["documents"]) == ["harbour.txt"]
    assert fields["passages"] == 5


def test_open_gives_back_the_passages_as_they_were_split(harbour_index):
    """Text, place, offsets and terms come back from the disk unchanged."""
    manifest, passages = store.open_build(harbour_index)
    texts = [Paragraph(p.paragraph, p.text, p.section) for p in passages]
    document = Document("harbour.txt", "The harbour of Lowmere", tuple(texts))
    assert passages == list(split_passages(document))
    assert manifest.passages == len(passages) == 5


@given(st.text(min_size=1), st.text(), st.none() | st.text())
@quick
def test_line_of_a_passage_gives_back_the_passage(text, title, section):
    """Any text survives being written as one line and read again."""
    document = Document("a\u2028b.txt", title, (Paragraph(1, text, section),))
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


def test_manifest_with_any_byte_changed_is_refused(harbour_index):
    """Every single byte of the manifest is guarded."""
    whole = _manifest(harbour_index).read_bytes()
    for position in range(len(whole)):
        _flip(_manifest(harbour_index), position)
        with pytest.raises(IndexUnusableError):
            store.read_manifest(harbour_index)
        _manifest(harbour_index).write_bytes(whole)
    assert store.read_manifest(harbour_index).passages == 5


@pytest.mark.parametrize("file", [_manifest, _passages])
@pytest.mark.parametrize("where", [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
def test_flipped_byte_is_never_trusted_and_is_rebuilt(harbour_corpus, harbour_index, file, where):
    """One wrong byte refuses the index, and the next build says why it replaced it."""
    path = file(harbour_index)
    _flip(path, int(where * (path.stat().st_size - 1)))
    with pytest.raises(IndexUnusableError) as refusal:
        Searcher.open(harbour_index)
    report = build_index(harbour_corpus, harbour_index)
    assert report.replaced == refusal.value.reason
    assert (report.unchanged, report.added) == (False, ["harbour.txt"])
    assert Searcher.open(harbour_index).search([WeightedText("lighthouse")], 1)
    assert len(list(harbour_index.glob("build-*"))) == 1


@pytest.mark.parametrize("file", [_manifest, _passages])
@pytest.mark.parametrize("kept", [0, 1, 100, -1])
def test_torn_file_is_refused(harbour_index, file, kept):
    """A file that ends early is no index."""
    path = file(harbour_index)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexUnusableError):
        Searcher.open(harbour_index)


@pytest.mark.parametrize(
    "content", [b"null", b"[]", b"{}", b'"x"', b"7", b"\xff\xfe", b'{"format_version": 1}', b"NaN"]
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


def test_lost_build_is_reported_and_rebuilt(harbour_corpus, harbour_index):
    """A manifest without its files is unusable, and the next build repairs it."""
    _passages(harbour_index).unlink()
    with pytest.raises(IndexUnusableError, match=r"passages\.jsonl cannot be read"):
        Searcher.open(harbour_index)
    assert build_index(harbour_corpus, harbour_index).replaced == "passages.jsonl cannot be read"
    assert len(Searcher.open(harbour_index).passages) == 5


@pytest.mark.parametrize("version", [0, 2, None, "1"])
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
    assert report.replaced == f"it has format version {version}, this program writes 1"
    assert len(Searcher.open(harbour_index).passages) == 5


@pytest.mark.parametrize("setting", ["terms", "max_passage_chars"])
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
    """The files of an index are JSON and an empty lock."""
    names = sorted(path.name for path in harbour_index.rglob("*") if path.is_file())
    assert [name for name in names if name != "build.lock"] == ["manifest.json", "passages.jsonl"]
    assert all(json.loads(line) for line in _passages(harbour_index).read_bytes().splitlines())


def _generation(corpus, number):
    """Write a corpus whose paragraphs all carry one number, as many as the number says."""
    text = "\n\n".join(f"Storm {number} sank boat {n}." for n in range(number % 7 + 2))
    (corpus / "storms.txt").write_text(text, encoding="utf-8")


def test_readers_see_whole_indexes_during_twenty_rebuilds(tmp_path):
    """A thread opens in a loop while another rebuilds: each open succeeds and is one build."""
    corpus, index_dir = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    _generation(corpus, 0)
    build_index(corpus, index_dir)
    done, seen, failures = threading.Event(), [], []

    def read():
        while not done.is_set():
            try:
                searcher = Searcher.open(index_dir)
            except Exception as error:
                failures.append(error)
                return
            generations = {passage.text.split()[1] for passage in searcher.passages}
            seen.append((generations, len(searcher.passages), searcher.manifest.passages))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 21):
        _generation(corpus, number)
        assert not build_index(corpus, index_dir).unchanged
    done.set()
    reader.join()
    assert failures == []
    assert seen
    for generations, n_passages, promised in seen:
        (generation,) = generations
        assert n_passages == promised == int(generation) % 7 + 2


@pytest.mark.parametrize("rebuilds", [1, 2, 3])
def test_open_survives_rebuilds_between_manifest_and_passages(tmp_path, monkeypatch, rebuilds):
    """A reader whose build is swept under it, once or again, gets the newest whole index."""
    corpus, index_dir = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    _generation(corpus, 0)
    build_index(corpus, index_dir)
    read_passages, left = store._read_passages, list(range(1, rebuilds + 1))

    def slow_read(*arguments):
        if left:
            _generation(corpus, left.pop(0))
            build_index(corpus, index_dir)
        return read_passages(*arguments)

    monkeypatch.setattr(store, "_read_passages", slow_read)
    manifest, passages = store.open_build(index_dir)
    assert {passage.text.split()[1] for passage in passages} == {str(rebuilds)}
    assert manifest.passages == len(passages)


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
