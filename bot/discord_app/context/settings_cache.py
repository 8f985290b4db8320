"""A cache of servers' settings, which also works while the database cannot be read."""

import math
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar

from cachetools import LRUCache

from bot.database import ChannelSettings, CircuitBreaker, Database, ServerSettings

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

# A setting that another process changes is used here after this time, if nobody tells of it.
_LIFETIME_S = 5.0

# A time before all others.
_EXPIRED = -math.inf

# A read takes at most this long; meanwhile other callers get the cached value.
_READING_S = 1.5

_MAX_KEPT = 10_000


class SettingsCache:
    """The settings of servers, read again every few seconds; the last known if that fails."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], float] = time.monotonic,
        *,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._store = database.settings
        self._clock = clock
        self._breaker = breaker or CircuitBreaker()
        self._servers = LRUCache[int, tuple[float, ServerSettings]](_MAX_KEPT)
        self._channels = LRUCache[tuple[int, int], tuple[float, ChannelSettings]](_MAX_KEPT)
        self._n_changes = 0

    async def server(self, guild_id: int | None) -> ServerSettings:
        """Return a server's settings; the defaults outside of servers."""
        if guild_id is None:
            return ServerSettings()
        return await self._known(
            self._servers, guild_id, lambda: self._store.server(guild_id), ServerSettings()
        )

    async def channel(self, guild_id: int | None, channel_id: int) -> ChannelSettings:
        """Return the settings of a channel; for a thread, pass the id of its parent."""
        if guild_id is None:
            return ChannelSettings()
        return await self._known(
            self._channels,
            (guild_id, channel_id),
            lambda: self._store.channel(guild_id, channel_id),
            ChannelSettings(),
        )

    def forget(self, guild_id: int) -> None:
        """Drop a server's settings from the cache, because they were changed here."""
        self._n_changes += 1
        self._servers.pop(guild_id, None)
        for key in [key for key in self._channels if key[0] == guild_id]:
            del self._channels[key]

    def on_change(self, guild_id: int | None) -> None:
        """Read again soon what another process has changed: a server's settings, or None for any.

        What is known stays in use while the database cannot be read.
        """
        self._n_changes += 1
        for server, (_, settings) in list(self._servers.items()):
            if guild_id in (None, server):
                self._servers[server] = _EXPIRED, settings
        for key, (_, channel) in list(self._channels.items()):
            if guild_id in (None, key[0]):
                self._channels[key] = _EXPIRED, channel

    async def _known(
        self,
        kept: LRUCache[K, tuple[float, T]],
        key: K,
        read: Callable[[], Awaitable[T]],
        default: T,
    ) -> T:
        until, value = kept.get(key, (0.0, default))
        if self._clock() < until:
            return value
        if key in kept:  # one concurrent caller reads; the others get this value
            kept[key] = (self._clock() + _READING_S, value)
        n_changes = self._n_changes
        value = await self._breaker.read(read, value)
        if self._n_changes != n_changes:
            return value  # it may be the value before the change
        kept[key] = (self._clock() + _LIFETIME_S, value)
        return value
