"""What the cogs work with, put together once at the start."""

from dataclasses import dataclass, field

import discord
from discord.ext import commands

from bot.config.settings import Settings
from bot.database import Database, PeopleKey
from bot.database.connection.circuit_breaker import Attempts
from bot.discord_app.context.cooldowns import Cooldowns
from bot.discord_app.context.origin import Where, installed_guild_id, of_interaction
from bot.discord_app.context.recent_failures import Failures
from bot.discord_app.context.settings_cache import KnownSettings
from bot.indexing.server_indexes import ServerTexts
from bot.operations.health.gateway_status import Connections
from bot.operations.health.metrics import Metrics
from bot.operations.health.systemd import ServiceManager

# One process serves one shard or several.
AnyBot = commands.Bot | commands.AutoShardedBot


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that outlive a single event.

    Attributes:
        settings: Those of this run.
        texts: What is quoted from.
        database: What the bot keeps.
        people: Makes names out of ids of people that tell nobody who they are.
        known: Servers' settings, read cheaply.
        cooldowns: Who asked how much just now.
        failures: Where answers did not get through.
        attempts: Uses of the database by what goes on without it.
        metrics: What is counted and timed.
        connections: Those to the gateway.
        manager: Who started the bot, if that wants to know how it is.
    """

    settings: Settings
    texts: ServerTexts
    database: Database
    people: PeopleKey
    known: KnownSettings
    cooldowns: Cooldowns = field(default_factory=Cooldowns)
    failures: Failures = field(default_factory=Failures)
    attempts: Attempts = field(default_factory=Attempts)
    metrics: Metrics = field(default_factory=Metrics)
    connections: Connections = field(default_factory=Connections)
    manager: ServiceManager = field(default_factory=ServiceManager)

    async def where(self, interaction: discord.Interaction, *, private: bool = False) -> Where:
        """Return where a command or button was used, with the server's choice of language.

        Args:
            interaction: What was used.
            private: Whether only the person who used it sees what comes of it.
        """
        server = await self.known.server(installed_guild_id(interaction))
        return of_interaction(interaction, server.language, private=private)
