"""The clients that keep the bot connected to Discord, with one connection or several shards."""

import logging
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot.config.application import invite_link
from bot.discord_app.cogs import add_cogs
from bot.discord_app.commands.errors import CommandErrors
from bot.discord_app.commands.registration import register_commands
from bot.discord_app.commands.translator import CommandTranslator
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.gateway.event_hooks import hook_events
from bot.discord_app.gateway.reconnect import retry_first_connection
from bot.discord_app.gateway.rest_retry import retry_requests
from bot.discord_app.gateway.sharding import ShardedBot
from bot.discord_app.gateway.sockets import GatewaySockets
from bot.operations.interpreter_tuning import shorten_pauses
from bot.rendering.plain_text import counted

logger = logging.getLogger(__name__)


class PullquoteBot(commands.Bot):
    """A bot that answers questions from an index."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        message_content: bool,
        shards: int | None = None,
        own: tuple[int, ...] | None = None,
    ) -> None:
        """Prepare the bot; nothing is sent before `start`.

        Args:
            runtime: The shared parts that its cogs use.
            message_content: Whether the application may read messages that do not address it.
            shards: The number of shards; None for a bot without shards.
            own: The shards that this process opens; a bot with one connection opens the first.
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
        self._runtime = runtime
        self._sockets = GatewaySockets(self, shards or 1)
        retry_requests(self, on_unauthorized=self._sockets.check_token)

    async def setup_hook(self) -> None:
        """Add the cogs and register their commands."""
        await add_cogs(self, self._runtime)
        self.tree.error(CommandErrors(self._runtime.failures).answer)
        await self.tree.set_translator(CommandTranslator())
        if self._runtime.settings.serves(None):  # one of several processes does it for all
            await register_commands(self, self._runtime.database)
        shorten_pauses()

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect, and try again if the first connection fails."""
        await retry_first_connection(self, partial(super().connect, reconnect=reconnect))

    async def on_connect(self) -> None:
        """Note that the session of a bot without shards began."""
        self._sockets.note_session()

    async def on_resumed(self) -> None:
        """Log that a session was resumed; Discord sends the missed events again."""
        logger.info("Connected again")
        self._sockets.note_session()

    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that a shard's session began."""
        self._sockets.note_session(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that a shard's session was resumed."""
        self._sockets.note_session(shard_id)

    async def on_ready(self) -> None:
        """Log that the bot is ready; happens again after a lost session."""
        logger.info("Ready as %s in %s", self.user, counted(len(self.guilds), "server"))
        if self.application_id and not self.guilds and self._runtime.settings.shard_ids is None:
            logger.info("Invite it to a server: %s", invite_link(self.application_id))

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs; this bot has no prefix commands."""


class ShardedPullquoteBot(PullquoteBot, ShardedBot):
    """A `PullquoteBot` with several shards in one process."""
