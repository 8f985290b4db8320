"""Run what takes long beside the event loop."""

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
    """Threads that do one thing after the other, as many as were needed at a time.

    They are kept: what a build frees, 32 MB at least, the allocator keeps for the thread that had
    it, so that every new one could have taken as much again. And they do not keep the process from
    ending, as those of a ThreadPoolExecutor do.
    """

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._n_idle = 0

    def start(self, work: Callable[[], None]) -> None:
        """Do some work, which raises nothing, in a thread that is idle or else in a new one."""
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


async def beside_the_loop(work: Callable[[], T]) -> T:
    """Return what some work gives that takes its time.

    It gets a thread of its own, so that it takes none from those that search, and one that does not
    keep the process from ending.
    """
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # raised where it is awaited
            done.set_exception(error)

    context = contextvars.copy_context()  # log lines of the thread belong to who started it
    _WORKERS.start(partial(context.run, run))
    return await asyncio.wrap_future(done)
