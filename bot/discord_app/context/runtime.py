"""The parts that all cogs share, made once at the start."""

from dataclasses import dataclass, field

import discord
from discord.ext import commands

from bot.config.settings import Settings
from bot.database import ChannelSettings, CircuitBreaker, Database, Pseudonyms
from bot.discord_app.context.cooldowns import Cooldowns
from bot.discord_app.context.origin import (
    Origin,
    category_id,
    installed_guild_id,
    of_interaction,
    settings_channel_id,
)
from bot.discord_app.context.pending_indexes import PendingIndexes
from bot.discord_app.context.recent_failures import RecentFailures
from bot.discord_app.context.remote_changes import RemoteChanges
from bot.discord_app.context.seen_ids import SeenIds
from bot.discord_app.context.session_losses import SessionLosses
from bot.discord_app.context.settings_cache import SettingsCache
from bot.indexing.background_encoding import BackgroundEncoding
from bot.indexing.scope import EVERYTHING, Scope
from bot.indexing.server_indexes import ServerIndexes
from bot.operations.health.monitor import Monitor

# One process serves one shard or several.
AnyBot = commands.Bot | commands.AutoShardedBot


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts that outlive a single event, and the client that a lost intent ends.

    Attributes:
        settings: The settings of this run.
        server_indexes: The indexes of all servers.
        encoding: Encodes texts in the background.
        database: The database with its stores.
        pseudonyms: Pseudonymises user ids with a keyed hash.
        monitor: Health and metrics.
        breaker: The circuit breaker around the database.
        remote_changes: Tells what other processes change in the database.
        settings_cache: Cached settings of servers and channels.
        pending_indexes: The servers whose texts are still to be indexed.
        cooldowns: Recent questions of each person.
        failures: The last failed answer of each channel.
        session_losses: Since when each shard may have missed events.
        seen_messages: The messages that were read as questions.
        addressed_messages: Those of them that addressed the bot.
    """

    settings: Settings
    server_indexes: ServerIndexes
    encoding: BackgroundEncoding
    database: Database
    pseudonyms: Pseudonyms
    monitor: Monitor
    breaker: CircuitBreaker
    remote_changes: RemoteChanges
    settings_cache: SettingsCache
    pending_indexes: PendingIndexes = field(default_factory=PendingIndexes)
    cooldowns: Cooldowns = field(default_factory=Cooldowns)
    failures: RecentFailures = field(default_factory=RecentFailures)
    session_losses: SessionLosses = field(default_factory=SessionLosses)
    seen_messages: SeenIds = field(default_factory=SeenIds)
    addressed_messages: SeenIds = field(default_factory=SeenIds)

    @classmethod
    def make(
        cls, settings: Settings, database: Database, pseudonyms: Pseudonyms, monitor: Monitor
    ) -> "Runtime":
        """Put the parts together, and let the monitor watch the database."""
        breaker = CircuitBreaker()
        monitor.database_problem = lambda: database.problem or breaker.problem
        indexes = ServerIndexes(
            monitor.live, settings.data_dir, settings.retrieval, settings.models_dir
        )
        settings_cache = SettingsCache(database, breaker=breaker)
        remote_changes = RemoteChanges(database)
        remote_changes.on("settings", settings_cache.on_change)
        return cls(
            settings,
            indexes,
            BackgroundEncoding(settings, indexes),
            database,
            pseudonyms,
            monitor,
            breaker,
            remote_changes,
            settings_cache,
        )

    async def scope(self, guild_id: int | None, channel: object) -> Scope:
        """Return the texts that may be read in a channel: its own choice, or its category's.

        Args:
            guild_id: The server; None outside of servers.
            channel: The channel, or a thread in it.
        """
        if guild_id is None:
            return EVERYTHING
        settings = self.settings_cache
        server = await settings.server(guild_id)
        own, category = await self._channel_settings(guild_id, channel)
        patterns = category.texts if own.texts is None else own.texts
        return Scope(patterns, server.shared_texts)

    async def answers_privately(self, guild_id: int | None, channel: object) -> bool:
        """Return whether only the person who uses `/ask` sees the answer in a channel.

        Args:
            guild_id: The server; None outside of servers.
            channel: The channel, or a thread in it.
        """
        own, category = await self._channel_settings(guild_id, channel)
        return own.answers_privately(category)

    async def _channel_settings(
        self, guild_id: int | None, channel: object
    ) -> tuple[ChannelSettings, ChannelSettings]:
        """Return the settings of a channel and of its category; the defaults without one."""
        settings, above = self.settings_cache, category_id(channel)
        own = await settings.channel(guild_id, settings_channel_id(channel))
        return own, ChannelSettings() if above is None else await settings.channel(guild_id, above)

    async def origin(self, interaction: discord.Interaction, *, private: bool = False) -> Origin:
        """Return where a command or button was used, with the server's choice of language.

        Args:
            interaction: What was used.
            private: Whether only the person who used it sees the answer.
        """
        guild_id = installed_guild_id(interaction)
        server = await self.settings_cache.server(guild_id)
        scope = await self.scope(guild_id, interaction.channel)
        return of_interaction(interaction, server.language, scope, private=private)
