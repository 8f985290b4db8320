"""The servers whose texts this process has yet to index; those that are asked come first."""

import asyncio
import contextlib
from collections.abc import Generator

# Texts of usual size take some tenths of a second; a question does not wait for large ones.
_MAX_WAIT_S = 10.0


class PendingIndexes:
    """Lets questions wait for the index of their server, and its index go before others."""

    def __init__(self) -> None:
        self._done: dict[int, asyncio.Event] = {}
        self._asked: list[int] = []

    def each(self, guild_ids: list[int]) -> Generator[int]:
        """Yield servers to index, one after the other; each is done when the next is taken.

        Args:
            guild_ids: All of them, in the order in which they come unless questions are waiting.
        """
        waiting = {guild_id: asyncio.Event() for guild_id in guild_ids}
        self._done |= waiting
        try:
            while waiting:
                asked = next((one for one in self._asked if one in waiting), None)
                guild_id = next(iter(waiting)) if asked is None else asked
                yield guild_id
                self._end(guild_id, waiting)
        finally:
            for guild_id in list(waiting):
                self._end(guild_id, waiting)

    async def wait(self, guild_id: int | None) -> None:
        """Wait until the texts of a server are indexed, if they are to be, for some seconds."""
        done = self._done.get(guild_id) if guild_id else None
        if guild_id is None or done is None:
            return
        self._asked.append(guild_id)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), _MAX_WAIT_S)
        finally:
            self._asked.remove(guild_id)

    def _end(self, guild_id: int, waiting: dict[int, asyncio.Event]) -> None:
        done = waiting.pop(guild_id)
        done.set()
        if self._done.get(guild_id) is done:
            del self._done[guild_id]
