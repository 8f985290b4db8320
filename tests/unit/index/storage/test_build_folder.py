"""The folder of builds: one is built at a time, and only the published one is kept."""

import threading
from concurrent.futures import ThreadPoolExecutor

import filelock
import pytest

from index import RebuildRunningError, Searcher, WeightedText, build_index
from index.storage import build_folder
from index.storage.manifest import read_manifest


def test_removal_keeps_the_named_build_and_the_manifest(harbour_index):
    """Leftovers of crashed builds go; the published build, its manifest and the lock stay."""
    kept = read_manifest(harbour_index).build
    (harbour_index / "build-crashed").mkdir()
    (harbour_index / "build-crashed" / "passages.jsonl").write_bytes(b"torn")
    (harbour_index / "manifest.json.build-crashed").write_bytes(b"torn")
    (harbour_index / "notes.txt").write_bytes(b"the owner's")
    build_folder.remove_leftovers(harbour_index, keep=kept)
    left = {path.name for path in harbour_index.iterdir()} - {"build.lock"}
    assert left == {kept, "manifest.json", "notes.txt"}
    assert len(Searcher.open(harbour_index).passages) == 5


def _holds(searcher, word):
    hits = searcher.search([WeightedText(word)], 1)
    return any(word in hit.passage.text for hit in hits)


def _add(corpus, name, text):
    (corpus / name).write_text(text, encoding="utf-8")


def _serves(index_dir, word):
    return _holds(Searcher.open(index_dir), word)


def _leftovers(index_dir):
    """Return what is in the folder besides the lock, the manifest and the published build."""
    build = read_manifest(index_dir).build
    return {p.name for p in index_dir.iterdir()} - {"build.lock", "manifest.json", build}


def _waiting(began, release):
    def progress(files, _):
        began.set()
        assert release.wait(20)
        return files

    return progress


def test_second_builder_gives_up_while_the_first_is_building(
    harbour_corpus, harbour_index, monkeypatch
):
    """Only one builds at a time; readers are served meanwhile, and the first one finishes."""
    monkeypatch.setattr(build_folder, "_LOCK_TIMEOUT_S", 0.05)
    _add(harbour_corpus, "gong.txt", "The gong rang.")
    began, release = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(
            build_index, harbour_corpus, harbour_index, progress=_waiting(began, release)
        )
        try:
            assert began.wait(20)
            with pytest.raises(RebuildRunningError, match="another rebuild is running"):
                build_index(harbour_corpus, harbour_index)
            assert _serves(harbour_index, "bell")
            assert not _serves(harbour_index, "gong")
        finally:
            release.set()
        assert first.result().added == ["gong.txt"]
    assert _serves(harbour_index, "gong")


def test_second_builder_waits_and_finds_nothing_to_do(harbour_corpus, harbour_index):
    """A builder that waited for another of the same corpus does not build again."""
    _add(harbour_corpus, "gong.txt", "The gong rang.")
    began, release = threading.Event(), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(
            build_index, harbour_corpus, harbour_index, progress=_waiting(began, release)
        )
        assert began.wait(20)
        second = pool.submit(build_index, harbour_corpus, harbour_index)
        release.set()
        assert (first.result().unchanged, second.result().unchanged) == (False, True)
    assert _leftovers(harbour_index) == set()


def test_two_builders_at_once_leave_one_whole_index(harbour_corpus, tmp_path):
    """Builders that start together both succeed, and one index is left."""
    index_dir = tmp_path / "index"
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: build_index(harbour_corpus, index_dir), range(4)))
    assert sorted(report.unchanged for report in reports) == [False, True, True, True]
    assert _serves(index_dir, "bell")
    assert _leftovers(index_dir) == set()


def test_failed_build_gives_the_lock_back(harbour_corpus, harbour_index, monkeypatch):
    """After a failure the same process builds again at once, the error still in hand."""
    monkeypatch.setattr(build_folder, "_LOCK_TIMEOUT_S", 0.05)
    _add(harbour_corpus, "gong.txt", "The gong rang.")

    def broken(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as failure:
        build_index(harbour_corpus, harbour_index, progress=broken)
    assert build_index(harbour_corpus, harbour_index).added == ["gong.txt"]
    assert failure.value.__traceback__ is not None


def test_build_releases_its_lock_itself(harbour_corpus, tmp_path, monkeypatch):
    """The lock is free when the build returns, even if a reference to it is still held."""
    locks, lock = [], filelock.FileLock

    def kept(*arguments, **named):
        locks.append(lock(*arguments, **named))
        return locks[-1]

    monkeypatch.setattr(filelock, "FileLock", kept)
    build_index(harbour_corpus, tmp_path / "index")
    assert [lock.is_locked for lock in locks] == [False]
