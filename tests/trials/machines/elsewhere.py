"""Another process that changes the database, as a machine does that serves no shard."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from bot.database import Database, open_database

T = TypeVar("T")


_TIMEOUT_S = 60.0


class Elsewhere:
    """An open database with an event loop of its own; threads may share it."""

    def __init__(self, database: Database, loop: asyncio.AbstractEventLoop) -> None:
        self._database = database
        self._loop = loop

    def do(self, work: Callable[[Database], Awaitable[T]]) -> T:
        """Do something with the database, and return the result."""

        async def run() -> T:
            return await work(self._database)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(_TIMEOUT_S)


@contextmanager
def elsewhere(url: str) -> Iterator[Elsewhere]:
    """Open a database in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    database = asyncio.run_coroutine_threadsafe(open_database(url), loop).result(_TIMEOUT_S)
    try:
        yield Elsewhere(database, loop)
    finally:
        asyncio.run_coroutine_threadsafe(database.close(), loop).result(_TIMEOUT_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
