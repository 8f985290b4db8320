"""The state of the shards' connections to Discord's gateway, and since when."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GatewayState:
    """The connections at one moment; all times in seconds.

    Attributes:
        shards: The number of shards.
        connected: How many of them are connected.
        away_s: Seconds that the longest-missing shard has been disconnected; 0 if none is.
        connection_age_s: Seconds since the newest connection; NaN if no shard is connected.
        last_event_age_s: Seconds since the last event of Discord; NaN before the first.
        latency_s: Seconds from a heartbeat to its acknowledgement; NaN before the first.
    """

    shards: int
    connected: int
    away_s: float
    connection_age_s: float
    last_event_age_s: float
    latency_s: float


class GatewayStatus:
    """Records when shards connect and disconnect.

    Attributes:
        latency_s: Returns the latency of the last heartbeat; may be infinite or NaN.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Expect one connection, from now on.

        Args:
            clock: Monotonic seconds.
        """
        self._clock = clock
        self._here: dict[int, float] = {}
        self._away: dict[int, float] = {0: clock()}
        self._were_here: set[int] = set()
        self._heard_at = math.nan
        self.latency_s: Callable[[], float] = lambda: math.nan

    def expect(self, shards: Iterable[int]) -> None:
        """Expect the connections of these shards, all disconnected at first."""
        self._here.clear()
        self._away = dict.fromkeys(shards, self._clock())

    def note_connected(self, shard: int) -> None:
        """Record that a shard is connected: identified or resumed."""
        now = self._clock()
        self._away.pop(shard, None)
        self._here[shard] = now
        self._were_here.add(shard)
        for waiting in self._away.keys() - self._were_here:  # they start one after the other
            self._away[waiting] = now

    def note_disconnected(self, shard: int) -> None:
        """Record that a shard lost its connection, or could not connect."""
        self._here.pop(shard, None)
        self._away.setdefault(shard, self._clock())

    def note_event(self) -> None:
        """Record that Discord sent an event."""
        self._heard_at = self._clock()

    def state(self) -> GatewayState:
        """Return the present state; may be called from any thread."""
        now, here, away = self._clock(), tuple(self._here.values()), tuple(self._away.values())
        latency_s = self.latency_s()
        return GatewayState(
            shards=len(here) + len(away),
            connected=len(here),
            away_s=now - min(away, default=now),
            connection_age_s=now - max(here, default=math.nan),
            last_event_age_s=now - self._heard_at,
            latency_s=latency_s if math.isfinite(latency_s) else math.nan,
        )
