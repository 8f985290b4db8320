"""Share the slots for searches fairly, so that nobody's flood keeps the others waiting."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

# A question takes 17 ms of the processor over a text of 60 paragraphs and 60 ms over 10,000
# (2 cores, 22 November 2026), which is how long each place in the queue can make others wait.
_MS_PER_QUESTION = 60


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """How many questions may be open at a time: taken, and not answered yet.

    Attributes:
        person: Of one person, as many as a server's cooldown first allows in a minute: 0.6 s.
        server: Of all in a server or a chat, as 50 people with ten questions each: 30 s.
        total: Of everybody: 60 s, after which people have asked again or gone.
    """

    person: int = 10
    server: int = 500
    total: int = 60_000 // _MS_PER_QUESTION


class QueueFullError(Exception):
    """A question cannot be taken.

    Attributes:
        own: Whether the person's own open questions are too many, or else everybody's.
    """

    def __init__(self, *, own: bool) -> None:
        super().__init__("too many open questions")
        self.own = own


class FairQueue:
    """Counts the open questions, and hands out the slots in which they are worked on.

    Slots go round the servers that wait, in a server round its people, and with a person from the
    first question to the last. So a question waits for at most one slot of each other server, and
    of each other person of its own.
    """

    def __init__(self, n_slots: int, limits: QueueLimits | None = None) -> None:
        """Begin empty.

        Args:
            n_slots: How many questions are worked on at the same time.
            limits: How many questions are taken.
        """
        self._limits = limits or QueueLimits()
        self._n_free = n_slots
        self._open: Counter[tuple[str, int]] = Counter()
        # The order of both kinds of keys is that of the next slots.
        self._waiting: dict[int, dict[int, deque[asyncio.Future[None]]]] = {}

    @property
    def n_waiting(self) -> int:
        """How many questions wait for a slot."""
        return sum(len(queue) for people in self._waiting.values() for queue in people.values())

    @contextmanager
    def admit(self, server: int, person: int) -> Iterator[None]:
        """Count a question as open, from its arrival until it is answered.

        Raises:
            QueueFullError: There are too many.
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
        """Wait for a slot and hold it as long as the block.

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
            else:  # cancelled just after the slot was given
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Give a free slot to the next in the queue."""
        while self._waiting:
            server, people = next(iter(self._waiting.items()))
            person, queue = next(iter(people.items()))
            first = queue[0]
            # The rest of them wait behind the others.
            self._waiting[server] = self._waiting.pop(server)
            people[person] = people.pop(person)
            self._leave(server, person, first)
            if not first.done():
                first.set_result(None)
                return
        self._n_free += 1

    def _leave(self, server: int, person: int, mine: asyncio.Future[None]) -> None:
        """Take somebody out of the queue, if they are still in it."""
        people = self._waiting.get(server, {})
        queue = people.get(person, deque())
        if mine in queue:
            queue.remove(mine)
        if person in people and not queue:
            del people[person]
        if server in self._waiting and not people:
            del self._waiting[server]
