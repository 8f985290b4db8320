"""The cog that records when shards connect to the gateway and disconnect."""

import discord
from discord.ext import commands

from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.rendering.plain_text import counted


class GatewayStatusCog(commands.Cog):
    """Reports connects and disconnects to the monitor and the service manager."""

    def __init__(self, bot: AnyBot, runtime: Runtime) -> None:
        self._bot = bot
        self._gateway = runtime.monitor.gateway
        self._manager = runtime.monitor.manager
        # A bot without shards has one connection; discord.py's events do not name it.
        self._only = bot.shard_id or 0
        self._is_sharded = False
        if isinstance(bot, discord.AutoShardedClient):
            self._is_sharded = True
            self._gateway.expect(bot.shard_ids or range(bot.shard_count or 1))
        else:
            self._gateway.expect([self._only])
        self._gateway.latency_s = lambda: bot.latency

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Tell the service manager that the bot is ready; happens again after a lost session."""
        self._manager.ready(self._answering())

    @commands.Cog.listener()
    async def on_socket_event_type(self, event: str) -> None:
        """Record an event."""
        del event
        self._gateway.note_event()

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Note that the only connection identified."""
        self._came(None)

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Note that the only connection resumed."""
        self._came(None)

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Note that the only connection was lost."""
        self._left(None)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that a shard identified."""
        self._came(shard_id)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that a shard resumed."""
        self._came(shard_id)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note that a shard was lost."""
        self._left(shard_id)

    def _answering(self) -> str:
        return f"Answering in {counted(len(self._bot.guilds), 'server')}"

    def _came(self, shard_id: int | None) -> None:
        """Record a connect; events without a shard count only for a bot without shards."""
        if shard_id is not None or not self._is_sharded:
            self._gateway.note_connected(self._only if shard_id is None else shard_id)
            self._manager.status(self._answering())

    def _left(self, shard_id: int | None) -> None:
        if shard_id is not None or not self._is_sharded:
            self._gateway.note_disconnected(self._only if shard_id is None else shard_id)
            self._manager.status("Waiting for Discord's gateway")
