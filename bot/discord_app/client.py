"""The clients that keep the bot connected to Discord, with one connection or several shards."""

import asyncio
import logging
import time
from typing import Any

import aiohttp
import discord
from discord.ext import commands

from bot.discord_app.cogs import add_cogs
from bot.discord_app.commands.errors import CommandErrors
from bot.discord_app.commands.registration import register_commands
from bot.discord_app.commands.translator import CommandTranslator
from bot.discord_app.context.services import Services
from bot.discord_app.gateway.api_base import GatewayFinder
from bot.discord_app.gateway.event_hooks import hook_events
from bot.discord_app.gateway.reconnect import Pace, Settling
from bot.discord_app.gateway.rest_retry import be_patient
from bot.discord_app.gateway.sharding import ShardedBot
from bot.operations.interpreter_tuning import shorten_pauses
from bot.rendering.wording import counted

logger = logging.getLogger(__name__)

# Seconds before each further try for the first connection; a service manager starts us again
# where Discord is away for longer.
_FIRST_CONNECTION_DELAYS_S = (1.0, 2.0)

# Discord takes 1,000 new sessions a day, and resumes a session at any time.
_ASK_EVERY_S = 60.0


class PullquoteBot(commands.Bot):
    """A bot that answers questions from an index."""

    def __init__(
        self,
        services: Services,
        *,
        message_content: bool,
        shards: int | None = None,
        own: tuple[int, ...] | None = None,
    ) -> None:
        """Prepare the bot; nothing is sent before `start`.

        Args:
            services: What its cogs work with.
            message_content: Whether the application may read messages that do not address it.
            shards: How many shards there are, for a bot with several.
            own: Which of them this process opens; a plain bot opens the first.
        """
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        intents.message_content = message_content
        which: dict[str, Any] = {"shard_id": own[0], "shard_ids": list(own)} if own else {}
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            shard_count=shards,
            **which,
        )
        hook_events(self)
        self._services = services
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._finder = GatewayFinder(self.http)
        self._asked_until = 0.0
        self._leaving: set[asyncio.Task[bool]] = set()
        self._pace = Pace(shards or 1)
        self._settling = Settling()
        be_patient(self.http, self._ask_for_token)
        self.http.ws_connect = self._open_socket  # type: ignore[method-assign]

    async def _open_socket(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Open a gateway socket, and remember it for `close`."""
        await asyncio.sleep(self._pace.wait_s())
        self._socket = socket = await self._finder.ws_connect(url, compress=compress)
        self._settling.opened(socket, lambda: self._finder.avoid(url))
        return socket

    def _ask_for_token(self) -> None:
        """Connect again where REST does not know the token; the gateway ends the bot then.

        A token that was reset leaves open connections as they are. Where Discord errs, the session
        goes on.
        """
        now = time.monotonic()
        if now < self._asked_until:
            return
        self._asked_until = now + _ASK_EVERY_S
        logger.warning(
            "Discord refuses a request for its token; asking the gateway whether it holds"
        )
        for socket in self._known_sockets():
            # 4000 keeps the session, which 1000 would end.
            task = asyncio.create_task(socket.close(code=4000))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def setup_hook(self) -> None:
        """Add the cogs and register their commands."""
        await add_cogs(self, self._services)
        self.tree.error(CommandErrors(self._services.failures).answer)
        await self.tree.set_translator(CommandTranslator())
        if self._services.settings.serves(None):  # one of several processes does it for all
            await register_commands(self, self._services.database)
        shorten_pauses()

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect, and try again where the first connection fails.

        discord.py reconnects by itself, but reads where to go on from the connection before; where
        there was none it stumbles with an AttributeError, whose context is what went wrong.
        """
        for delay_s in (*_FIRST_CONNECTION_DELAYS_S, None):
            try:
                return await super().connect(reconnect=reconnect)
            except AttributeError as stumble:
                cause = stumble.__context__
                if cause is None or self.ws is not None or self.is_closed():
                    raise
                if delay_s is None:
                    raise cause from None
            await asyncio.sleep(delay_s)
        return None

    async def close(self) -> None:
        """Close the gateway, also one that is being opened, which discord.py knows nothing of."""
        if self._socket is not None and self._socket not in self._known_sockets():
            await self._socket.close(code=1000)
        await super().close()

    def _known_sockets(self) -> list[aiohttp.ClientWebSocketResponse]:
        """Return the sockets that discord.py closes."""
        return [self.ws.socket] if self.ws is not None else []

    async def on_connect(self) -> None:
        """Note that a session began; shards are noted one by one."""
        if self.ws is not None:
            self._settling.settled(self.ws.socket)

    async def on_resumed(self) -> None:
        """Say that the session goes on, with all that was missed."""
        logger.info("Connected again")
        await self.on_connect()

    async def on_ready(self) -> None:
        """Say that the bot is there; happens again after a lost session."""
        logger.info("Ready as %s in %s", self.user, counted(len(self.guilds), "server"))

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs; this bot has no prefix commands."""


class ShardedPullquoteBot(PullquoteBot, ShardedBot):
    """The same over several shards, in one process."""

    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that a shard's session began."""
        self._settling.settled(self._get_websocket(shard_id=shard_id).socket)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that a shard's session goes on."""
        self._settling.settled(self._get_websocket(shard_id=shard_id).socket)

    def _known_sockets(self) -> list[aiohttp.ClientWebSocketResponse]:
        """Return the sockets that discord.py closes, one of each shard."""
        return [self._get_websocket(shard_id=number).socket for number in self.shards]
