"""Read the files of a corpus in order, on all cores if there is much to read."""

import logging
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from threading import Thread
from traceback import format_exc
from typing import TYPE_CHECKING, Generic, TypeVar

from index.documents.corpus import CorpusFile
from index.documents.document_reader import DocumentReader
from index.documents.limits import Limits
from index.documents.model import Document
from index.errors import CorpusReadError

if TYPE_CHECKING:
    from concurrent.futures import Future

logger = logging.getLogger(__name__)

T = TypeVar("T")

# For fewer bytes, starting processes (half a second each) takes longer than they save.
_MIN_SHARED_BYTES = 4 * 2**20

# The bytes of a task for a process, while a larger file is a task of its own; and the number of
# tasks for each process at a time, whose results are held in memory.
_BYTES_PER_TASK = 2**20
_TASKS_PER_CORE = 3

# Windows cannot wait for more processes.
_MAX_PROCESSES = 61


@dataclass(frozen=True, slots=True)
class ReadFile(Generic[T]):
    """The result of reading a file.

    Attributes:
        file: The file.
        content: The converted document; None if the file cannot be indexed.
        reason: Why it cannot be indexed, or None.
        traceback: The traceback of an unexpected error, or None.
        remark: The remark of the document, or None.
    """

    file: CorpusFile
    content: T | None = None
    reason: str | None = None
    traceback: str | None = None
    remark: str | None = None


def read_corpus(
    files: Sequence[CorpusFile], limits: Limits, convert: Callable[[Document], T]
) -> Generator[ReadFile[T], None, None]:
    """Read files, and yield the converted document of each in their order.

    Args:
        files: The files.
        limits: How much of a file is read.
        convert: Converts a document. The process that read the file calls it, so it must be a
            module-level function.

    Raises:
        ChildProcessError: A process that reads files was killed from outside.
    """
    with closing(_read_all(files, limits, convert)) as read:
        for one in read:
            if one.traceback is not None:  # here, as processes of the pool have no log
                logger.error("Reading %r failed\n%s", one.file.source, one.traceback)
            yield one


def _read_all(
    files: Sequence[CorpusFile], limits: Limits, convert: Callable[[Document], T]
) -> Generator[ReadFile[T], None, None]:
    cores = os.cpu_count() or 1
    if cores == 1 or len(files) < 2 or sum(file.size for file in files) < _MIN_SHARED_BYTES:
        with DocumentReader(limits) as reader:
            for file in files:
                yield _read(file, reader, convert)
    else:
        yield from _read_by_processes(files, limits, convert, min(cores, _MAX_PROCESSES))


def _read_by_processes(
    files: Sequence[CorpusFile], limits: Limits, convert: Callable[[Document], T], n_processes: int
) -> Iterator[ReadFile[T]]:
    # Imported here, because they are half of the modules that a start would load.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    pool = ProcessPoolExecutor(n_processes, get_context("spawn"), _start_process)
    waiting: deque[Future[list[ReadFile[T]]]] = deque()
    try:
        for task in _tasks(files):
            waiting.append(pool.submit(_read_some, task, limits, convert))
            if len(waiting) > n_processes * _TASKS_PER_CORE:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BaseException as error:
        for process in active_children():  # their results are no longer needed
            process.terminate()
        if isinstance(error, BrokenProcessPool):
            reason = "a process that reads files was ended from outside; is there enough memory?"
            raise ChildProcessError(reason) from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _start_process() -> None:
    """Set up a process of the pool: it ignores Ctrl-C, and ends when its parent ends."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait
    from signal import SIG_IGN, SIGINT, signal

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


def _read_some(
    files: list[CorpusFile], limits: Limits, convert: Callable[[Document], T]
) -> list[ReadFile[T]]:
    """Read files in a process of the pool."""
    reader = _reader(limits)
    return [_read(file, reader, convert) for file in files]


@cache
def _reader(limits: Limits) -> DocumentReader:
    """Return the reader of this process, which all tasks share."""
    return DocumentReader(limits)


def _read(
    file: CorpusFile, reader: DocumentReader, convert: Callable[[Document], T]
) -> ReadFile[T]:
    try:
        document = reader.read(file)
        return ReadFile(file, convert(document), remark=document.remark)
    except CorpusReadError as error:
        return ReadFile(file, reason=error.reason)
    except Exception:  # an unexpected error in one file must not stop the others
        reason = "reading it failed; the log says where"
        return ReadFile(file, reason=reason, traceback=format_exc())
