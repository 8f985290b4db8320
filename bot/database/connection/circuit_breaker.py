"""Stop using the database for a while when it is slow, and log a failure once."""

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

# Discord waits 3 s for the acknowledgement of a command, which follows a read. People wait for the
# result of a write.
_READING_S = 1.5
_WRITING_S = 3.0

# A database that fails now and then is logged once a minute.
_SAID_FOR_S = 60.0

# After a timeout every use fails at once for this long; then the database is tried again.
_PAUSE_S = 10.0

_ADVICE = "check its machine and the network to it"


class CircuitBreaker:
    """Puts a timeout on each use of the database, and pauses all uses after a timeout.

    Of several failures in a row, only the first is logged.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paused_until = {"read": 0.0, "write": 0.0}
        self._failing: set[str] = set()
        self._tasks: set[asyncio.Future[Any]] = set()
        self._problem = ""
        self._said_until = -math.inf

    @property
    def problem(self) -> str | None:
        """Why the last read or write failed; None if neither did."""
        return self._problem if self._failing else None

    async def read(self, work: Callable[[], Awaitable[T]], otherwise: D) -> T | D:
        """Return the result of a read, or `otherwise` if it fails."""
        try:
            return await self.must_read(work)
        except DatabaseError:
            return otherwise

    async def write(self, work: Callable[[], Awaitable[T]], otherwise: D) -> T | D:
        """Return the result of a write, or `otherwise` if it fails."""
        try:
            return await self.must_write(work)
        except DatabaseError:
            return otherwise

    async def must_read(self, work: Callable[[], Awaitable[T]]) -> T:
        """Return the result of a read.

        Raises:
            DatabaseError: The database failed, or is too slow.
        """
        return await self._within(_READING_S, "read", work)

    async def must_write(self, work: Callable[[], Awaitable[T]]) -> T:
        """Return the result of a write.

        Raises:
            DatabaseError: The database failed, or is too slow.
        """
        return await self._within(_WRITING_S, "write", work)

    async def _within(self, seconds: float, kind: str, work: Callable[[], Awaitable[T]]) -> T:
        try:
            done = await self._in_time(seconds, kind, work)
        except DatabaseError as error:
            if not self._failing and self._clock() >= self._said_until:
                logger.warning("Answering without the database: %s", error)
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
            raise DatabaseError("in use", "it did not answer in time just now", _ADVICE)
        # The task is not awaited after its timeout, because cancelling it may also take long.
        task = asyncio.ensure_future(work())
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            await asyncio.wait((task,), timeout=seconds)
        finally:
            task.cancel()  # has no effect on a finished task
        if not task.done():
            # A database that cannot be read takes no changes either, but a locked one can be read.
            for paused in (kind, "write"):
                self._paused_until[paused] = self._clock() + _PAUSE_S
            raise DatabaseError("in use", f"no answer within {seconds:g} s", _ADVICE)
        return task.result()

    def _forget(self, task: "asyncio.Future[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # else asyncio logs a traceback of the abandoned task
