"""Keep the bot connected: without long waits, without hurry, and never to what says nothing."""

import asyncio
import logging
import time
import zlib
from collections import deque
from collections.abc import Callable

import aiohttp
import discord
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

logger = logging.getLogger(__name__)

# discord.py waits twice as long before each further try, up to 17 minutes. Questions are to be
# answered soon after the network is back, and two tries a minute harm nobody.
_MAX_WAIT_S = 30.0

# Discord answers IDENTIFY and RESUME at once, or after the 5 s between two that identify; with
# the 30 s that aiohttp waits for the answer to a close, a silent gateway is left within 90 s.
_SETTLE_S = 60.0

# So many connections a minute may be opened without a wait, for each shard; a gateway that hangs
# up at once is otherwise dialled as fast as it does so.
_FREE_PER_MINUTE = 3
_MINUTE_S = 60.0

# Lines about failed tries: all of a short loss, then one of every ten minutes.
_FIRST_LINES = 10
_LINE_EVERY_S = 600.0


class _Backoff(ExponentialBackoff[bool]):
    """discord.py's waits between two tries, but no longer than a bound."""

    def delay(self) -> float:
        """Return the seconds to wait now."""
        return min(super().delay(), _MAX_WAIT_S)


class _Socket(DiscordWebSocket):
    """A gateway connection that is left where it brings what cannot be read.

    In discord.py that ends the bot. The session goes on over another connection, where what was not
    read is sent again.
    """

    async def received_message(self, msg: str | bytes, /) -> None:
        """Take a frame."""
        try:
            await super().received_message(msg)
        except (AttributeError, LookupError, TypeError, ValueError, zlib.error) as error:
            reason = f"{type(error).__name__}: {error}"
            logger.warning("The gateway sent what cannot be read (%s); connecting again", reason)
            await self.close()
            raise ReconnectWebSocket(self.shard_id) from None


class _Shard(discord.shard.Shard):
    """A shard that resumes its session after a failed try, as a single connection does.

    discord.py's begins another, without what was missed, and ends the bot where the gateway
    hangs up during that. Where the session is over Discord says so, and another begins then.
    """

    async def reidentify(self, exc: ReconnectWebSocket) -> None:
        """Connect again; discord.py's would go on where the bot is asked to stop meanwhile."""
        await super().reidentify(exc)
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError

    async def reconnect(self) -> None:
        """Connect again after a wait."""
        await self.reidentify(ReconnectWebSocket(self.id, resume=True))


class _SeldomFilter(logging.Filter):
    """Passes the first lines of a series, then one now and then."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._n_lines = 0
        self._last = self._shown = clock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is to be logged."""
        if not str(record.msg).startswith("Attempting a reconnect"):
            return True
        now = self._clock()
        self._n_lines = self._n_lines + 1 if now - self._last < _LINE_EVERY_S else 1
        self._last = now
        if self._n_lines > _FIRST_LINES and now - self._shown < _LINE_EVERY_S:
            return False
        self._shown = now
        return True


def reconnect_steadily() -> None:
    """Set how discord.py comes back after a lost connection; it has no settings for that."""
    for module in (discord.client, discord.shard):
        module.ExponentialBackoff = _Backoff  # type: ignore[attr-defined]
        module.DiscordWebSocket = _Socket  # type: ignore[attr-defined]
    discord.shard.Shard = _Shard  # type: ignore[misc]
    for name in ("discord.client", "discord.shard"):
        library = logging.getLogger(name)
        if not any(isinstance(one, _SeldomFilter) for one in library.filters):
            library.addFilter(_SeldomFilter())


class Pace:
    """Lets connections follow one another ever more slowly while they don't last."""

    def __init__(self, shards: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = _FREE_PER_MINUTE * shards
        self._clock = clock
        self._opened: deque[float] = deque()

    def wait_s(self) -> float:
        """Note that a connection is to be opened, and return how long to wait before."""
        now = self._clock()
        while self._opened and self._opened[0] <= now - _MINUTE_S:
            self._opened.popleft()
        too_many = len(self._opened) - self._free
        self._opened.append(now)
        return min(2.0**too_many, _MAX_WAIT_S) if too_many >= 0 else 0.0


class Settling:
    """Leaves connections over which no session begins or goes on in time.

    discord.py leaves those that are silent altogether; over one whose heartbeats are answered it
    would wait for ever.
    """

    def __init__(self) -> None:
        self._waiting: dict[aiohttp.ClientWebSocketResponse, asyncio.TimerHandle] = {}
        self._leaving: set[asyncio.Task[bool]] = set()

    def opened(
        self, socket: aiohttp.ClientWebSocketResponse, on_silence: Callable[[], None]
    ) -> None:
        """Watch a new connection; `on_silence` is called where it is left."""
        self.forget_closed()
        loop = asyncio.get_running_loop()
        self._waiting[socket] = loop.call_later(_SETTLE_S, self._leave, socket, on_silence)

    def settled(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Note that a session goes over a connection."""
        if (timer := self._waiting.pop(socket, None)) is not None:
            timer.cancel()

    def forget_closed(self) -> None:
        """Watch those no more that were closed meanwhile."""
        for socket in [one for one in self._waiting if one.closed]:
            self.settled(socket)

    def _leave(
        self, socket: aiohttp.ClientWebSocketResponse, on_silence: Callable[[], None]
    ) -> None:
        del self._waiting[socket]
        if socket.closed:
            return
        logger.warning("The gateway begins no session within %g s; connecting again", _SETTLE_S)
        on_silence()
        # 4000 keeps the session, which 1000 would end.
        task = asyncio.get_running_loop().create_task(socket.close(code=4000))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
