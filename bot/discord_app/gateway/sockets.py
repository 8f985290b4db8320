"""Open, watch and close the websockets to the gateway."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable

import aiohttp
import discord

from bot.discord_app.gateway.api_base import GatewayFinder
from bot.discord_app.gateway.reconnect import MAX_WAIT_S

logger = logging.getLogger(__name__)

# Discord answers IDENTIFY and RESUME at once, or within 5 s if several shards identify. With the
# 30 s that aiohttp waits for the answer to a close, a silent gateway is left within 90 s.
_SESSION_TIMEOUT_S = 60.0

# This many connections a minute may be opened without a wait, for each shard. Without a limit a
# gateway that closes connections at once would be dialled without pause.
_FREE_PER_MINUTE = 3
_MINUTE_S = 60.0

# Discord allows 1,000 new sessions a day; resumed sessions do not count.
_CHECK_TOKEN_EVERY_S = 60.0

# A close with 1000 or 1001 ends the session.
# https://discord.com/developers/docs/events/gateway#initiating-a-disconnect
_KEEPS_SESSION = 4000

_Socket = aiohttp.ClientWebSocketResponse


def known_sockets(client: discord.Client) -> dict[int | None, _Socket]:
    """Return the sockets by the number of their shard; by None for a client without shards.

    Private: `DiscordWebSocket.socket`, and `AutoShardedClient._get_websocket`.
    """
    if isinstance(client, discord.AutoShardedClient):
        return {number: client._get_websocket(shard_id=number).socket for number in client.shards}
    return {None: client.ws.socket} if client.ws is not None else {}


class GatewaySockets:
    """Opens the websockets of a client.

    Promise: Connections go to the address that the API names (`GatewayFinder`), have growing
    delays if they do not last (`ConnectionRateLimit`), and are closed if no session begins
    (`SessionTimeouts`).
    Private: `HTTPClient.ws_connect`, which discord.py calls for each connection.
    """

    def __init__(self, client: discord.Client, shards: int) -> None:
        self._client = client
        self._finder = GatewayFinder(client.http)
        self._pace = ConnectionRateLimit(shards)
        self._timeouts = SessionTimeouts()
        self._check_token_at = 0.0
        self._closing = set[asyncio.Task[bool]]()
        client.http.ws_connect = self._open  # type: ignore[method-assign]

    async def _open(self, url: str, *, compress: int = 0) -> _Socket:
        """Open a websocket; replaces `HTTPClient.ws_connect`."""
        await asyncio.sleep(self._pace.wait_s())
        socket = await self._finder.ws_connect(url, compress=compress)
        self._timeouts.start(socket, lambda: self._finder.avoid(url))
        return socket

    def note_session(self, shard_id: int | None = None) -> None:
        """Note that a session began or was resumed, on a shard or on the only connection."""
        if (socket := known_sockets(self._client).get(shard_id)) is not None:
            self._timeouts.stop(socket)

    def check_token(self) -> None:
        """Connect again, which ends the bot if the gateway also rejects the token.

        Promise: A token that was reset ends the bot with exit code 3 at the first request that
        Discord refuses. The reset does not close open connections. If the token is still valid,
        the session is resumed.
        """
        now = time.monotonic()
        if now < self._check_token_at:
            return
        self._check_token_at = now + _CHECK_TOKEN_EVERY_S
        logger.warning("Discord rejected the token of a request; reconnecting to check the token")
        for socket in known_sockets(self._client).values():
            task = asyncio.create_task(socket.close(code=_KEEPS_SESSION))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)


class ConnectionRateLimit:
    """Delays connections longer and longer if many are opened in a minute."""

    def __init__(self, shards: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = _FREE_PER_MINUTE * shards
        self._clock = clock
        self._opened: deque[float] = deque()

    def wait_s(self) -> float:
        """Count a connection, and return how long to wait before it is opened."""
        now = self._clock()
        while self._opened and self._opened[0] <= now - _MINUTE_S:
            self._opened.popleft()
        too_many = len(self._opened) - self._free
        self._opened.append(now)
        return min(2.0**too_many, MAX_WAIT_S) if too_many >= 0 else 0.0


class SessionTimeouts:
    """Closes connections over which no session begins or is resumed in time.

    Promise: A gateway that never sends READY or RESUMED is left within 90 s. discord.py leaves a
    gateway that sends nothing at all, but keeps one that only answers heartbeats.
    """

    def __init__(self) -> None:
        self._timers: dict[_Socket, asyncio.TimerHandle] = {}
        self._closing = set[asyncio.Task[bool]]()

    def start(self, socket: _Socket, on_timeout: Callable[[], None]) -> None:
        """Start the timeout of a new connection; `on_timeout` is called before it is closed."""
        self._forget_closed()
        loop = asyncio.get_running_loop()
        self._timers[socket] = loop.call_later(_SESSION_TIMEOUT_S, self._leave, socket, on_timeout)

    def stop(self, socket: _Socket) -> None:
        """Stop the timeout of a connection whose session began."""
        if (timer := self._timers.pop(socket, None)) is not None:
            timer.cancel()

    def _forget_closed(self) -> None:
        for socket in [one for one in self._timers if one.closed]:
            self.stop(socket)

    def _leave(self, socket: _Socket, on_timeout: Callable[[], None]) -> None:
        del self._timers[socket]
        if socket.closed:
            return
        logger.warning("The gateway began no session within %g s; reconnecting", _SESSION_TIMEOUT_S)
        on_timeout()
        task = asyncio.get_running_loop().create_task(socket.close(code=_KEEPS_SESSION))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
