"""The built index on disk: verified on every open, whole for every reader."""

import hashlib
import json
import mmap

import numpy as np
import pytest

from index import (
    IndexMissingError,
    IndexUnusableError,
    Searcher,
    Tier,
    WeightedText,
    arrays,
    build_index,
)
from index.documents import Document, Paragraph
from index.lexical.postings import COUNT_KINDS, KINDS
from index.lexical.vocabulary import VOCABULARY_FILES
from index.passages.passage_file import PassageLines
from index.passages.split_passages import split_passages
from index.storage import build_files
from index.storage import manifest as manifest_module


def _manifest(index_dir):
    return index_dir / "manifest.json"


def _passages(index_dir):
    (path,) = index_dir.glob("build-*/passages.jsonl")
    return path


FIELDS = ["beginnings", "contexts", "introduced", "stems", "surfaces"]
FIELD_FILES = sorted(
    [*(f"{name}.npy" for name in KINDS | COUNT_KINDS), *VOCABULARY_FILES],
)
FILES = [
    *(f"{field}/{name}" for field in FIELDS for name in FIELD_FILES),
    "changed-at.npy",
    "editions.json",
    "first-copies.npy",
    "first-rows.npy",
    "first-sentences.npy",
    "languages.json",
    "passage-checksums.npy",
    "passage-hashes.npy",
    "passage-starts.npy",
    "passages.jsonl",
    "related.txt",
    "sources.json",
    "synonyms.txt",
    "words.txt",
]
# One of each kind: what a field's files are is the same for all of them.
SOME_FILES = [name for name in FILES if not name.startswith(tuple(FIELDS[:3] + FIELDS[4:]))]


def _file(index_dir, name):
    if name == "manifest.json":
        return _manifest(index_dir)
    (path,) = index_dir.glob(f"build-*/{name}")
    return path


def _flip(path, position):
    """Change one bit of a byte; a negative position counts from the end."""
    data = bytearray(path.read_bytes())
    data[position] ^= 0x01
    path.write_bytes(data)


def test_manifest_says_what_the_index_is(harbour_index):
    """The manifest carries version, fingerprint, analysis settings, counts and checksums."""
    told = json.loads(_manifest(harbour_index).read_bytes())
    assert told["format_version"] == manifest_module.FORMAT_VERSION
    assert told["analysis"] == manifest_module.ANALYSIS_SETTINGS
    assert len(told["corpus_fingerprint"]) == len(told["checksum"]) == 64
    assert (harbour_index / told["build"]).is_dir()
    assert sorted(told["files"]) == sorted(told["sizes"]) == sorted(FILES)
    build = harbour_index / told["build"]
    for name in FILES:
        data = (build / name).read_bytes()
        assert told["sizes"][name] == len(data)
        assert told["files"][name] == hashlib.sha256(data).hexdigest()
    assert (told["encoder"], told["encoder_hash"], told["encoder_problem"]) == (None, None, None)
    assert (told["documents"], told["passages"]) == (1, 5)
    assert list(json.loads((build / "sources.json").read_bytes())["documents"]) == ["harbour.txt"]


def test_open_gives_back_the_passages_as_they_were_split(harbour_index):
    """Text, place, offsets and words come back from the disk unchanged."""
    opened = build_files.open_build(harbour_index)
    manifest, passages = opened.manifest, opened.passages
    texts = [Paragraph(p.paragraph, p.text, p.section, p.page) for p in passages]
    document = Document("harbour.txt", "The harbour of Lowmere", tuple(texts))
    assert list(passages) == list(split_passages(document))
    assert manifest.passages == len(passages) == 5
    assert opened.words == sorted({word for p in passages for word in p.words})


def test_rows_of_a_document_are_found_without_the_table_of_sources(harbour_corpus, harbour_index):
    """Each document's rows follow from the passages alone; other names have none."""
    for name in ("a.txt", "a/b.txt", "b.txt", "z.txt", "\u00e9.txt", "\U0001f600.txt"):
        (harbour_corpus / name).parent.mkdir(exist_ok=True)
        (harbour_corpus / name).write_text("One came.\n\nTwo went.", encoding="utf-8")
    build_index(harbour_corpus, harbour_index)
    opened = build_files.open_build(harbour_index)
    told = opened.rows_of_documents
    _file(harbour_index, "sources.json").unlink()
    assert len(told) == opened.manifest.documents == 7
    places = opened.lookup
    assert {source: places.rows_of(source) for source in told} == told
    for other in ("", "a", "a.tx", "harbour.txt.txt", "zz.txt", "\U0010ffff"):
        assert not places.rows_of(other)


def test_open_gives_back_the_synonyms_of_the_owner_before_the_general_ones(harbour_index):
    """The owner's rules and those of the package are one set."""
    rules = build_files.open_build(harbour_index).synonyms.rules
    assert rules[("skipper",)] == (("captain",),)
    assert ("prime", "minister") in rules[("pm",)]


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_open_without_an_index_says_how_to_build_one(tmp_path, name):
    """A missing or empty folder is an index that was never built."""
    with pytest.raises(IndexMissingError, match="no index yet; build it with 'pullquote rebuild'"):
        Searcher.open(tmp_path / name)


@pytest.mark.parametrize("name", ["manifest.json", *SOME_FILES])
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


@pytest.mark.parametrize("limit", [build_files._MAX_VERIFIED_BYTES, 0])
@pytest.mark.parametrize("name", ["manifest.json", *SOME_FILES])
@pytest.mark.parametrize("kept", [0, 1, -1])
def test_torn_file_is_refused(harbour_index, monkeypatch, limit, name, kept):
    """A file that ends early is no index, however large the index is."""
    monkeypatch.setattr(build_files, "_MAX_VERIFIED_BYTES", limit)
    path = _file(harbour_index, name)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexUnusableError):
        Searcher.open(harbour_index)


@pytest.mark.parametrize("name", FILES)
def test_flipped_byte_in_any_file_is_found(harbour_index, name):
    """No file of a small index is left out when it is verified."""
    path = _file(harbour_index, name)
    _flip(path, path.stat().st_size - 1)
    with pytest.raises(IndexUnusableError, match=f"the size or checksum of {name} is wrong"):
        Searcher.open(harbour_index)


@pytest.mark.parametrize("name", SOME_FILES)
def test_lost_file_is_reported_and_rebuilt(harbour_corpus, harbour_index, name):
    """A manifest without one of its files is unusable, and the next build repairs it."""
    _file(harbour_index, name).unlink()
    with pytest.raises(IndexUnusableError, match=f"{name} cannot be read"):
        Searcher.open(harbour_index)
    assert build_index(harbour_corpus, harbour_index).replaced == f"{name} cannot be read"
    assert len(Searcher.open(harbour_index).passages) == 5


def test_array_with_objects_is_refused_though_its_checksum_is_right(harbour_index):
    """A pickled array is never loaded, even if its checksum is right."""
    path = _file(harbour_index, "first-copies.npy")
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    _sign(harbour_index, path)
    with pytest.raises(IndexUnusableError, match=r"cannot be read: .*is no array"):
        Searcher.open(harbour_index)


def _sign(index_dir, path):
    """Write the checksum and size of a changed file into the manifest."""
    told = json.loads(_manifest(index_dir).read_bytes())
    told["files"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    told["sizes"][path.name] = path.stat().st_size
    del told["checksum"]
    told["checksum"] = manifest_module.checksum_of_fields(told)
    _manifest(index_dir).write_text(json.dumps(told), encoding="utf-8")


def test_index_whose_files_do_not_fit_is_reported_and_rebuilt(harbour_corpus, harbour_index):
    """Where all checksums are right, opening may still find what cannot be taken over."""
    path = _file(harbour_index, "changed-at.npy")
    np.save(path, np.zeros(7, dtype=np.int64))
    _sign(harbour_index, path)
    (harbour_corpus / "new.txt").write_text("The gong rang.", encoding="utf-8")
    report = build_index(harbour_corpus, harbour_index)
    assert report.replaced == "a file of it cannot be read: its files do not fit together"
    assert len(Searcher.open(harbour_index).passages) == 6


def test_index_holds_no_pickle(harbour_index):
    """The files of an index are JSON, lines of text, plain arrays and an empty lock."""
    (build,) = harbour_index.glob("build-*")
    paths = [path for path in harbour_index.rglob("*") if path.is_file()]
    inside = sorted(path.relative_to(build).as_posix() for path in paths if build in path.parents)
    assert inside == sorted(FILES)
    beside = {path.name for path in paths if build not in path.parents}
    assert beside - {"build.lock"} == {"manifest.json"}
    assert all(json.loads(line) for line in _passages(harbour_index).read_bytes().splitlines())
    arrays = [path for path in paths if path.suffix == ".npy"]
    assert len(arrays) == len(FILES) - 7
    for path in arrays:
        assert np.load(path, allow_pickle=False).dtype.kind in "fiu"
        assert path.read_bytes().startswith(b"\x93NUMPY")


# A large index


@pytest.fixture
def _large(monkeypatch):
    """Any index counts as too large to be verified whole whenever it is opened."""
    monkeypatch.setattr(build_files, "_MAX_VERIFIED_BYTES", 0)
    monkeypatch.setattr(build_files, "_ALWAYS_VERIFIED_BYTES", 0)


@pytest.mark.usefixtures("_large")
def test_line_with_a_flipped_byte_is_never_read(harbour_index):
    """Of a large index every fifth byte of the lines is changed: one passage is refused, no more.

    The passages that are whole come back as they were.
    """
    path = _passages(harbour_index)
    whole, passages = path.read_bytes(), list(build_files.open_build(harbour_index).passages)
    row_of = [row for row, line in enumerate(whole.splitlines(keepends=True)) for _ in line]
    build_files.open_build(harbour_index)  # lets the damage below pass: the sizes are right
    for position in range(0, len(whole), 5):
        _flip(path, position)
        opened, _ = PassageLines.open(path.parent)
        for row, passage in enumerate(passages):
            if row == row_of[position]:
                with pytest.raises(IndexUnusableError, match=f"text of passage {row} is corrupt"):
                    opened[row]
            else:
                assert opened[row] == passage
        path.write_bytes(whole)


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("name", ["passages.jsonl", "passage-starts.npy", "passage-checksums.npy"])
def test_question_whose_answer_is_damaged_is_no_wrong_quote(harbour_index, name):
    """The quote that is damaged is an error; questions that others answer still are answered."""
    path = _file(harbour_index, name)
    _flip(path, {"passages.jsonl": -20, "passage-starts.npy": -16}.get(name, -1))
    searcher = Searcher.open(harbour_index, Tier.LEXICAL)
    with pytest.raises(IndexUnusableError, match="the text of passage 4 is corrupt"):
        searcher.search([WeightedText("choir on the pier")], 1)
    (hit,) = searcher.search([WeightedText("herring")], 1)
    assert hit.passage.text.startswith("Herring boats")


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("name", [name for name in SOME_FILES if name != "sources.json"])
def test_rebuild_finds_a_flipped_byte_in_any_file_of_a_large_index(
    harbour_corpus, harbour_index, name
):
    """A mere start goes by sizes; when told to rebuild, every byte is looked at."""
    path = _file(harbour_index, name)
    whole = path.read_bytes()
    _flip(path, len(whole) - 1)
    assert build_index(harbour_corpus, harbour_index, thorough=False).unchanged
    report = build_index(harbour_corpus, harbour_index)
    assert (report.unchanged, report.replaced) == (
        False,
        f"the size or checksum of {name} is wrong",
    )
    assert _file(harbour_index, name).read_bytes() == whole
    assert build_index(harbour_corpus, harbour_index).unchanged


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("where", [0.0, 0.5, 1.0])
def test_start_finds_a_flipped_byte_in_the_table_of_sources(harbour_corpus, harbour_index, where):
    """What a start goes by is verified however large the index is, and not needed to answer."""
    path = _file(harbour_index, "sources.json")
    _flip(path, int(where * (path.stat().st_size - 1)))
    assert Searcher.open(harbour_index).search([WeightedText("lighthouse")], 1)
    report = build_index(harbour_corpus, harbour_index, thorough=False)
    assert report.replaced == "the size or checksum of sources.json is wrong"
    assert build_index(harbour_corpus, harbour_index, thorough=False).unchanged


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("name", ["passages.jsonl", "first-copies.npy", "first-rows.npy"])
@pytest.mark.parametrize("thorough", [True, False])
def test_damage_of_a_large_index_is_not_handed_on(
    harbour_corpus, harbour_index, tmp_path, name, thorough
):
    """A build that takes over what is unchanged takes over nothing damaged, at a start neither."""
    path = _file(harbour_index, name)
    _flip(path, path.stat().st_size - 2)
    (harbour_corpus / "new.txt").write_text("The gong rang.", encoding="utf-8")
    report = build_index(harbour_corpus, harbour_index, thorough=thorough)
    assert report.replaced == f"the size or checksum of {name} is wrong"
    build_index(harbour_corpus, tmp_path / "fresh")
    for one in FILES:
        assert _file(harbour_index, one).read_bytes() == _file(tmp_path / "fresh", one).read_bytes()


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("mark", [b"NUMPY", b"(", b"False", b"shape"])
@pytest.mark.parametrize("name", ["first-rows.npy", "passage-starts.npy", "stems/rows.npy"])
def test_array_of_a_large_index_with_a_broken_head_is_refused(harbour_index, name, mark):
    """What an array says of itself is looked at when it is opened; it ends in no other error."""
    path = _file(harbour_index, name)
    _flip(path, path.read_bytes().index(mark))
    with pytest.raises(IndexUnusableError):
        Searcher.open(harbour_index)


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize(
    "name", ["changed-at.npy", "first-rows.npy", "first-sentences.npy", "passage-checksums.npy"]
)
def test_array_of_a_large_index_that_says_it_is_shorter_is_refused(harbour_index, name):
    """An array whose head names fewer entries than there are is an unusable index."""
    path = _file(harbour_index, name)
    data = path.read_bytes()
    count = len(np.load(path))
    path.write_bytes(data.replace(b"(%d,)" % count, b"(%d,)" % (count - 1)))
    assert len(np.load(path)) == count - 1
    with pytest.raises(IndexUnusableError):
        Searcher.open(harbour_index)


def test_index_of_stop_words_has_no_words(tmp_path):
    """A corpus without a word that carries meaning is an index all the same."""
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "a.txt").write_text("It is what it is.", encoding="utf-8")
    build_index(tmp_path / "only", tmp_path / "index")
    assert build_files.open_build(tmp_path / "index").words == []


# The files of vectors

VECTOR_FILES = [
    "encoder-first-line.npy",
    "encoder-first-token.npy",
    "encoder-keys.npy",
    "encoder-line-ends.npy",
    "encoder-lines.npy",
    "encoder-measures.json",
    "encoder-off-topic.npy",
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


def test_manifest_names_the_vectors_and_their_model(encoded, model):
    """The files of the vectors have checksums like all others, and nothing else is left."""
    manifest = build_files.open_build(encoded).manifest
    assert [name for name in sorted(manifest.files) if name.startswith("encoder")] == VECTOR_FILES
    assert (manifest.encoder, manifest.encoder_hash) == ("", model.sha256)
    assert (manifest.encoder_problem, manifest.vectors_are_pending) == (None, False)
    assert {path.name for path in encoded.iterdir()} - {"build.lock"} == {
        "manifest.json",
        manifest.build,
    }


@pytest.mark.parametrize("name", VECTOR_FILES)
def test_flipped_byte_in_a_file_of_vectors_is_found_and_rebuilt(
    harbour_corpus, encoded, model, name
):
    """One wrong byte refuses the index, and the next build encodes anew."""
    path = _file(encoded, name)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexUnusableError, match=f"the size or checksum of {name} is wrong"):
        build_files.open_build(encoded)
    model.read.clear()
    report = build_index(harbour_corpus, encoded, encoder=model.choice)
    assert report.replaced == f"the size or checksum of {name} is wrong"
    assert any("lighthouse" in text for text in model.read)
    assert Searcher.open(encoded).tier is Tier.ENCODER


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("name", VECTOR_FILES)
@pytest.mark.parametrize("kept", [0, -1, None])
def test_torn_or_lost_file_of_vectors_of_a_large_index_is_refused(encoded, name, kept):
    """Sizes are looked at however large the index is."""
    path = _file(encoded, name)
    if kept is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexUnusableError):
        build_files.open_build(encoded)


@pytest.mark.parametrize("name", VECTOR_FILES)
def test_file_of_vectors_of_another_form_is_refused(harbour_corpus, encoded, model, name):
    """What its checksum lets pass is refused when it is opened, and the next build replaces it."""
    path = _file(encoded, name)
    path.write_bytes(b"[1, 2]")
    _sign(encoded, path)
    with pytest.raises(IndexUnusableError, match="a file of it cannot be read"):
        build_files.open_build(encoded)
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
    for name in VECTOR_FILES:
        _file(encoded, name).write_bytes(_file(tmp_path / "other", name).read_bytes())
        _sign(encoded, _file(encoded, name))
    with pytest.raises(IndexUnusableError, match="its files do not fit together"):
        build_files.open_build(encoded)


def test_vectors_of_an_index_are_mapped_and_of_unit_length(encoded, monkeypatch):
    """Every array that is not small is a read-only memory map; vectors have length 1."""
    monkeypatch.setattr(arrays, "_MAX_READ_BYTES", 0)
    opened = build_files.open_build(encoded)
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
