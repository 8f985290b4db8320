"""Run long work in daemon threads."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class _Workers:
    """A pool of daemon threads, which grows as needed.

    Threads are reused, because the allocator keeps the memory that a build frees (at least 32 MB)
    for its thread, so each new thread would need as much again. Daemon threads do not block
    shutdown; those of a ThreadPoolExecutor do.
    """

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._n_idle = 0

    def start(self, work: Callable[[], None]) -> None:
        """Do some work, which must not raise, in an idle thread or else in a new one."""
        with self._lock:
            self._n_idle -= 1
            is_new = self._n_idle < 0
            self._n_idle += is_new
        if is_new:
            threading.Thread(target=self._serve, name="build", daemon=True).start()
        self._work.put(work)

    def _serve(self) -> None:
        while True:
            self._work.get()()
            with self._lock:
                self._n_idle += 1


_WORKERS = _Workers()


async def run_in_worker_thread(work: Callable[[], T]) -> T:
    """Do some work in a daemon thread and return its result.

    The thread neither belongs to the pool that searches nor blocks shutdown.
    """
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # raised where it is awaited
            done.set_exception(error)

    context = (
        contextvars.copy_context()
    )  # log lines of the thread carry the request id of the caller
    _WORKERS.start(partial(context.run, run))
    return await asyncio.wrap_future(done)
