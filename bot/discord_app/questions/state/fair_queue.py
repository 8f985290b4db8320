"""Shares the slots for searches fairly: one person's many questions do not delay others."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

# A question takes 17 ms of the processor over a text of 60 paragraphs and 60 ms over 10,000
# (2 cores, 22 November 2026). Each question in the queue delays others by that time.
_MS_PER_QUESTION = 60


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """How many questions may be pending (admitted and not answered yet) at a time.

    Attributes:
        person: For one person: the default cooldown's questions of a minute, 0.6 s of work.
        server: For one server or chat: ten questions of 50 people, 30 s of work.
        total: For all: 60 s of work; people do not wait longer.
    """

    person: int = 10
    server: int = 500
    total: int = 60_000 // _MS_PER_QUESTION


class QueueFullError(Exception):
    """A question is not admitted.

    Attributes:
        own: Whether the person's own pending questions are too many; otherwise those of the server
            or of all are.
    """

    def __init__(self, *, own: bool) -> None:
        super().__init__("too many pending questions")
        self.own = own


class FairQueue:
    """Counts the pending questions, and assigns the slots for searches.

    Slots go to the waiting servers in turn, within a server to its people in turn, and within a
    person's questions in order of arrival. So a person's next question waits for at most one
    question of each other server and of each other person of its server.
    """

    def __init__(self, n_slots: int, limits: QueueLimits | None = None) -> None:
        """Begin empty.

        Args:
            n_slots: How many searches may run at the same time.
            limits: How many questions may be pending.
        """
        self._limits = limits or QueueLimits()
        self._n_free = n_slots
        self._open: Counter[tuple[str, int]] = Counter()
        # Both dicts are ordered: the first key gets the next slot.
        self._waiting: dict[int, dict[int, deque[asyncio.Future[None]]]] = {}

    @property
    def n_waiting(self) -> int:
        """How many questions wait for a slot."""
        return sum(len(queue) for people in self._waiting.values() for queue in people.values())

    @contextmanager
    def reserve(self, server: int, person: int) -> Iterator[None]:
        """Count a question as pending during the block.

        Raises:
            QueueFullError: Too many questions are pending.
        """
        limits = self._limits
        counted = (
            (("person", person), limits.person),
            (("server", server), limits.server),
            (("total", 0), limits.total),
        )
        for (whose, number), limit in counted:
            if self._open[whose, number] >= limit:
                raise QueueFullError(own=whose == "person")
        keys = [key for key, _ in counted]
        self._open.update(keys)
        try:
            yield
        finally:
            self._open.subtract(keys)
            for key in keys:
                if not self._open[key]:
                    del self._open[key]

    @asynccontextmanager
    async def slot(self, server: int, person: int) -> AsyncIterator[None]:
        """Wait for a slot, and hold it during the block.

        A task that is cancelled while it waits leaves the queue.
        """
        if self._n_free:
            self._n_free -= 1
        else:
            await self._wait(server, person)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, server: int, person: int) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(server, {}).setdefault(person, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.cancelled():
                self._leave(server, person, mine)
            else:  # it was cancelled after it got the slot, so this was no turn of theirs
                self._put_first(server, person)
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Give a free slot to the next question in the queue."""
        while self._waiting:
            server, people = next(iter(self._waiting.items()))
            person, queue = next(iter(people.items()))
            first = queue[0]
            if first.done():  # cancelled, and its task has not left the queue yet
                self._leave(server, person, first)
                continue
            # The rest of them wait behind the others.
            self._waiting[server] = self._waiting.pop(server)
            people[person] = people.pop(person)
            self._leave(server, person, first)
            first.set_result(None)
            return
        self._n_free += 1

    def _put_first(self, server: int, person: int) -> None:
        """Let a server, and in it a person, have the next turn, if they wait."""
        people = self._waiting.get(server)
        if people is None:
            return
        if person in people:
            self._waiting[server] = {person: people.pop(person), **people}
        self._waiting = {server: self._waiting.pop(server), **self._waiting}

    def _leave(self, server: int, person: int, mine: asyncio.Future[None]) -> None:
        """Remove a question from the queue, if it is still in it."""
        people = self._waiting.get(server, {})
        queue = people.get(person, deque())
        if mine in queue:
            queue.remove(mine)
        if person in people and not queue:
            del people[person]
        if server in self._waiting and not people:
            del self._waiting[server]
