"""The cog that sends the weekly digests, each server's once."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

import aiohttp
import discord
from discord.ext import tasks

from bot.database import DueDigest
from bot.discord_app.context.feature_cog import FeatureCog
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.context.visible_channels import VisibleChannels
from bot.discord_app.messages.send import brief, post
from bot.discord_app.questions.search import QuestionSearch
from bot.discord_app.teaching.digest.content import DigestContent, DigestEntry
from bot.discord_app.teaching.digest.dismiss_button import DismissFromDigestButton
from bot.discord_app.teaching.digest.message import digest_message
from bot.discord_app.teaching.digest.schedule import last_digest_time, span_of
from bot.errors import DatabaseError
from index import PassageIndexError

logger = logging.getLogger(__name__)

# So late a digest may be; as often the database is asked which servers wait for one.
_MINUTES = 1.0

# A stop waits so long for a digest that is being sent.
_STOP_S = 5.0


class DigestCog(FeatureCog):
    """Sends what is due every minute; a digest that was missed is sent later, once."""

    items = (DismissFromDigestButton,)

    def __init__(
        self,
        bot: AnyBot,
        runtime: Runtime,
        search: QuestionSearch,
        visible_channels: VisibleChannels,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(bot, runtime)
        self.visible_channels = visible_channels
        self._content = DigestContent(runtime, search, visible_channels)
        self._clock = clock
        self._sending = asyncio.Lock()
        self._waiting: set[int] = set()

    async def cog_load(self) -> None:
        """Start the loop; it first runs when the bot knows its servers."""
        await super().cog_load()
        self._loop.start()

    async def cog_unload(self) -> None:
        """Stop, but not between the claim of a digest and its message."""
        try:
            async with asyncio.timeout(_STOP_S), self._sending:
                self._loop.cancel()
        except TimeoutError:
            self._loop.cancel()
        await super().cog_unload()

    @tasks.loop(minutes=_MINUTES)
    async def _loop(self) -> None:
        await self.send_due()

    @_loop.before_loop
    async def _wait_until_ready(self) -> None:
        await self.bot.wait_until_ready()

    async def send_due(self) -> None:
        """Send the digests of this process's servers that are due."""
        until = last_digest_time(datetime.fromtimestamp(self._clock(), UTC))
        store = self.runtime.database.digests
        for due in await self.runtime.breaker.read(lambda: store.due(until), []):
            guild = self.bot.get_guild(due.guild_id)
            if guild is not None and not guild.unavailable:
                await self._try_to_send(guild, due, until)

    async def _try_to_send(self, guild: discord.Guild, due: DueDigest, until: datetime) -> None:
        """Send a server's digest; after a failure that may pass, log it once and wait."""
        try:
            await self._send(guild, due, until)
        except (DatabaseError, PassageIndexError, aiohttp.ClientError, OSError) as error:
            if guild.id not in self._waiting:
                logger.warning("The digest of server %d has to wait: %s", guild.id, brief(error))
            self._waiting.add(guild.id)
        except Exception:
            logger.exception("Failed to send the digest of server %d", guild.id)
        else:
            self._waiting.discard(guild.id)

    async def _send(self, guild: discord.Guild, due: DueDigest, until: datetime) -> None:
        """Send a server's digest, unless another process does, or there is nothing to show.

        Raises:
            DatabaseError: The database failed; the digest is still due.
            PassageIndexError: The texts cannot be read; the digest is still due.
        """
        channel = guild.get_channel(due.channel_id)
        problem = _problem(channel)
        entries: list[DigestEntry] = []
        if isinstance(channel, discord.TextChannel) and problem is None:
            entries = await self._content.collect(channel, span_of(due.since, until))
        async with self._sending:
            if not await self.runtime.database.digests.claim(due, until):
                return
            if problem is not None:
                _log_unsent(due, problem)
            elif isinstance(channel, discord.TextChannel) and entries:
                await self._post(channel, entries, due)

    async def _post(
        self, channel: discord.TextChannel, entries: list[DigestEntry], due: DueDigest
    ) -> None:
        origin = await self._content.origin(channel)
        server = await self.runtime.settings_cache.server(due.guild_id)
        shown = digest_message(entries, origin.say, plain=server.plain)
        try:
            await post(channel, shown, f"d.{channel.id}")
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log_unsent(due, brief(error))
        else:
            logger.info("Sent the digest of server %d: %d entries", due.guild_id, len(entries))


def _problem(channel: discord.abc.GuildChannel | None) -> str | None:
    """Return why the bot cannot write into a channel; None if it can."""
    if not isinstance(channel, discord.TextChannel):
        return "the channel is gone"
    may = channel.permissions_for(channel.guild.me)
    return None if may.view_channel and may.send_messages else "the bot may not write there"


def _log_unsent(due: DueDigest, reason: str) -> None:
    logger.warning(
        "The digest of server %d was not sent to channel %d, the next one is in a week: %s",
        due.guild_id,
        due.channel_id,
        reason,
    )
