"""Use the database for as long as it answers soon, and say once where it does not."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.errors import DatabaseError

logger = logging.getLogger(__name__)

T = TypeVar("T")
D = TypeVar("D")

# A command must be acknowledged within 3 s, and is after reading; who asked waits for writing.
_READING_S = 1.5
_WRITING_S = 3.0

# One line a minute is enough for a database that fails now and then.
_SAID_FOR_S = 60.0

# Nobody waits for a database that did not answer in time, until it is tried again.
_PAUSE_S = 10.0


class CircuitBreaker:
    """Turns a database that is slow into one that fails, and its failures into one line."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paused_until = {"read": 0.0, "write": 0.0}
        self._failing: set[str] = set()
        self._tasks: set[asyncio.Future[Any]] = set()
        self._problem = ""
        self._said_until = -math.inf

    @property
    def problem(self) -> str | None:
        """Why the last use, for reading or for writing, failed; None where it did not."""
        return self._problem if self._failing else None

    async def read(self, work: Callable[[], Awaitable[T]], otherwise: D) -> T | D:
        """Return what a store reads; `otherwise` where it cannot."""
        try:
            return await self.must_read(work)
        except DatabaseError:
            return otherwise

    async def write(self, work: Callable[[], Awaitable[T]], otherwise: D) -> T | D:
        """Let a store write and return what it says; `otherwise` where it cannot."""
        try:
            return await self.must_write(work)
        except DatabaseError:
            return otherwise

    async def must_read(self, work: Callable[[], Awaitable[T]]) -> T:
        """Return what a store reads.

        Raises:
            DatabaseError: The database failed, or is too slow.
        """
        return await self._within(_READING_S, "read", work)

    async def must_write(self, work: Callable[[], Awaitable[T]]) -> T:
        """Let a store write and return what it says.

        Raises:
            DatabaseError: The database failed, or is too slow.
        """
        return await self._within(_WRITING_S, "write", work)

    async def _within(self, seconds: float, kind: str, work: Callable[[], Awaitable[T]]) -> T:
        try:
            done = await self._in_time(seconds, kind, work)
        except DatabaseError as error:
            if not self._failing and self._clock() >= self._said_until:
                logger.warning("Questions are answered without what the bot keeps: %s", error)
                self._said_until = self._clock() + _SAID_FOR_S
            self._failing.add(kind)
            self._problem = str(error)
            raise
        if kind in self._failing:
            self._failing.remove(kind)
            if not self._failing:
                logger.info("The database works again")
        return done

    async def _in_time(self, seconds: float, kind: str, work: Callable[[], Awaitable[T]]) -> T:
        if self._clock() < self._paused_until[kind]:
            raise DatabaseError("in use", "it did not answer in time just now")
        # Work that is given up on is not waited for: a driver may take long to end it, too.
        task = asyncio.ensure_future(work())
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            await asyncio.wait((task,), timeout=seconds)
        finally:
            task.cancel()  # does nothing to what is done
        if not task.done():
            self._paused_until[kind] = self._clock() + _PAUSE_S
            raise DatabaseError("in use", f"no answer within {seconds:g} s")
        return task.result()

    def _forget(self, task: "asyncio.Future[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # else asyncio writes a traceback of what nobody waits for any more
