"""Run what takes long beside the event loop."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


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
    threading.Thread(target=context.run, args=(run,), name="build", daemon=True).start()
    return await asyncio.wrap_future(done)
