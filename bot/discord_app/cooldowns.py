"""Keep people from asking faster than their server allows."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

# More people than ask within any cooldown; the longest unheard are forgotten first.
_MAX_PEOPLE = 10_000


class Cooldowns:
    """When each person asked last, server by server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: OrderedDict[tuple[int, int], deque[float]] = OrderedDict()

    def wait_s(self, guild_id: int, user_id: int, questions: int, seconds: int) -> float:
        """Note a question, or return how long the person has to wait before the next.

        Args:
            guild_id: The server.
            user_id: Who asks.
            questions: How many are allowed; 0 allows any number.
            seconds: In how long a time.

        Returns:
            0 where the question may be answered; a refused one does not count.
        """
        if questions <= 0 or seconds <= 0:
            return 0.0
        now = self._clock()
        asked = self._asked.setdefault((guild_id, user_id), deque())
        self._asked.move_to_end((guild_id, user_id))
        if len(self._asked) > _MAX_PEOPLE:
            self._asked.popitem(last=False)
        while asked and asked[0] <= now - seconds:
            asked.popleft()
        if len(asked) >= questions:
            return asked[0] + seconds - now
        asked.append(now)
        return 0.0
