"""Remember where answers did not get through lately, for admins who ask why."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import LRUCache

# The channels in which something failed longest ago are forgotten first.
_MAX_CHANNELS = 10_000


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that did not get through.

    Attributes:
        at: When, in seconds since 1970.
        code: Discord's, where it refused the answer; None where something else went wrong.
    """

    at: float
    code: int | None = None


class Failures:
    """The last failure of each channel since the start of the program."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._last = LRUCache[int, Failure](_MAX_CHANNELS)

    def note(self, channel_id: int, code: int | None = None) -> None:
        """Note that an answer failed just now; `code` is Discord's, if it refused it."""
        self._last[channel_id] = Failure(self._clock(), code)

    def last(self, channel_id: int) -> Failure | None:
        """Return the last failure in a channel, or None."""
        return self._last.get(channel_id)
