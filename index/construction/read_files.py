"""Turn the files of a corpus into the lines of their passages, on all cores where it pays."""

import logging
import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from signal import SIG_IGN, SIGINT, signal
from threading import Thread
from traceback import format_exc

from index.documents import CorpusFile, DocumentReader, Limits
from index.errors import CorpusReadError
from index.passages.passage import split_passages
from index.passages.passage_file import to_line
from index.storage.build_files import OpenedIndex

logger = logging.getLogger(__name__)

# Below so many bytes to read, starting processes (half a second each) takes longer than they save.
_MIN_SHARED_BYTES = 4 * 2**20

# Bytes handed to a process at a time, or one larger file, and how many such tasks are under way
# for each process: what they give back is in memory.
_BYTES_PER_TASK = 2**20
_TASKS_PER_CORE = 3

# Windows waits for no more than 61.
_MAX_PROCESSES = 61


@dataclass(frozen=True, slots=True)
class DocumentLines:
    """What became of a file.

    Attributes:
        file: The file.
        lines: Of its passages; empty where there is a reason.
        reason: Why it cannot be indexed, or None.
        former_first: Row of its first passage in the former index; None where it was read.
        traceback: Of what nobody thought of, to be logged; None for any other reason.
    """

    file: CorpusFile
    lines: tuple[bytes, ...] = ()
    reason: str | None = None
    former_first: int | None = None
    traceback: str | None = None


def read_files(
    files: Sequence[CorpusFile],
    limits: Limits,
    former: OpenedIndex | None,
    *,
    retry_skipped: bool,
) -> Generator[DocumentLines, None, None]:
    """Yield what becomes of each file, in their order; unchanged ones are not read again.

    Args:
        files: The files.
        limits: What is read of one.
        former: What is known of unchanged ones.
        retry_skipped: Whether those of them that could not be read are read again.

    Raises:
        IndexUnusableError: A passage of the former index is corrupt.
    """
    kept = {}
    if former:
        kept = former.sources.documents if retry_skipped else former.sources.hashes
    taken_over = {file.source for file in files if kept.get(file.source) == file.sha256}
    fresh = _read_all([file for file in files if file.source not in taken_over], limits)
    with closing(fresh):
        for file in files:
            if former and file.source in taken_over:
                yield _taken_over(file, former)
            else:
                made = next(fresh)
                if made.traceback is not None:  # here, as processes of the pool have no log
                    logger.error("Reading %r failed\n%s", file.source, made.traceback)
                yield made


def _taken_over(file: CorpusFile, former: OpenedIndex) -> DocumentLines:
    if file.source in former.sources.skipped:
        return DocumentLines(file, reason=former.sources.skipped[file.source][1])
    rows = former.rows_of_documents[file.source]
    return DocumentLines(file, tuple(map(former.passages.line, rows)), None, rows.start)


def _read_all(files: Sequence[CorpusFile], limits: Limits) -> Generator[DocumentLines, None, None]:
    cores = os.cpu_count() or 1
    if cores == 1 or len(files) < 2 or sum(file.size for file in files) < _MIN_SHARED_BYTES:
        with DocumentReader(limits) as reader:
            for file in files:
                yield _read(file, reader)
        return
    cores = min(cores, _MAX_PROCESSES)
    pool = ProcessPoolExecutor(cores, get_context("spawn"), _start_process)
    waiting: deque[Future[list[DocumentLines]]] = deque()
    try:
        for task in _tasks(files):
            waiting.append(pool.submit(_read_some, task, limits))
            if len(waiting) > cores * _TASKS_PER_CORE:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BaseException:
        for process in active_children():  # what they are reading is not wanted any more
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _start_process() -> None:
    """Make a process of the pool leave Ctrl-C to its parent, and end when the parent dies."""
    signal(SIGINT, SIG_IGN)
    parent = parent_process()

    def end_with_parent() -> None:
        if parent is not None:
            wait([parent.sentinel])
        os._exit(1)

    Thread(target=end_with_parent, daemon=True).start()


def _tasks(files: Sequence[CorpusFile]) -> Iterator[list[CorpusFile]]:
    task: list[CorpusFile] = []
    size = 0
    for file in files:
        if task and size + file.size > _BYTES_PER_TASK:
            yield task
            task, size = [], 0
        task.append(file)
        size += file.size
    yield task


def _read_some(files: list[CorpusFile], limits: Limits) -> list[DocumentLines]:
    """Read files in a process of the pool."""
    reader = _reader(limits)
    return [_read(file, reader) for file in files]


@cache
def _reader(limits: Limits) -> DocumentReader:
    """Return the process' reader, whose own process serves all tasks."""
    return DocumentReader(limits)


def _read(file: CorpusFile, reader: DocumentReader) -> DocumentLines:
    try:
        document = reader.read(file)
        return DocumentLines(file, tuple(map(to_line, split_passages(document))))
    except CorpusReadError as error:
        return DocumentLines(file, reason=error.reason)
    except Exception:  # one file that nobody thought of must not cost the others
        reason = "reading it failed; the log says where"
        return DocumentLines(file, reason=reason, traceback=format_exc())
