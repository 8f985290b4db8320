"""Limit how many questions a person may ask in a time."""

import time
from collections import deque
from collections.abc import Callable

from cachetools import LRUCache

# Far more people than ask within a cooldown; the least recently used entries are dropped.
_MAX_PEOPLE = 10_000


class Cooldowns:
    """The times at which each person asked in each server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked = LRUCache[tuple[int, int], deque[float]](_MAX_PEOPLE)

    def wait_s(self, guild_id: int, user_id: int, questions: int, seconds: int) -> float:
        """Count a question, or return how long the person has to wait before the next.

        Args:
            guild_id: The server.
            user_id: Who asks.
            questions: How many are allowed; 0 allows any number.
            seconds: The length of the time window.

        Returns:
            0 if the question may be answered; a refused question is not counted.
        """
        wait_s = self.remaining_s(guild_id, user_id, questions, seconds)
        if wait_s > 0 or questions <= 0 or seconds <= 0:
            return wait_s
        self._asked.setdefault((guild_id, user_id), deque()).append(self._clock())
        return 0.0

    def remaining_s(self, guild_id: int, user_id: int, questions: int, seconds: int) -> float:
        """Return how long a person has to wait, as `wait_s` does, without counting a question."""
        asked = self._asked.get((guild_id, user_id))
        if not asked or questions <= 0 or seconds <= 0:
            return 0.0
        now = self._clock()
        while asked and seconds - (now - asked[0]) <= 0:
            asked.popleft()
        return seconds - (now - asked[0]) if len(asked) >= questions else 0.0
