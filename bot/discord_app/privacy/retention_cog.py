"""The cog that deletes what is older than RETENTION_DAYS: at the start, then every day."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import discord
from discord.ext import commands, tasks

from bot.database import AUDIT_LOG_DAYS
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.privacy.left_servers import LeftServers
from bot.discord_app.questions.pipeline import QuestionPipeline
from bot.errors import DatabaseError

logger = logging.getLogger(__name__)


class RetentionCog(commands.Cog):
    """Deletes data older than RETENTION_DAYS, and the audit log of more than 90 days ago."""

    def __init__(self, bot: AnyBot, runtime: Runtime, pipeline: QuestionPipeline) -> None:
        self._bot = bot
        self._runtime = runtime
        self._pipeline = pipeline
        self._left_servers = LeftServers(
            runtime.database,
            runtime.server_indexes,
            runtime.settings.serves,
            pipeline.forget_server,
        )

    async def cog_load(self) -> None:
        """Start the daily loop; it first runs when the bot knows its servers."""
        self._daily.start()

    async def cog_unload(self) -> None:
        """Stop, and wait until a running deletion has ended or was rolled back."""
        task = self._daily.get_task()
        self._daily.cancel()
        if task is not None:
            await asyncio.wait((task,))

    @tasks.loop(hours=24)
    async def _daily(self) -> None:
        """Delete what is too old; after a failure, try again the next day."""
        try:
            await self._delete_old(datetime.now(UTC))
        except DatabaseError as error:
            logger.warning("What is too old is deleted tomorrow: %s", error)
        except Exception:
            logger.exception("Failed to delete what is too old")

    @_daily.before_loop
    async def _wait_until_ready(self) -> None:
        await self._bot.wait_until_ready()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Record when a server removed the bot; Discord reports outages by another event."""
        logger.info("Removed from server %d", guild.id)
        try:
            await self._left_servers.note_left(guild.id, datetime.now(UTC))
        except DatabaseError as error:
            logger.warning("The next start notes that a server is left: %s", error)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep the data of a server that invited the bot again in time."""
        logger.info("Invited to server %d", guild.id)
        try:
            await self._left_servers.note_joined(guild.id)
        except DatabaseError as error:
            logger.warning("The next start notes that a server is joined: %s", error)

    async def _delete_old(self, now: datetime) -> None:
        days = self._runtime.settings.retention_days
        moment = now - timedelta(days=days)
        self._pipeline.forget_before(moment)
        questions = await self._runtime.database.privacy.delete_older_than(moment)
        audit_log = self._runtime.database.audit_log
        await audit_log.delete_older_than(now - timedelta(days=AUDIT_LOG_DAYS))
        await self._left_servers.compare([guild.id for guild in self._bot.guilds], now)
        servers = await self._left_servers.delete_left_before(moment)
        logger.info(
            "Deleted %d questions older than %d days, and the data of %d servers left before",
            questions,
            days,
            servers,
        )
