"""The last failed answer of each channel, for `/pullquote diagnose`."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import LRUCache

# The channels that failed longest ago are dropped first.
_MAX_CHANNELS = 10_000


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that could not be sent.

    Attributes:
        at: When, in seconds since 1970.
        code: Discord's error code; None if Discord did not refuse it, but something else failed.
    """

    at: float
    code: int | None = None


class RecentFailures:
    """The last failure of each channel since the start of the program."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._last = LRUCache[int, Failure](_MAX_CHANNELS)

    def note(self, channel_id: int, code: int | None = None) -> None:
        """Record that an answer failed now; `code` is the error code if Discord refused it."""
        self._last[channel_id] = Failure(self._clock(), code)

    def last(self, channel_id: int) -> Failure | None:
        """Return the last failure in a channel, or None."""
        return self._last.get(channel_id)
