"""A build of what changed: the same files as a full build, and nothing is read twice."""

import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import PassageRef, Searcher, build_index, fingerprint
from index.documents import corpus, read_corpus
from index.storage.build_files import open_build
from index.storage.manifest import read_manifest

TEXTS = {
    "a.md": "# Boats\n\nAda Finch sailed at dawn.\n\nFinch came back with herring.",
    "b.txt": "The bell rang twice. The choir sang.",
    "c/d.txt": "The lighthouse burned.\n\nIt was rebuilt from grey stone.\n\nThe keepers stayed.",
    "e.txt": "Snow fell on the pier.",
}


@pytest.fixture
def folder(tmp_path):
    """A corpus of four texts."""
    for name, text in TEXTS.items():
        _write(tmp_path / "corpus", name, text)
    return tmp_path / "corpus"


@pytest.fixture
def built(folder, tmp_path):
    """The folder of its index."""
    build_index(folder, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def read(monkeypatch):
    """The sources that are read, in order; the build goes on as ever."""
    sources, original = [], read_corpus._read

    def recording(file, *rest):
        sources.append(file.source)
        return original(file, *rest)

    monkeypatch.setattr(read_corpus, "_read", recording)
    return sources


def _write(folder, name, text):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def _files(index_dir):
    """Return the bytes of each file of the published build, by its path."""
    build = index_dir / read_manifest(index_dir).build
    paths = (path for path in sorted(build.rglob("*")) if path.is_file())
    return {path.relative_to(build).as_posix(): path.read_bytes() for path in paths}


def _told(index_dir):
    """Return what a manifest says of the texts, apart from the times and places of the build."""
    manifest = read_manifest(index_dir)
    return {
        name: getattr(manifest, name)
        for name in ("corpus_fingerprint", "documents", "files", "sizes", "passages", "terms")
    }


def _assert_like_a_full_build(folder, index_dir, fresh, **options):
    build_index(folder, fresh, **options)
    made, full = _files(index_dir), _files(fresh)
    assert list(made) == list(full)
    assert [name for name in made if made[name] != full[name]] == []
    assert _told(index_dir) == _told(fresh)


# Changes of the corpus, and which files must be read after each
CHANGES = {
    "changed": (lambda folder: _write(folder, "b.txt", "The bell was silent."), ["b.txt"]),
    "grown": (lambda folder: _write(folder, "a.md", TEXTS["a.md"] + "\n\nMore."), ["a.md"]),
    "added first": (lambda folder: _write(folder, "A.txt", "Fog came. Finch left."), ["A.txt"]),
    "added between": (lambda folder: _write(folder, "c/a.txt", "Fog came."), ["c/a.txt"]),
    "added last": (lambda folder: _write(folder, "z.txt", "Fog came."), ["z.txt"]),
    "removed": (lambda folder: (folder / "b.txt").unlink(), []),
    "removed first": (lambda folder: (folder / "a.md").unlink(), []),
    "renamed": (lambda folder: (folder / "e.txt").rename(folder / "0.txt"), ["0.txt"]),
    "unreadable": (lambda folder: (folder / "b.txt").write_bytes(b"\0"), ["b.txt"]),
    "unreadable added": (lambda folder: (folder / "aa.txt").write_bytes(b"\0"), ["aa.txt"]),
    "synonyms": (lambda folder: _write(folder, "synonyms.txt", "skipper => captain\n"), []),
}


@pytest.mark.parametrize("change", CHANGES)
def test_build_reads_only_what_changed_and_ends_like_a_full_one(
    folder, built, tmp_path, read, change
):
    """After one change the unchanged files are not read, and every byte is that of a full build."""
    edit, expected = CHANGES[change]
    edit(folder)
    assert not build_index(folder, built).unchanged
    assert read == expected
    _assert_like_a_full_build(folder, built, tmp_path / "fresh")


def test_build_takes_over_the_text_of_the_former_index(folder, built, monkeypatch):
    """A file that can no longer be read is not missed while its bytes are known."""
    _write(folder, "b.txt", "The bell was silent.")
    read_document = corpus.read_document

    def failing(file, *limits):
        assert file.source == "b.txt"
        return read_document(file, *limits)

    monkeypatch.setattr("index.documents.document_reader.read_document", failing)
    assert build_index(folder, built).changed == ["b.txt"]
    texts = [passage.text for passage in Searcher.open(built).passages]
    assert texts[2:4] == ["The bell was silent.", "The lighthouse burned."]


def test_unreadable_file_is_read_again_by_every_build(folder, built, read):
    """What could not be read is nothing to take over."""
    (folder / "b.txt").write_bytes(b"\0")
    build_index(folder, built)
    _write(folder, "e.txt", "Rain fell.")
    read.clear()
    report = build_index(folder, built)
    assert read == ["b.txt", "e.txt"]
    assert [file.source for file in report.skipped] == ["b.txt"]


def test_passages_keep_the_order_of_the_files(folder, built):
    """New files stand where a full build has them, and rows lead to their own documents."""
    _write(folder, "aa.txt", "Fog came.\n\nIt went.")
    _write(folder, "c/a.txt", "Rain fell.")
    build_index(folder, built)
    passages = list(Searcher.open(built).passages)
    sources = ["a.md", "a.md", "aa.txt", "aa.txt", "b.txt", "c/a.txt", *["c/d.txt"] * 3, "e.txt"]
    assert [passage.source for passage in passages] == sources
    beside = Searcher.open(built).passage_from(
        PassageRef("c/d.txt", 2, fingerprint("It was rebuilt from grey stone.")), step=-1
    )
    assert beside == passages[6]


# Sequences of edits

names = st.sampled_from(["a.txt", "b/c.txt", "d.txt", "e.md"])
paragraphs = st.sampled_from(
    ["Ada Finch came.", "Finch left. She rowed.", "Herring!", "It is.", "The bell rang. 1887."]
)
edits = st.lists(
    st.tuples(names, st.none() | st.just("\0") | st.lists(paragraphs, max_size=4).map("\n\n".join)),
    min_size=1,
    max_size=4,
)


@given(st.lists(edits, min_size=1, max_size=3))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_any_edits_end_like_a_full_build(tmp_path_factory, rounds):
    """However texts come, go and change from build to build, the last one is a full one's equal."""
    place = tmp_path_factory.mktemp("edits")
    _write(place / "corpus", "kept.txt", "The lighthouse stands.")
    build_index(place / "corpus", place / "index")
    for edited in rounds:
        for name, text in edited:
            if text is None:
                (place / "corpus" / name).unlink(missing_ok=True)
            else:
                _write(place / "corpus", name, text)
        build_index(place / "corpus", place / "index")
    _assert_like_a_full_build(place / "corpus", place / "index", place / "fresh")


# A former index that is damaged


@pytest.mark.parametrize(
    "name", ["passages.jsonl", "first-copies.npy", "first-rows.npy", "stems/rows.npy"]
)
def test_damaged_index_is_not_taken_over(folder, built, tmp_path, read, name):
    """A byte that is wrong anywhere makes the next build read everything, and say why."""
    path = built / read_manifest(built).build / name
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    _write(folder, "b.txt", "The gong rang.")
    report = build_index(folder, built)
    assert report.replaced == f"the size or checksum of {name} is wrong"
    assert read == sorted(TEXTS)
    assert report.added == sorted(TEXTS)
    _assert_like_a_full_build(folder, built, tmp_path / "fresh")


# Files that are not hashed again

SECOND_NS = 10**9


def _date(path, time_ns):
    os.utime(path, ns=(time_ns, time_ns))


def _swap(path, time_ns):
    """Change a file's bytes, but neither its size nor, in the end, its time."""
    data = path.read_bytes()
    path.write_bytes(data.swapcase())
    assert path.read_bytes() != data
    _date(path, time_ns)


def test_file_of_the_same_size_and_time_is_not_hashed_again(folder, tmp_path):
    """What the file system says is unchanged since long ago is not looked into."""
    for source in TEXTS:
        _date(folder / source, time.time_ns() - 3 * SECOND_NS)
    build_index(folder, tmp_path / "index")
    stamps = open_build(tmp_path / "index").sources.stamps
    _swap(folder / "b.txt", stamps["b.txt"][1])
    assert build_index(folder, tmp_path / "index", thorough=False).unchanged
    _write(folder, "e.txt", "Rain fell.")
    assert build_index(folder, tmp_path / "index", thorough=False).changed == ["e.txt"]
    assert build_index(folder, tmp_path / "index").changed == ["b.txt"]  # a thorough one looks


@pytest.mark.parametrize("moved_ns", [-SECOND_NS, -1_000, 1_000, SECOND_NS])
def test_file_of_another_time_is_hashed_again(folder, tmp_path, moved_ns):
    """The same size tells nothing when the time of change, earlier or later, is another."""
    long_ago = 10**18
    _date(folder / "b.txt", long_ago)
    build_index(folder, tmp_path / "index")
    _swap(folder / "b.txt", long_ago + moved_ns)
    assert build_index(folder, tmp_path / "index").changed == ["b.txt"]


def test_file_of_another_size_is_hashed_again(folder, tmp_path):
    """The same time tells nothing when the size is another."""
    _date(folder / "b.txt", 10**18)
    build_index(folder, tmp_path / "index")
    _write(folder, "b.txt", "The bell rang thrice. The choir sang.")
    _date(folder / "b.txt", 10**18)
    assert build_index(folder, tmp_path / "index").changed == ["b.txt"]


@pytest.mark.parametrize("age_ns", [0, SECOND_NS // 2, -3600 * SECOND_NS])
def test_file_changed_about_when_it_was_listed_is_always_hashed(folder, tmp_path, age_ns):
    """A time that a later change might share, or one in the future, is not trusted."""
    time_ns = time.time_ns() - age_ns
    _date(folder / "b.txt", time_ns)
    build_index(folder, tmp_path / "index")
    _swap(folder / "b.txt", time_ns)
    assert build_index(folder, tmp_path / "index").changed == ["b.txt"]


def test_known_file_is_listed_with_the_hash_that_is_known(folder):
    """The listing takes a known file's word for its hash, and hashes the others."""
    listed, _ = corpus.list_corpus(folder)
    first, second = listed[:2]
    known = {
        first.source: corpus.KnownFile("known", first.size, first.mtime_ns),
        second.source: corpus.KnownFile("outdated", second.size, second.mtime_ns + 1),
    }
    again, _ = corpus.list_corpus(folder, known=known)
    assert [file.sha256 for file in again] == ["known", *(file.sha256 for file in listed[1:])]


def test_file_that_changes_while_it_is_read_is_left_out_and_looked_at_again(
    folder, tmp_path, monkeypatch
):
    """What is quoted stands in a file whose hash the index has; the change is found by itself."""
    reading = read_corpus._read_all

    def change_first(*arguments):
        before = (folder / "b.txt").read_bytes()
        _write(folder, "b.txt", "A draft that nobody was to read.")
        yield from reading(*arguments)
        (folder / "b.txt").write_bytes(before)

    with monkeypatch.context() as patches:
        patches.setattr(read_corpus, "_read_all", change_first)
        report = build_index(folder, tmp_path / "index")
    assert [file.source for file in report.skipped] == ["b.txt"]
    assert "changed while it was read" in report.skipped[0].reason
    report = build_index(folder, tmp_path / "index", thorough=False)
    assert (report.added, report.skipped) == (["b.txt"], [])


def test_file_that_becomes_a_link_out_of_the_corpus_is_not_followed(folder, tmp_path, monkeypatch):
    """A link that takes a file's place after the listing leads to other bytes and is refused."""
    secret = tmp_path / "secret.txt"
    secret.write_text("The password is herring.")
    reading = read_corpus._read_all

    def link_first(*arguments):
        (folder / "b.txt").unlink()
        (folder / "b.txt").symlink_to(secret)
        yield from reading(*arguments)

    with monkeypatch.context() as patches:
        patches.setattr(read_corpus, "_read_all", link_first)
        build_index(folder, tmp_path / "index")
    texts = [passage.text for passage in open_build(tmp_path / "index").passages]
    assert texts
    assert not any("password" in text for text in texts)


def test_lower_limit_takes_nothing_over(folder, tmp_path):
    """What an index has of a file was read under its limits; other limits read it again."""
    (folder / "long.txt").write_text("Ships sail. " * 150_000)
    assert "long.txt" in build_index(folder, tmp_path / "index", max_file_mb=2).added
    report = build_index(folder, tmp_path / "index", max_file_mb=1)
    assert report.removed == ["long.txt"]
    assert [file.source for file in report.skipped] == ["long.txt"]


def test_folder_of_the_index_inside_the_corpus_is_no_part_of_it(folder):
    """An index that lies among the texts is not indexed itself."""
    first = build_index(folder, folder / "data" / "index")
    assert first.skipped == []
    assert build_index(folder, folder / "data" / "index").unchanged
    assert build_index(folder, folder / "data" / "index").documents == first.documents


VERSIONED = {
    "1.x/boats.md": "# Boats\n\nFinch rows.\n",
    "2.0/boats.md": "# Boats\n\nFinch sails.\n",
    "nets.md": "---\nversion: 2.0\nlatest: true\n---\n# Nets\n\nNets are mended.\n",
    "nets-old.md": "---\nversion: 3.0\n---\n# Nets\n\nNets are torn.\n"
    + ("\n" + "A net is torn. " * 80 + "\n") * 90,
}


def _current(index_dir):
    """Return the texts that are not superseded."""
    searcher = Searcher.open(index_dir)
    return {one.source for one in searcher.sources()} - searcher.editions.superseded


@pytest.fixture
def versioned(tmp_path):
    """The index of two pages in two versions, one of them read by the process for long texts."""
    for name, text in VERSIONED.items():
        _write(tmp_path / "versioned", name, text)
    build_index(tmp_path / "versioned", tmp_path / "index")
    return tmp_path / "index"


def test_unchanged_texts_keep_the_versions_that_they_say(versioned, tmp_path, read):
    """They are not read again, and the files are those of a full build."""
    assert _current(versioned) == {"2.0/boats.md", "nets.md"}
    read.clear()
    (tmp_path / "versioned" / "2.0" / "boats.md").unlink()
    _write(tmp_path / "versioned", "3.0/boats.md", "# Boats\n\nFinch flies.\n")
    build_index(tmp_path / "versioned", versioned)
    assert read == ["3.0/boats.md"]
    assert _current(versioned) == {"3.0/boats.md", "nets.md"}
    build_index(tmp_path / "versioned", tmp_path / "full")
    assert _files(versioned) == _files(tmp_path / "full")


def test_another_current_version_is_taken_over_without_reading(versioned, tmp_path, read):
    """The setting loses against a text that says it is the latest."""
    read.clear()
    for thorough in (True, False):
        report = build_index(
            tmp_path / "versioned", versioned, current_version="1.x", thorough=thorough
        )
        assert report.unchanged is not thorough
        assert _current(versioned) == {"1.x/boats.md", "nets.md"}
    assert read == []
