"""Read the files of a corpus in turn, on all cores where it pays."""

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

# Below so many bytes to read, starting processes (half a second each) takes longer than they save.
_MIN_SHARED_BYTES = 4 * 2**20

# Bytes handed to a process at a time, or one larger file, and how many such tasks are under way
# for each process: what they give back is in memory.
_BYTES_PER_TASK = 2**20
_TASKS_PER_CORE = 3

# Windows waits for no more than 61.
_MAX_PROCESSES = 61


@dataclass(frozen=True, slots=True)
class ReadFile(Generic[T]):
    """What reading a file gave.

    Attributes:
        file: The file.
        content: What was made of its document; None where it cannot be indexed.
        reason: Why it cannot be indexed, or None.
        traceback: Of an unexpected error, to be logged; None for any other reason.
    """

    file: CorpusFile
    content: T | None = None
    reason: str | None = None
    traceback: str | None = None


def read_corpus(
    files: Sequence[CorpusFile], limits: Limits, convert: Callable[[Document], T]
) -> Generator[ReadFile[T], None, None]:
    """Yield what `convert` makes of the document of each file, in their order.

    Args:
        files: The files.
        limits: What is read of one.
        convert: A function of a module; the process that read a file calls it.

    Raises:
        ChildProcessError: A process that reads files was ended from outside.
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
    # Half of what a start would load.
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
        for process in active_children():  # what they are reading is not wanted any more
            process.terminate()
        if isinstance(error, BrokenProcessPool):
            reason = "a process that reads files was ended from outside; is there enough memory?"
            raise ChildProcessError(reason) from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _start_process() -> None:
    """Make a process of the pool leave Ctrl-C to its parent, and end when the parent dies."""
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
    """Return the process' reader, whose own process serves all tasks."""
    return DocumentReader(limits)


def _read(
    file: CorpusFile, reader: DocumentReader, convert: Callable[[Document], T]
) -> ReadFile[T]:
    try:
        return ReadFile(file, convert(reader.read(file)))
    except CorpusReadError as error:
        return ReadFile(file, reason=error.reason)
    except Exception:  # one file that nobody thought of must not cost the others
        reason = "reading it failed; the log says where"
        return ReadFile(file, reason=reason, traceback=format_exc())
