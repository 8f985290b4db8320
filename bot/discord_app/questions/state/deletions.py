"""The latest deletions of messages, people's data and servers' data.

A question in progress must neither answer a deleted message nor store deleted data again.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from dataclasses import dataclass

from cachetools import FIFOCache

# Of each kind. Questions take seconds, so old deletions are forgotten.
_MAX_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class DeletedMessage:
    """A deleted message."""

    message_id: int


@dataclass(frozen=True, slots=True)
class DeletedPerson:
    """A person whose data was deleted; None stands for an unknown person, who may be any."""

    pseudonym: str | None


@dataclass(frozen=True, slots=True)
class DeletedServer:
    """A server whose data was deleted."""

    guild_id: int


Deleted = DeletedMessage | DeletedPerson | DeletedServer


class Deletions:
    """Numbers deletions, and cancels the wait of a question whose message is deleted.

    Attributes:
        count: The number of deletions since the start of the program.
    """

    def __init__(self) -> None:
        self.count = 0
        # By kind, so that many deleted messages do not displace a person.
        self._numbers: dict[type[Deleted], FIFOCache[Deleted, int]] = {
            kind: FIFOCache(_MAX_REMEMBERED)
            for kind in (DeletedMessage, DeletedPerson, DeletedServer)
        }
        self._newest_person = 0
        self._waiting: dict[int, asyncio.Task[object]] = {}

    def note(self, deleted: Deleted) -> None:
        """Remember a deletion; cancel a task that waits to answer a deleted message."""
        self.count += 1
        self._numbers[type(deleted)][deleted] = self.count
        if isinstance(deleted, DeletedPerson):
            self._newest_person = self.count
        elif isinstance(deleted, DeletedMessage) and deleted.message_id in self._waiting:
            self._waiting[deleted.message_id].cancel()

    def includes_any(self, things: Iterable[Deleted], since: int = 0) -> bool:
        """Return whether at least one of some things was deleted.

        Args:
            things: Messages, people and servers.
            since: An earlier value of `count`; only later deletions matter.
        """
        return self.count > since and any(self._number(thing) > since for thing in things)

    @asynccontextmanager
    async def waiting_for(
        self, wanted: AbstractAsyncContextManager[object], message_id: int | None
    ) -> AsyncIterator[None]:
        """Wait for a lock or slot and hold it in the block.

        The wait is cancelled if the message of the question is deleted.

        Args:
            wanted: The lock or slot.
            message_id: The message whose question waits; None for a command, which cannot be
                deleted.
        """
        async with AsyncExitStack() as stack:
            with self._cancelling(message_id):
                await stack.enter_async_context(wanted)
            yield

    @contextmanager
    def _cancelling(self, message_id: int | None) -> Iterator[None]:
        task = asyncio.current_task()
        if message_id is None or task is None:
            yield
            return
        self._waiting[message_id] = task
        try:
            yield
        finally:
            self._waiting.pop(message_id, None)

    def _number(self, thing: Deleted) -> int:
        """Return the number of a thing's deletion; 0 if it was not deleted."""
        if thing == DeletedPerson(None):
            return self._newest_person
        number: int = self._numbers[type(thing)].get(thing, 0)
        return number
