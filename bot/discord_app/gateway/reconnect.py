"""Reconnect to the gateway: bounded waits, resumed sessions, and few log lines."""

import asyncio
import logging
import time
import zlib
from collections.abc import Awaitable, Callable

import discord
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

logger = logging.getLogger(__name__)

# discord.py doubles the wait before each further try, up to 17 minutes. With this limit the bot
# answers soon after the network is back, at the cost of two tries a minute.
MAX_WAIT_S = 30.0

# Seconds before each further try for the first connection. If Discord is away for longer, a service
# manager restarts the process.
_FIRST_CONNECTION_DELAYS_S = (1.0, 2.0)

# Log lines about failed tries: the first of a series, then one every ten minutes.
_FIRST_LINES = 10
_LINE_EVERY_S = 600.0

# The modules that connect, one for a plain client and one for shards, and their loggers.
_CONNECTING_MODULES = (discord.client, discord.shard)


class BoundedBackoff(ExponentialBackoff[bool]):
    """Bounds the wait between two tries to connect.

    Promise: The bot is back within 30 s after the network is back.
    Private: `ExponentialBackoff.delay`, and the class's name in `discord.client` and
    `discord.shard`.
    """

    def delay(self) -> float:
        """Return the seconds to wait now."""
        return min(super().delay(), MAX_WAIT_S)

    @classmethod
    def install(cls) -> None:
        """Let discord.py use this class."""
        for module in _CONNECTING_MODULES:
            module.ExponentialBackoff = cls  # type: ignore[attr-defined]


class TolerantWebSocket(DiscordWebSocket):
    """Closes a gateway connection that sends an unreadable frame.

    Promise: An unreadable frame ends only the connection. The session is resumed over a new one,
    when Discord sends the frame again. In discord.py the exception ends the bot.
    Private: `DiscordWebSocket.received_message`, and the class's name in `discord.client` and
    `discord.shard`.
    """

    async def received_message(self, msg: str | bytes, /) -> None:
        """Handle a frame."""
        try:
            await super().received_message(msg)
        except (AttributeError, LookupError, TypeError, ValueError, zlib.error) as error:
            reason = f"{type(error).__name__}: {error}"
            logger.warning("The gateway sent an unreadable frame (%s); reconnecting", reason)
            await self.close()
            raise ReconnectWebSocket(self.shard_id) from None

    @classmethod
    def install(cls) -> None:
        """Let discord.py use this class."""
        for module in _CONNECTING_MODULES:
            module.DiscordWebSocket = cls  # type: ignore[attr-defined]


class ResumingShard(discord.shard.Shard):
    """Resumes a shard's session after a failed try, as a plain client does.

    Promise: A shard gets the events that it missed, and a gateway that closes the connection does
    not end the bot. discord.py's shard begins a new session. If the session can no longer be
    resumed, Discord says so.
    Private: `Shard.reconnect`, `Shard.reidentify`, and the class's name in `discord.shard`.
    """

    async def reconnect(self) -> None:
        """Connect again after a wait."""
        await self.reidentify(ReconnectWebSocket(self.id, resume=True))

    async def reidentify(self, exc: ReconnectWebSocket) -> None:
        """Connect again; if the task was cancelled meanwhile, raise CancelledError.

        discord.py swallows the cancellation and goes on.
        """
        await super().reidentify(exc)
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError

    @classmethod
    def install(cls) -> None:
        """Let discord.py use this class."""
        discord.shard.Shard = cls  # type: ignore[misc]


class RetryLogFilter(logging.Filter):
    """Keeps the first log lines about failed tries, then one every ten minutes.

    Promise: An hour without network costs at most 20 log lines.
    Private: the names of discord.py's loggers, and how its message begins.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._n_lines = 0
        self._last = self._shown = clock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be logged."""
        if not str(record.msg).startswith("Attempting a reconnect"):
            return True
        now = self._clock()
        self._n_lines = self._n_lines + 1 if now - self._last < _LINE_EVERY_S else 1
        self._last = now
        if self._n_lines > _FIRST_LINES and now - self._shown < _LINE_EVERY_S:
            return False
        self._shown = now
        return True

    @classmethod
    def install(cls) -> None:
        """Filter what discord.py logs, once."""
        for module in _CONNECTING_MODULES:
            library = logging.getLogger(module.__name__)
            if not any(isinstance(one, cls) for one in library.filters):
                library.addFilter(cls())


async def retry_first_connection(
    client: discord.Client, connect: Callable[[], Awaitable[None]]
) -> None:
    """Connect, and try again if the first connection fails.

    Promise: The bot starts although the gateway is away for a moment; after three tries it ends
    with the reason. discord.py takes the data for a resume from the previous connection; without
    one it raises an AttributeError, whose context is the reason.
    Private: that AttributeError of `Client.connect`, and `Client.ws`, None until the first
    connection.

    Args:
        client: The client that connects.
        connect: The client's `Client.connect`.

    Raises:
        Exception: The reason why the last try failed.
    """
    for delay_s in (*_FIRST_CONNECTION_DELAYS_S, None):
        try:
            return await connect()
        except AttributeError as stumble:
            reason = stumble.__context__
            if reason is None or client.ws is not None or client.is_closed():
                raise
            if delay_s is None:
                raise reason from None
        await asyncio.sleep(delay_s)
    return None
