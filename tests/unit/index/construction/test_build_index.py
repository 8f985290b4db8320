"""Building: only what changed, one at a time, and safe at every step."""

import os
import shutil
from pathlib import Path

import pytest

from index import (
    EmptyCorpusError,
    IndexMissingError,
    IndexWriteError,
    Searcher,
    Tier,
    WeightedText,
    build_index,
)
from index.documents.formats import FORMATS
from index.storage.manifest import read_manifest

# Every step of a build that changes the disk, in order; the crash tests break at each of them.
FIELDS = ("stems", "beginnings", "surfaces", "contexts", "introduced")
COLLECTED = ("stems", "contexts", "introduced")
VOCABULARY = ("vocabulary.npy", "vocabulary-offsets.npy")
POSTINGS = (
    "offsets",
    "rows",
    "impacts",
    "largest",
    "row_count",
    "block_numbers",
    "column_numbers",
    "block_bounds",
    "block_masks",
    "columns",
)
PASSAGE_ARRAYS = ("passage-starts.npy", "passage-checksums.npy", "first-sentences.npy")
VECTORS = ("static-passages.npy", "static-sentences.npy")


def _saved(*names):
    """An array that is written as it is has a header and numbers."""
    return [f"write {name}" for name in names for _ in range(2)]


def _field_steps(field):
    """A vocabulary is written, and the room for the other arrays is taken before they are filled.

    Nobody is introduced, so that field has no words, and there is nothing to write of them.
    """
    vocabulary = [f"{field}/{name}" for name in VOCABULARY]
    if field == "introduced":
        written = [f"write {vocabulary[0]}", *_saved(vocabulary[1])]
    else:
        written = _saved(*vocabulary)
    return [f"mkdir {field}", *written, *(f"allocate {field}/{name}.npy" for name in POSTINGS)]


# Without WordNet no word is related, and nothing is written; without rules no synonyms are.
FILES = [
    *(f"{field}/{name}" for field in FIELDS for name in VOCABULARY),
    *(f"{field}/{name}.npy" for field in FIELDS for name in POSTINGS),
    "changed-at.npy",
    "first-rows.npy",
    "passages.jsonl",
    "related.txt",
    "sources.json",
    "static-words.npy",
    "synonyms.txt",
    "words.txt",
    *PASSAGE_ARRAYS,
    *VECTORS,
]

STEPS = [
    "mkdir build",
    "mkdir scratch",
    *["write passages.jsonl"] * 2,
    *_saved(*PASSAGE_ARRAYS, "first-rows.npy", "changed-at.npy"),
    *(f"write scratch/{field}" for field in COLLECTED[:2]),
    *(step for field in FIELDS for step in _field_steps(field)),
    *(f"unlink scratch/{field}" for field in COLLECTED),
    "rmdir scratch",
    "write synonyms.txt",
    "write words.txt",
    *_saved("static-words.npy"),
    *(f"allocate {name}" for name in VECTORS),
    "write sources.json",
    *(f"fsync {name}" for name in sorted(FILES, key=lambda name: name.split("/"))),
    *(f"fsync {field}" for field in sorted(FIELDS, reverse=True)),
    "fsync build",
    "write manifest.json",
    "fsync manifest.json",
    "replace manifest.json",
    "fsync index",
    "rmtree build",
]
BEFORE_PUBLISHING = STEPS.index("replace manifest.json") + 1

# The five fields are written by the same lines; one of them stands for the others.
CHOSEN = [n for n, step in enumerate(STEPS) if not any(f"{field}/" in step for field in FIELDS[1:])]
CHOSEN_BEFORE = [at for at in CHOSEN if at < BEFORE_PUBLISHING]


class _Crash(BaseException):
    """Stands for the death of the process: no handler of the index catches it."""


def _kind(path):
    """Return a file's path below the folder of its build, "build" for that folder itself."""
    parts = Path(path).parts
    depths = [depth for depth, part in enumerate(parts) if part.startswith("build-")]
    if not depths:
        return parts[-1].split(".build-")[0]
    return "/".join(parts[depths[0] + 1 :]) or "build"


class _Fuse:
    """Counts the steps of a build and breaks at one of them; after a crash no step is done."""

    def __init__(self, monkeypatch, index_dir, *, at=None, error=_Crash):
        self.steps = []
        self._at, self._error, self._index_dir = at, error, index_dir
        opened, fuse = Path.open, self

        def burning_open(path, mode="r", *rest, **named):
            stream = opened(path, mode, *rest, **named)
            return _TornStream(stream, fuse) if mode == "xb" else stream

        def burning(what, real):
            def step(path, *rest, **named):
                place = Path(f"/proc/self/fd/{path}").readlink() if isinstance(path, int) else path
                fuse.burn(what, place)
                return real(path, *rest, **named)

            return step

        for owner, name, what in (
            (os, "fsync", "fsync"),
            (os, "posix_fallocate", "allocate"),
            (shutil, "rmtree", "rmtree"),
            (Path, "replace", "replace"),
            (Path, "mkdir", "mkdir"),
            (Path, "unlink", "unlink"),
            (Path, "rmdir", "rmdir"),
        ):
            monkeypatch.setattr(owner, name, burning(what, getattr(owner, name)))
        monkeypatch.setattr(Path, "open", burning_open)

    def burn(self, what, path):
        """Do a step: none outside the index, and the lock's file and folder are no steps."""
        if self._index_dir not in Path(path).parents and (what, path) != ("fsync", self._index_dir):
            return
        if Path(path).name == "build.lock":
            return
        self.steps.append(f"{what} {_kind(path)}")
        last = len(self.steps) - 1
        dead = self._at is not None and self._error is _Crash and last > self._at
        if dead or last == self._at:
            raise self._error(28, "No space left on device")


class _TornStream:
    """A file that writes half of the chunk when the fuse breaks."""

    def __init__(self, stream, fuse):
        self._stream, self._fuse = stream, fuse

    def write(self, chunk):
        self._stream.write(chunk[: len(chunk) // 2])
        self._stream.flush()
        self._fuse.burn("write", self._stream.name)
        self._stream.write(chunk[len(chunk) // 2 :])

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self._stream.close()

    def __getattr__(self, name):
        return getattr(self._stream, name)


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    _write(folder, "storm.txt", "The storm came.\n\nThe old bell rang.")
    return folder


@pytest.fixture
def index_dir(corpus, tmp_path):
    folder = tmp_path / "data" / "index"
    build_index(corpus, folder)
    return folder


def _write(folder, name, text):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def _finds(index_dir, word):
    return bool(Searcher.open(index_dir, Tier.LEXICAL).search([WeightedText(word)], 1))


def _found(index_dir, *words):
    """Return which of the words the index in force finds."""
    searcher = Searcher.open(index_dir, Tier.LEXICAL)
    return [word for word in words if searcher.search([WeightedText(word)], 1)]


def _leftovers(index_dir):
    """Return what is in the folder besides the lock, the manifest and the build in force."""
    build = read_manifest(index_dir).build
    return {p.name for p in index_dir.iterdir()} - {"build.lock", "manifest.json", build}


def _snapshot(folder):
    return {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in folder.rglob("*") if p.is_file()}


# Reports


def test_build_reports_what_it_indexed(corpus, tmp_path):
    """The first build counts documents, passages and distinct terms, and adds everything."""
    _write(corpus, "a/boats.md", "# Boats\n\nBoats sail. The boat sank.")
    report = build_index(corpus, tmp_path / "index")
    assert (report.documents, report.passages, report.terms) == (2, 3, 8)
    assert (report.added, report.changed, report.removed) == (["a/boats.md", "storm.txt"], [], [])
    assert (report.unchanged, report.replaced, report.skipped) == (False, None, [])
    assert 0 < report.seconds < 60


def test_build_of_an_unchanged_corpus_says_so_and_writes_nothing(corpus, index_dir):
    """A second build leaves every file of the index as it is."""
    before = _snapshot(index_dir)
    report = build_index(corpus, index_dir)
    assert report.unchanged
    assert (report.documents, report.passages) == (1, 2)
    assert (report.added, report.changed, report.removed) == ([], [], [])
    manifest = index_dir / "manifest.json"
    assert _snapshot(index_dir)[manifest] == before[manifest]
    assert {p.name for p in before} == {p.name for p in _snapshot(index_dir)}


def test_build_reports_added_changed_and_removed_sources(corpus, index_dir):
    """Sources are told apart by name and bytes."""
    _write(corpus, "gone.txt", "Going.")
    _write(corpus, "same.txt", "Staying.")
    build_index(corpus, index_dir)
    (corpus / "gone.txt").unlink()
    _write(corpus, "new.txt", "Arriving.")
    _write(corpus, "storm.txt", "The storm left.")
    report = build_index(corpus, index_dir)
    assert (report.added, report.changed, report.removed) == (
        ["new.txt"],
        ["storm.txt"],
        ["gone.txt"],
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda corpus: _write(corpus, "new.txt", "Arriving."),
        lambda corpus: _write(corpus, "storm.txt", "The storm came.\n\nThe old bell rang!"),
        lambda corpus: (corpus / "storm.txt").rename(corpus / "storms.txt"),
        lambda corpus: (corpus / "b.txt").write_bytes(b"\x00"),
    ],
)
def test_build_notices_every_change_of_the_corpus(corpus, index_dir, change):
    """A new file, a changed byte, another name and an unreadable file are each a change."""
    change(corpus)
    assert not build_index(corpus, index_dir).unchanged
    assert build_index(corpus, index_dir).unchanged


def test_build_of_a_touched_corpus_does_nothing(corpus, index_dir):
    """Times do not count, bytes do."""
    os.utime(corpus / "storm.txt", (1, 1))
    _write(corpus, "README.md", "Where the texts are from.")
    assert build_index(corpus, index_dir).unchanged


def test_build_reports_skipped_files_every_time(corpus, tmp_path):
    """Unreadable files and other kinds are named with the reason, also when nothing changed."""
    (corpus / "binary.txt").write_bytes(b"\x89PNG\x00")
    (corpus / "photo.png").write_bytes(b"\x89PNG\x00")
    (corpus / "empty.md").write_bytes(b"")
    first, second = (build_index(corpus, tmp_path / "index") for _ in range(2))
    assert (first.unchanged, second.unchanged) == (False, True)
    assert first.skipped == second.skipped
    assert {file.source: file.reason for file in first.skipped} == {
        "binary.txt": "not a text file",
        "empty.md": "it is empty: it holds no paragraph",
        "photo.png": f"only {', '.join(FORMATS)} files can be indexed",
    }


def test_build_shows_its_progress(corpus, tmp_path):
    """The caller's wrapper gets the files to read and the passages that vectors are made of."""
    seen = []

    def progress(things, what):
        for thing in things:
            seen.append((what, thing))
            yield thing

    build_index(corpus, tmp_path / "index", progress=progress)
    (reading, file), *words, vectors = seen
    assert (reading, file.source) == ("Reading texts", "storm.txt")
    assert [what for what, _ in words] == ["Sorting words"] * 5
    assert vectors == ("Vectors (static)", range(2))


def test_build_skips_a_link_out_of_the_corpus(corpus, index_dir, tmp_path):
    """What a link outside leads to is never in the index."""
    _write(tmp_path, "secret.txt", "The password is herring.")
    (corpus / "link.txt").symlink_to(tmp_path / "secret.txt")
    (skipped,) = build_index(corpus, index_dir).skipped
    assert (skipped.source, "outside" in skipped.reason) == ("link.txt", True)
    assert not _finds(index_dir, "herring")


@pytest.mark.parametrize("name", ["circle.txt", "b\udcff/text.txt"])
def test_build_survives_odd_names_in_the_corpus(corpus, tmp_path, name):
    """A link to itself or a folder with a broken name does not end the build."""
    if name == "circle.txt":
        (corpus / name).symlink_to(name)
    else:
        (corpus / name).parent.mkdir()
        (corpus / name).write_bytes(b"Text.")
    build_index(corpus, tmp_path / "index")
    assert _finds(tmp_path / "index", "bell")


# An empty corpus


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "there is no text in it; put"),
        ({"README.md": b"About."}, "there is no text in it; put"),
        ({"a.txt": b"\x00"}, r"1 file skipped; a\.txt: not a text file"),
        ({"a.txt": b"", "b.png": b""}, "2 files skipped"),
    ],
)
def test_build_of_a_corpus_without_text_is_refused(tmp_path, files, reason):
    """The error says why there is nothing, and no index is left behind."""
    (tmp_path / "corpus").mkdir()
    for name, data in files.items():
        (tmp_path / "corpus" / name).write_bytes(data)
    with pytest.raises(EmptyCorpusError, match=reason):
        build_index(tmp_path / "corpus", tmp_path / "index")
    with pytest.raises(IndexMissingError):
        Searcher.open(tmp_path / "index")
    assert list((tmp_path / "index").glob("build-*")) == []


@pytest.mark.parametrize("data", [None, b"\x00"])
def test_build_of_an_emptied_corpus_keeps_the_index_in_force(corpus, index_dir, data):
    """Without any text to read the last good index goes on answering."""
    (corpus / "storm.txt").unlink()
    if data:
        (corpus / "storm.txt").write_bytes(data)
    with pytest.raises(EmptyCorpusError):
        build_index(corpus, index_dir)
    assert _finds(index_dir, "bell")
    assert _leftovers(index_dir) == set()


# Crashes


@pytest.fixture
def _lax_disk(monkeypatch):
    """Nothing is forced to the disk; no test sees the difference, but each one waits for it."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def test_crash_tests_break_every_step_of_a_build(corpus, index_dir, monkeypatch):
    """A rebuild of two passages takes exactly the steps that the next tests break."""
    _write(corpus, "storm.txt", "The storm left.\n\nThe new gong rang.")
    fuse = _Fuse(monkeypatch, index_dir)
    build_index(corpus, index_dir)
    assert fuse.steps == STEPS


def test_every_file_of_a_build_is_forced_to_the_disk(index_dir):
    """Of the files that a build leaves none is missing among the steps that are broken."""
    (build,) = index_dir.glob("build-*")
    left = {_kind(path) for path in build.rglob("*") if path.is_file()}
    assert left == {step.removeprefix("fsync ") for step in STEPS} & left == set(FILES)


def _break(corpus, index_dir, at, error, expected):
    """Break a build that replaces two passages at a step; return how it ended."""
    _write(corpus, "storm.txt", "The storm left.\n\nThe new gong rang.")
    with pytest.MonkeyPatch.context() as patches:
        _Fuse(patches, index_dir, at=at, error=error)
        with pytest.raises(expected) as failure:
            build_index(corpus, index_dir)
    published = at >= BEFORE_PUBLISHING
    assert _found(index_dir, "gong", "old") == (["gong"] if published else ["old"])
    return failure


def _assert_next_build_is_whole(corpus, index_dir):
    _write(corpus, "later.txt", "The tide turned.")
    report = build_index(corpus, index_dir)
    assert (report.unchanged, report.replaced, report.documents) == (False, None, 2)
    assert _found(index_dir, "gong", "tide") == ["gong", "tide"]
    assert _leftovers(index_dir) == set()


@pytest.mark.usefixtures("_lax_disk")
@pytest.mark.parametrize("at", CHOSEN, ids=[STEPS[at] for at in CHOSEN])
def test_crash_at_any_step_leaves_a_good_index(corpus, index_dir, at):
    """The old index serves until the rename, the new one after it; the same build cleans up."""
    _break(corpus, index_dir, at, _Crash, _Crash)
    assert build_index(corpus, index_dir).unchanged is (at >= BEFORE_PUBLISHING)
    assert _finds(index_dir, "gong")
    assert _leftovers(index_dir) == set()


SOME_STEPS = [
    "mkdir scratch",
    "write passages.jsonl",
    "allocate stems/impacts.npy",
    "fsync build",
    "fsync manifest.json",
    "replace manifest.json",
    "fsync index",
    "rmtree build",
]


@pytest.mark.usefixtures("_lax_disk")
@pytest.mark.parametrize("step", SOME_STEPS)
def test_build_of_a_new_corpus_after_a_crash_leaves_no_leftovers(corpus, index_dir, step):
    """Also a build of other texts than the crashed one's sweeps what the crash left."""
    _break(corpus, index_dir, STEPS.index(step), _Crash, _Crash)
    _assert_next_build_is_whole(corpus, index_dir)


@pytest.mark.usefixtures("_lax_disk")
@pytest.mark.parametrize("at", CHOSEN_BEFORE, ids=[STEPS[at] for at in CHOSEN_BEFORE])
def test_failed_write_is_reported_with_its_cause(corpus, index_dir, at):
    """A full disk is an error for the owner that names the folder; the old index serves on."""
    failure = _break(corpus, index_dir, at, OSError, IndexWriteError)
    assert failure.match(r"could not be written.*No space left")
    assert failure.value.index_dir == index_dir
    assert isinstance(failure.value.__cause__, OSError)
    if at < STEPS.index("write manifest.json"):
        assert _leftovers(index_dir) == set()
    _assert_next_build_is_whole(corpus, index_dir)


@pytest.mark.usefixtures("_lax_disk")
@pytest.mark.parametrize("at", range(BEFORE_PUBLISHING, len(STEPS)), ids=STEPS[BEFORE_PUBLISHING:])
def test_failure_after_the_rename_leaves_the_new_index(corpus, index_dir, at):
    """What fails once the new index is in force takes nothing back."""
    _break(corpus, index_dir, at, OSError, (IndexWriteError, OSError))
    _assert_next_build_is_whole(corpus, index_dir)


def test_crash_of_the_first_build_leaves_no_index(corpus, tmp_path, monkeypatch):
    """Before the first rename there is no index, and the build after it makes one."""
    with monkeypatch.context() as patches:
        _Fuse(patches, tmp_path / "index", at=STEPS.index("replace manifest.json"))
        with pytest.raises(_Crash):
            build_index(corpus, tmp_path / "index")
    with pytest.raises(IndexMissingError):
        Searcher.open(tmp_path / "index")
    build_index(corpus, tmp_path / "index")
    assert _finds(tmp_path / "index", "bell")
    assert _leftovers(tmp_path / "index") == set()


def test_build_into_a_place_that_is_a_file_is_refused(corpus, tmp_path):
    """An index folder that cannot be made is reported, not traced."""
    _write(tmp_path, "taken", "x")
    with pytest.raises(IndexWriteError, match="taken"):
        build_index(corpus, tmp_path / "taken")
