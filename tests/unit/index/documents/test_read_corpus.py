"""Reading the files of a corpus, in this process or by several: the same documents either way."""

import multiprocessing
import os
from itertools import pairwise

import pytest

from index import EmptyCorpusError, Searcher, build_index
from index.construction import corpus_texts
from index.documents import DEFAULT_MAX_FILE_MB, Limits, list_corpus, read_corpus
from index.passages.split_passages import split_passages
from index.storage.manifest import read_manifest

LIMITS = Limits(DEFAULT_MAX_FILE_MB)


@pytest.fixture
def corpus(tmp_path):
    """Thirty texts, every fifth of them without a paragraph that can be read."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for n in range(30):
        data = f"# Storm {n}\n\nIt sank boat {n}.\n\nBell {n} rang. It broke.".encode()
        (folder / f"{n:02}.md").write_bytes(data if n % 5 else b"\0" if n else b"")
    (folder / "page.html").write_text("<title>Fog</title><p>Fog came.</p>", encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    return folder


@pytest.fixture
def _shared(monkeypatch):
    """Any two files are worth starting processes for, on two cores."""
    monkeypatch.setattr(read_corpus, "_MIN_SHARED_BYTES", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(read_corpus, "_BYTES_PER_TASK", 100)


def _files(index_dir):
    build = index_dir / read_manifest(index_dir).build
    paths = (path for path in sorted(build.rglob("*")) if path.is_file())
    return {path.relative_to(build).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.usefixtures("_shared")
def test_processes_make_the_same_index(corpus, tmp_path, monkeypatch):
    """Read by several processes, the files of the index, what is skipped and why are the same."""
    monkeypatch.setattr(read_corpus, "_read", lambda *_: pytest.fail("read in this process"))
    shared = build_index(corpus, tmp_path / "shared")
    monkeypatch.undo()
    alone = build_index(corpus, tmp_path / "alone")
    assert shared.skipped == alone.skipped
    assert len(alone.skipped) >= 7
    assert shared.added == alone.added
    assert _files(tmp_path / "shared") == _files(tmp_path / "alone")


def test_file_that_nobody_thought_of_costs_only_itself(corpus, monkeypatch, caplog):
    """It is left out with a reason, and the log of this process says where reading it failed."""
    split = split_passages

    def fail_on_one(document, language):
        if document.source == "01.md":
            raise RecursionError
        return split(document, language=language)

    monkeypatch.setattr(corpus_texts, "split_passages", fail_on_one)
    files, _ = list_corpus(corpus, LIMITS)
    made = read_corpus.read_corpus(files, LIMITS, corpus_texts.split)
    read = {one.file.source: one for one in made}
    assert read["01.md"].reason == "reading it failed; the log says where"
    assert read["02.md"].content
    (record,) = caplog.records
    assert record.getMessage().startswith("Reading '01.md' failed\nTraceback")
    assert "fail_on_one" in record.getMessage()


@pytest.mark.usefixtures("_shared")
def test_every_file_becomes_its_own_lines_in_order(corpus):
    """Each file is answered for once, in the order of the listing, also what is unreadable."""
    files, _ = list_corpus(corpus, LIMITS)
    read = list(read_corpus.read_corpus(files, LIMITS, corpus_texts.split))
    assert [document.file for document in read] == files
    assert [d.content is not None for d in read] == [not d.reason for d in read]
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("sizes", [[], [5], [5, 5], [60, 60], [500, 1, 1], [1, 500, 1], [40] * 7])
def test_tasks_hold_all_files_in_order_and_little_at_a_time(tmp_path, monkeypatch, sizes):
    """A task is as large as it may be; a file that alone is larger is a task of its own."""
    monkeypatch.setattr(read_corpus, "_BYTES_PER_TASK", 100)
    for n, size in enumerate(sizes):
        (tmp_path / f"{n}.txt").write_bytes(b"x" * size)
    files, _ = list_corpus(tmp_path, LIMITS)
    tasks = [[file.size for file in task] for task in read_corpus._tasks(files)]
    assert [size for task in tasks for size in task] == sizes
    assert all(sum(task) <= 100 or len(task) == 1 for task in tasks)
    assert all(sum(a) + b[0] > 100 for a, b in pairwise(tasks))


@pytest.mark.usefixtures("_shared")
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_interrupted_reading_leaves_nothing_behind(corpus, tmp_path, monkeypatch, error):
    """Ctrl-C in the middle ends the processes, removes the build and keeps the published index."""
    with monkeypatch.context() as patches:
        patches.setattr(os, "cpu_count", lambda: 1)  # the first build needs no processes
        build_index(corpus, tmp_path / "index")
    before = read_manifest(tmp_path / "index").build
    for path in corpus.glob("*.md"):
        path.write_text(path.name, encoding="utf-8")

    def interrupted(things, _):
        for number, thing in enumerate(things):
            if number == 12:
                raise error
            yield thing

    with pytest.raises(error) as failure:
        build_index(corpus, tmp_path / "index", progress=interrupted)
    assert multiprocessing.active_children() == []
    assert failure.value.__traceback__ is not None  # ended while the error is still in hand
    names = {path.name for path in (tmp_path / "index").iterdir()}
    assert names - {"build.lock"} == {"manifest.json", before}
    assert len(Searcher.open(tmp_path / "index").passages) == 49


@pytest.mark.usefixtures("_shared")
def test_corpus_that_no_process_can_read_is_refused(tmp_path):
    """With nothing but unreadable files the reason is that of reading in one process."""
    for n in range(4):
        (tmp_path / f"{n}.txt").write_bytes(b"\0")
    with pytest.raises(EmptyCorpusError, match=r"4 files skipped; 0\.txt: not a text file"):
        build_index(tmp_path, tmp_path / ".index")
