"""Building: only what changed, one at a time, and safe at every step."""

import errno
import os
import shutil
from dataclasses import dataclass
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
from index.lexical.kept_postings import FormerPostings
from index.storage.manifest import read_manifest


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
    """Records the steps of a build and breaks at one of them; after a crash no step is done.

    The step to break at is given by its number or by its name.
    """

    def __init__(self, patches, index_dir, *, at=None, error=_Crash):
        self.steps = []
        self._at, self._error, self._index_dir = at, error, index_dir
        self._is_dead = False
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
            patches.setattr(owner, name, burning(what, getattr(owner, name)))
        patches.setattr(Path, "open", burning_open)

    def burn(self, what, path):
        """Record a step inside the index; the lock's file and the index folder are no steps."""
        if self._index_dir not in Path(path).parents and (what, path) != ("fsync", self._index_dir):
            return
        if Path(path).name == "build.lock":
            return
        self.steps.append(f"{what} {_kind(path)}")
        if self._is_dead or self._at in (len(self.steps) - 1, self.steps[-1]):
            self._is_dead = self._error is _Crash
            raise self._error(28, "No space left on device")


class _TornStream:
    """A file that writes only half of a chunk when the fuse breaks."""

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


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A folder with a corpus and its index, to be copied; no test writes to it."""
    folder = tmp_path_factory.mktemp("storm")
    _write(folder / "corpus", "storm.txt", "The storm came.\n\nThe old bell rang.")
    build_index(folder / "corpus", folder / "index")
    return folder


@pytest.fixture
def corpus(template, tmp_path):
    """A corpus of one text."""
    return Path(shutil.copytree(template / "corpus", tmp_path / "corpus"))


@pytest.fixture
def index_dir(corpus, template, tmp_path):
    """The folder of its index."""
    del corpus  # it lies beside the index
    return Path(shutil.copytree(template / "index", tmp_path / "data" / "index"))


def _write(folder, name, text):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def _finds(index_dir, word):
    return bool(Searcher.open(index_dir, Tier.LEXICAL).search([WeightedText(word)], 1))


def _found(index_dir, *words):
    """Return which of the words the published index finds."""
    searcher = Searcher.open(index_dir, Tier.LEXICAL)
    return [word for word in words if searcher.search([WeightedText(word)], 1)]


def _leftovers(index_dir):
    """Return what is in the folder besides the lock, the manifest and the published build."""
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


def test_build_names_files_whose_encoding_was_guessed(corpus, tmp_path):
    """The report says of a file that was read now what its owner should look at."""
    (corpus / "cut.txt").write_bytes(b"The soup is cr\xc3\xa8me of leek in the caf\xc3")
    remarks = build_index(corpus, tmp_path / "index").remarks
    assert [(one.source, one.remark) for one in remarks] == [
        ("cut.txt", "it has 1 damaged character, shown as \ufffd; save it again as UTF-8")
    ]
    assert build_index(corpus, tmp_path / "index").remarks == []


def test_build_reports_skipped_files_every_time(corpus, tmp_path):
    """Unreadable files and other kinds are named with the reason, also when nothing changed."""
    (corpus / "binary.txt").write_bytes(b"\x89PNG\x00")
    (corpus / "photo.png").write_bytes(b"\x89PNG\x00")
    (corpus / "empty.md").write_bytes(b"")
    first, second = (build_index(corpus, tmp_path / "index") for _ in range(2))
    assert (first.unchanged, second.unchanged) == (False, True)
    assert first.skipped == second.skipped
    assert {file.source: file.reason for file in first.skipped} == {
        "binary.txt": "not a text file; save it as text in UTF-8",
        "empty.md": "it is empty: it holds no paragraph; copy it again or remove it",
        "photo.png": f"only {', '.join(FORMATS)} files can be indexed",
    }


def test_build_shows_its_progress(corpus, tmp_path):
    """The caller's wrapper gets the files to read, then the fields whose words are sorted."""
    seen = []

    def progress(things, what):
        for thing in things:
            seen.append((what, thing))
            yield thing

    build_index(corpus, tmp_path / "index", progress=progress)
    (reading, file), *words = seen
    assert (reading, file.source) == ("Reading texts", "storm.txt")
    assert [what for what, _ in words] == ["Sorting words"] * 5


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


def test_index_that_cannot_be_copied_from_is_built_again(corpus, index_dir, monkeypatch):
    """A file that turns out to be unreadable while it is copied costs a whole build."""

    def fail(_):
        raise ValueError("rows.npy is no array")

    monkeypatch.setattr(FormerPostings, "open", fail)
    _write(corpus, "new.txt", "Arriving.")
    report = build_index(corpus, index_dir)
    assert report.replaced == "a file of it cannot be read: rows.npy is no array"
    assert _found(index_dir, "arriving", "bell") == ["arriving", "bell"]
    assert _leftovers(index_dir) == set()


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


@dataclass(frozen=True)
class _Rebuild:
    """A rebuild to break, and how it goes when nothing breaks it.

    Attributes:
        folder: The changed corpus and its former index, to be copied.
        steps: The steps that change the disk, in order.
        files: The size in bytes of each file of the finished build.
        folders: The folders of the finished build.
    """

    folder: Path
    steps: list[str]
    files: dict[str, int]
    folders: set[str]

    @property
    def publishing(self):
        """The number of the step that publishes the new index."""
        return self.steps.index("replace manifest.json")

    @property
    def chosen(self):
        """The numbers of the steps to break: one field stands for all, which one code writes."""
        _, *others = (step.removeprefix("mkdir ") for step in self.steps if self._makes_field(step))
        return [
            number
            for number, step in enumerate(self.steps)
            if not any(f" {field}/" in step for field in others)
        ]

    @property
    def turning_points(self):
        """The chosen steps that another kind of step follows."""
        return [
            at
            for at in self.chosen
            if [step.split()[0] for step in self.steps[at : at + 2]]
            != [self.steps[at].split()[0]] * 2
        ]

    def _makes_field(self, step):
        return step.removeprefix("mkdir ") in self.folders


@pytest.fixture(scope="module")
def rebuild(template, tmp_path_factory):
    """The recorded rebuild of an index after one of its two texts changed."""
    folder = tmp_path_factory.mktemp("rebuild") / "template"
    shutil.copytree(template, folder)
    _write(folder / "corpus", "tower.txt", "The tower leaned.")
    build_index(folder / "corpus", folder / "index")
    _write(folder / "corpus", "storm.txt", "The storm left.\n\nThe new gong rang.")
    finished = folder.parent / "finished"
    shutil.copytree(folder, finished)
    with pytest.MonkeyPatch.context() as patches:
        fuse = _Fuse(patches, finished / "index")
        build_index(finished / "corpus", finished / "index")
    (build,) = finished.glob("index/build-*")
    paths = list(build.rglob("*"))
    files = {_kind(path): path.stat().st_size for path in paths if path.is_file()}
    return _Rebuild(folder, fuse.steps, files, {_kind(path) for path in paths if path.is_dir()})


def _named(steps, *verbs):
    """Return what the steps of some kinds are done to."""
    return {step.split()[1] for step in steps if step.split()[0] in verbs}


def test_every_change_of_the_disk_is_a_recorded_step(rebuild):
    """Every file and folder that a build leaves or removes was made by a step that may break."""
    written = _named(rebuild.steps, "write", "allocate")
    made = _named(rebuild.steps, "mkdir")
    assert {name for name, size in rebuild.files.items() if size} <= written
    assert rebuild.folders | {"build"} <= made
    assert written - set(rebuild.files) - {"manifest.json"} <= _named(rebuild.steps, "unlink")
    assert made - rebuild.folders - {"build"} == _named(rebuild.steps, "rmdir")


def test_every_file_of_a_build_is_forced_to_the_disk_before_it_is_published(rebuild):
    """All is written, then all is forced to the disk; only then the manifest names the build."""
    first = next(at for at, step in enumerate(rebuild.steps) if step.startswith("fsync "))
    last = rebuild.steps.index("write manifest.json")
    forced = [step.removeprefix("fsync ") for step in rebuild.steps[first:last]]
    assert sorted(forced) == sorted([*rebuild.files, *rebuild.folders, "build"])
    assert rebuild.steps[last:] == [
        "write manifest.json",
        "fsync manifest.json",
        "replace manifest.json",
        "fsync index",
        "rmtree build",
    ]


def _assert_at_each_step(rebuild, numbers, tmp_path, check):
    """Check a copy of the rebuild for each of the steps, and name the steps that fail."""
    failures = {}
    folder = tmp_path / "broken"
    for at in numbers:
        if not folder.exists():
            shutil.copytree(rebuild.folder, folder)
            before = _files(folder)
        try:
            check(folder / "corpus", folder / "index", at)
        except (Exception, pytest.fail.Exception) as error:
            failures[f"{at} {rebuild.steps[at]}"] = error
        if _files(folder) != before:
            shutil.rmtree(folder)
    assert failures == {}
    assert numbers


def _files(folder):
    """Return what tells that no file of a folder was written, made or removed."""
    return {p: seen for p, seen in _snapshot(folder).items() if p.name != "build.lock"}


def _break(rebuild, corpus, index_dir, at, error, expected):
    """Break the rebuild at a step; return how it ended."""
    with pytest.MonkeyPatch.context() as patches:
        fuse = _Fuse(patches, index_dir, at=at, error=error)
        with pytest.raises(expected) as failure:
            build_index(corpus, index_dir)
    assert fuse.steps[: at + 1] == rebuild.steps[: at + 1]
    published = at > rebuild.publishing
    assert _found(index_dir, "gong", "old") == (["gong"] if published else ["old"])
    return failure


def _crash_at(corpus, index_dir, step):
    """Crash a build at its first step of that name."""
    with pytest.MonkeyPatch.context() as patches:
        fuse = _Fuse(patches, index_dir, at=step)
        with pytest.raises(_Crash):
            build_index(corpus, index_dir)
    assert step in fuse.steps


def _assert_next_build_is_whole(corpus, index_dir):
    _write(corpus, "later.txt", "The tide turned.")
    report = build_index(corpus, index_dir)
    assert (report.unchanged, report.replaced, report.documents) == (False, None, 3)
    assert _found(index_dir, "gong", "tide", "tower") == ["gong", "tide", "tower"]
    assert _leftovers(index_dir) == set()


def test_crash_at_any_step_leaves_a_good_index(rebuild, tmp_path):
    """The old index serves until the rename, the new one after it; the next build cleans up.

    A build that has removed the leftovers goes on as if nothing had crashed: no file differs.
    """

    def check(corpus, index_dir, at):
        before = _files(index_dir)
        _break(rebuild, corpus, index_dir, at, _Crash, _Crash)
        if at < rebuild.publishing and at not in rebuild.turning_points:
            _crash_at(corpus, index_dir, "mkdir build")  # all leftovers are removed before it
            assert _files(index_dir) == before
            return
        assert build_index(corpus, index_dir).unchanged is (at > rebuild.publishing)
        assert _finds(index_dir, "gong")
        assert _leftovers(index_dir) == set()

    _assert_at_each_step(rebuild, rebuild.chosen, tmp_path, check)


def test_build_of_a_new_corpus_after_a_crash_leaves_no_leftovers(rebuild, tmp_path):
    """A build of other texts than the crashed one's also removes what the crash left."""

    def check(corpus, index_dir, at):
        _break(rebuild, corpus, index_dir, at, _Crash, _Crash)
        _assert_next_build_is_whole(corpus, index_dir)

    _assert_at_each_step(rebuild, rebuild.turning_points, tmp_path, check)


def test_crash_of_the_build_after_a_crash_leaves_a_good_index(rebuild, tmp_path):
    """A build that crashes while it removes another one's leftovers leaves a whole index too."""

    def check(corpus, index_dir, at):
        _break(rebuild, corpus, index_dir, at, _Crash, _Crash)
        assert len(_leftovers(index_dir)) == 2  # a whole build, and its unpublished manifest
        for step in ("rmtree build", "unlink manifest.json", "mkdir build", "mkdir scratch"):
            _crash_at(corpus, index_dir, step)
            assert _found(index_dir, "gong", "old") == ["old"]
        assert not build_index(corpus, index_dir).unchanged
        assert _found(index_dir, "gong", "old") == ["gong"]
        assert _leftovers(index_dir) == set()

    _assert_at_each_step(rebuild, [rebuild.publishing], tmp_path, check)


def test_failed_write_is_reported_with_its_cause(rebuild, tmp_path):
    """A full disk is an error for the owner that names the folder; the old index serves on."""

    def check(corpus, index_dir, at):
        before = _files(index_dir)
        failure = _break(rebuild, corpus, index_dir, at, OSError, IndexWriteError)
        assert failure.match(r"could not be written.*No space left")
        assert failure.value.index_dir == index_dir
        assert isinstance(failure.value.__cause__, OSError)
        if at < rebuild.steps.index("write manifest.json"):
            assert _files(index_dir) == before
            assert _leftovers(index_dir) == set()
            if at not in rebuild.turning_points:
                return
        _assert_next_build_is_whole(corpus, index_dir)

    before = [at for at in rebuild.chosen if at <= rebuild.publishing]
    _assert_at_each_step(rebuild, before, tmp_path, check)


def test_failure_after_the_rename_leaves_the_new_index(rebuild, tmp_path):
    """What fails once the new index is published takes nothing back."""

    def check(corpus, index_dir, at):
        _break(rebuild, corpus, index_dir, at, OSError, (IndexWriteError, OSError))
        _assert_next_build_is_whole(corpus, index_dir)

    after = range(rebuild.publishing + 1, len(rebuild.steps))
    _assert_at_each_step(rebuild, after, tmp_path, check)


def test_crash_of_the_first_build_leaves_no_index(rebuild, tmp_path):
    """Before the first rename there is no index, and the build after it makes one."""

    def check(corpus, index_dir, at):
        shutil.rmtree(index_dir)
        _crash_at(corpus, index_dir, rebuild.steps[at])
        with pytest.raises(IndexMissingError):
            Searcher.open(index_dir)
        build_index(corpus, index_dir)
        assert _finds(index_dir, "gong")
        assert _leftovers(index_dir) == set()

    _assert_at_each_step(rebuild, [rebuild.publishing], tmp_path, check)


def test_build_into_a_place_that_is_a_file_is_refused(corpus, tmp_path):
    """An index folder that cannot be made is reported, not traced."""
    _write(tmp_path, "taken", "x")
    with pytest.raises(IndexWriteError, match="taken"):
        build_index(corpus, tmp_path / "taken")


def test_full_disk_ends_the_build_and_keeps_the_index(harbour_corpus, harbour_index, monkeypatch):
    """Where there is no room for an array, the build is refused and the old index serves on."""

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    (harbour_corpus / "gong.txt").write_text("The gong rang.", encoding="utf-8")
    with monkeypatch.context() as patches:
        patches.setattr(os, "posix_fallocate", full)
        with pytest.raises(IndexWriteError, match="No space left on device"):
            build_index(harbour_corpus, harbour_index)
    searcher = Searcher.open(harbour_index, Tier.LEXICAL)
    assert searcher.search([WeightedText("lighthouse")], 1)
    assert not searcher.search([WeightedText("gong")], 1)
    assert len(list(harbour_index.glob("build-*"))) == 1
    assert build_index(harbour_corpus, harbour_index).added == ["gong.txt"]
