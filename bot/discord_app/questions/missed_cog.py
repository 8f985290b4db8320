"""The cog that answers the questions of a time without a session that could be resumed.

A session that is resumed gets all events that it missed; a new session gets none. Direct messages
are not looked for: Discord lists no conversations to a bot.
"""

import asyncio
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import aiohttp
import discord
from discord.ext import commands
from discord.utils import snowflake_time, time_snowflake, utcnow

from bot.discord_app.context.runtime import AnyBot

logger = logging.getLogger(__name__)

# Who asked longer ago has asked again or gone.
_MAX_AGE = timedelta(minutes=10)

# A connection that falls silent is noticed after at most 90 s; its last events may be lost, too.
_UNNOTICED = timedelta(minutes=2)

# Discord allows 50 requests a second; 50 a minute leave all room to the answers.
_PAUSE_S = 60 / 50

# The most that one request returns.
_MAX_MESSAGES = 100

_Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class MissedCog(commands.Cog):
    """Reads the channels with messages of the time without a session, newest first.

    A loss ends in one of two ways: the session is resumed, or a new one connects and is ready once
    its servers are known. Keys are shards; None is the only connection of a bot without others.
    """

    def __init__(self, bot: AnyBot) -> None:
        self._bot = bot
        self._lost_at: dict[int | None, datetime] = {}
        self._missed_since: dict[int | None, datetime] = {}
        self._readings: dict[int | None, asyncio.Task[None]] = {}
        self._pace = asyncio.Lock()  # of all shards together

    async def cog_unload(self) -> None:
        """Stop reading."""
        for reading in self._readings.values():
            reading.cancel()

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Note when the only connection was lost."""
        self._note_loss(None)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note when a shard's connection was lost."""
        self._note_loss(shard_id)

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Forget the loss: the resumed session has sent what was missed."""
        self._lost_at.pop(None, None)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """Forget the loss of a shard."""
        self._lost_at.pop(shard_id, None)

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Note that a new session began on the only connection."""
        self._note_session(None)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that a shard's new session began."""
        self._note_session(shard_id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Look for what the only connection missed before its new session."""
        if not isinstance(self._bot, discord.AutoShardedClient):
            self._begin(None)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """Look for what a shard missed before its new session."""
        self._begin(shard_id)

    def _note_loss(self, shard_id: int | None) -> None:
        self._lost_at.setdefault(shard_id, utcnow())

    def _note_session(self, shard_id: int | None) -> None:
        lost_at = self._lost_at.pop(shard_id, None)
        if lost_at is not None:  # else it is the first session
            self._missed_since.setdefault(shard_id, lost_at - _UNNOTICED)

    def _begin(self, shard_id: int | None) -> None:
        """Read what was missed; a reading that is under way starts again."""
        since = self._missed_since.get(shard_id)
        if since is None:
            return
        if shard_id in self._readings:
            self._readings[shard_id].cancel()
        self._readings[shard_id] = asyncio.create_task(self._read_missed(shard_id, since))

    async def _read_missed(self, shard_id: int | None, since: datetime) -> None:
        since = max(since, utcnow() - _MAX_AGE)
        n_found = 0
        for channel in self._channels(shard_id, since):
            async with self._pace:
                n_found += await self._read(channel, since)
                await asyncio.sleep(_PAUSE_S)
        logger.info("Found %d questions around the loss of a session", n_found)
        del self._missed_since[shard_id], self._readings[shard_id]

    def _channels(self, shard_id: int | None, since: datetime) -> list[_Readable]:
        """Return the channels with newer messages that the bot may read, newest first."""
        found = [
            (channel.last_message_id, channel)
            for guild in self._bot.guilds
            if shard_id in (None, guild.shard_id)
            for channel in _readable(guild)
            if channel.last_message_id and snowflake_time(channel.last_message_id) >= since
        ]
        return [channel for _, channel in sorted(found, key=lambda one: -one[0])]

    async def _read(self, channel: _Readable, since: datetime) -> int:
        """Hand on the missed questions of a channel, and return how many there are."""
        me = self._bot.user
        try:
            newest_first = channel.history(
                limit=_MAX_MESSAGES, after=discord.Object(time_snowflake(since)), oldest_first=False
            )
            messages = [message async for message in newest_first]
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.warning("Missed questions in channel %d are not read: %s", channel.id, error)
            return 0
        oldest = utcnow() - _MAX_AGE
        asked = [m for m in messages if m.created_at > oldest and me in m.mentions]
        for message in reversed(asked):
            self._bot.dispatch("message", message)  # answered once, however it arrives
        return len(asked)


def _readable(guild: discord.Guild) -> Iterator[_Readable]:
    """Yield the channels and threads of a server whose messages the bot may read."""
    channels: list[_Readable] = [
        *guild.text_channels,
        *guild.voice_channels,
        *guild.stage_channels,
        *guild.threads,
    ]
    for channel in channels:
        may = channel.permissions_for(guild.me)
        if may.view_channel and may.read_message_history:
            yield channel
