"""Set the address of the REST API, and ask the API for that of the gateway."""

import asyncio
import logging

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route

logger = logging.getLogger(__name__)

# discord.py gives up a connection after 60 s; this leaves time to try the address that the API
# names.
_RESUME_TIMEOUT_S = 20.0


def use_rest_base(base: str) -> None:
    """Send every REST request, also those of interactions and webhooks, to another base URL.

    Promise: All REST requests go to `DISCORD_API_BASE`.
    Private: `Route.BASE`.
    """
    Route.BASE = base


class GatewayFinder:
    """Opens gateway connections at the address that the REST API names.

    Promise: A new session uses the address that the API names at that time. A resume uses the
    address from READY, or the named address if nothing answers there. discord.py uses a constant
    for new sessions, and retries the address from READY for ever.
    Private: `HTTPClient.ws_connect`, `HTTPClient.request`, `Route`, and
    `DiscordWebSocket.DEFAULT_GATEWAY`.
    """

    def __init__(self, http: HTTPClient) -> None:
        self._http = http
        self._connect = http.ws_connect
        self._avoided: str | None = None

    def avoid(self, url: str) -> None:
        """Do not resume sessions at an address whose gateway does not answer."""
        self._avoided = yarl.URL(url).host

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Open a websocket, as `HTTPClient.ws_connect`."""
        wanted = yarl.URL(url)
        if wanted.host not in (DiscordWebSocket.DEFAULT_GATEWAY.host, self._avoided):
            try:
                async with asyncio.timeout(_RESUME_TIMEOUT_S):
                    return await self._connect(url, compress=compress)
            except (OSError, aiohttp.ClientError) as error:
                logger.debug("The gateway to resume at does not answer (%r)", error)
        address = await self._named_gateway()
        return await self._connect(str(address.with_query(wanted.query)), compress=compress)

    async def _named_gateway(self) -> yarl.URL:
        for path in ("/gateway/bot", "/gateway"):
            try:
                data = await self._http.request(Route("GET", path))
                return yarl.URL(data["url"])
            except (discord.HTTPException, KeyError, TypeError, ValueError) as error:
                reason = (
                    f"status {error.status}" if isinstance(error, discord.HTTPException) else error
                )
                logger.warning("GET %s names no gateway: %s", path, reason)
        raise discord.GatewayNotFound
