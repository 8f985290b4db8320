"""The cog that answers the questions of a time without a session that could be resumed.

A session that is resumed gets all events that it missed; a new session gets none. Direct messages
are not looked for: Discord lists no conversations to a bot.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import discord
from discord.ext import commands
from discord.utils import snowflake_time, time_snowflake

from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.operations.logs.request_id import new_question

logger = logging.getLogger(__name__)

# Who asked longer ago has asked again or gone.
_MAX_AGE = timedelta(minutes=10)

# How far the clocks of Discord and of this machine may differ.
_CLOCK_SKEW = timedelta(minutes=1)

# Discord allows 50 requests a second; 50 a minute leave all room to the answers.
_PAUSE_S = 60 / 50

# The most that one request returns.
_MAX_MESSAGES = 100

_Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads what a shard, or one of its servers, missed.

    Attributes:
        since: When the missed time began.
        task: The task that reads.
    """

    since: datetime
    task: asyncio.Task[None]


class MissedCog(commands.Cog):
    """Reads the channels with messages of the time without a session, newest first.

    Servers that become available after their new session is ready are read then. Keys of shards
    are those of `SessionLosses`.
    """

    def __init__(self, bot: AnyBot, runtime: Runtime, pause_s: float = _PAUSE_S) -> None:
        """Begin without losses.

        Args:
            bot: The bot.
            runtime: Holds the losses of the process, and the messages that were handled.
            pause_s: The least time between two requests.
        """
        self._bot = bot
        self._is_sharded = isinstance(bot, discord.AutoShardedClient)
        self._losses = runtime.session_losses
        self._handled = runtime.seen_messages
        self._settings = runtime.settings_cache
        self._pause_s = pause_s
        self._next_request_at = 0.0
        self._turn = asyncio.Lock()  # of all readings together
        # By shard and server; the reading of a whole shard has None in place of the server.
        self._readings: dict[tuple[int | None, int | None], _Reading] = {}
        # The sessions that are ready and followed a loss: since when events were missed.
        self._ready_since: dict[int | None, datetime] = {}

    async def cog_unload(self) -> None:
        """Stop reading, and leave the rest to the next client of the process."""
        for shard_id in {shard_id for shard_id, _ in self._readings}:
            since = self._stop(shard_id)
            if since is not None:
                self._losses.put_back(shard_id, since)
        self._losses.note_end()

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Note when the only connection was lost."""
        if not self._is_sharded:
            self._losses.note_loss(None)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note when a shard's connection was lost."""
        self._losses.note_loss(shard_id)

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Forget the loss of the only connection."""
        if not self._is_sharded:
            self._losses.note_resumed(None)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """Forget the loss of a shard."""
        self._losses.note_resumed(shard_id)

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Note that a new session began on the only connection."""
        if not self._is_sharded:
            self._note_session(None)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that a shard's new session began."""
        self._note_session(shard_id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Look for what the only connection missed before its new session."""
        if not self._is_sharded:
            self._begin(None)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """Look for what a shard missed before its new session."""
        self._begin(shard_id)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Look for what was missed in a server that was not available when its shard was ready."""
        shard_id = guild.shard_id if self._is_sharded else None
        since = self._ready_since.get(shard_id)
        if since is not None and since > self._losses.now() - _MAX_AGE:
            self._start((shard_id, guild.id), [guild], since)

    def _note_session(self, shard_id: int | None) -> None:
        self._ready_since.pop(shard_id, None)
        self._losses.note_session(shard_id)

    def _begin(self, shard_id: int | None) -> None:
        """Read what was missed; readings of the shard that are under way start again."""
        since = self._losses.take(shard_id)
        if since is None:
            return
        since = min(since, self._stop(shard_id) or since)
        self._ready_since[shard_id] = since
        guilds = [one for one in self._bot.guilds if shard_id in (None, one.shard_id)]
        self._start((shard_id, None), guilds, since)

    def _stop(self, shard_id: int | None) -> datetime | None:
        """Cancel the readings of a shard; return since when events of it are not read yet."""
        stopped = [self._readings.pop(key) for key in list(self._readings) if key[0] == shard_id]
        for reading in stopped:
            reading.task.cancel()
        return min((reading.since for reading in stopped), default=None)

    def _start(
        self,
        key: tuple[int | None, int | None],
        guilds: Iterable[discord.Guild],
        since: datetime,
    ) -> None:
        if key in self._readings:
            self._readings[key].task.cancel()
        reading = self._read_missed(
            _channels(guilds, since), since, self._losses.now() + _CLOCK_SKEW
        )
        task = asyncio.create_task(reading)
        self._readings[key] = _Reading(since, task)

        def forget(_: asyncio.Task[None]) -> None:
            if key in self._readings and self._readings[key].task is task:
                del self._readings[key]

        task.add_done_callback(forget)

    async def _read_missed(
        self, channels: list[tuple[int, _Readable]], since: datetime, until: datetime
    ) -> None:
        """Read channels, newest first, until all that is left is too old to answer."""
        n_found = 0
        for newest_id, channel in channels:
            await self._wait_for_turn()
            oldest = max(since, self._losses.now() - _MAX_AGE)
            if snowflake_time(newest_id) < oldest:
                break
            try:
                n_found += await self._read(channel, oldest, until)
            except Exception:  # nobody waits for the task, so it would end unseen
                logger.exception("Missed questions in channel %d are not read", channel.id)
        logger.info("Found %d questions around the loss of a session", n_found)

    async def _read(self, channel: _Readable, since: datetime, until: datetime) -> int:
        """Hand on the missed questions of a channel, and return how many there are."""
        me = self._bot.user
        newest_first = channel.history(
            limit=_MAX_MESSAGES,
            before=discord.Object(time_snowflake(until)),
            after=discord.Object(time_snowflake(since)),
            oldest_first=False,
        )
        try:
            messages = [message async for message in newest_first]
            asked = [m for m in messages if me in m.mentions and m.id not in self._handled]
            n_found = 0
            for message in reversed(asked):
                if await self._is_of_known_author(message, channel.guild):
                    n_found += 1
                    with new_question():
                        self._bot.dispatch("message", message)  # answered once, however it arrives
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.warning("Missed questions in channel %d are not read: %s", channel.id, error)
            return 0
        return n_found

    async def _is_of_known_author(self, message: discord.Message, guild: discord.Guild) -> bool:
        """Return whether a message is of a person who may be answered, as far as is known.

        Messages that are read do not tell the roles of their authors, so these are asked for where
        only some roles may ask.
        """
        author = message.author
        if author.bot or message.webhook_id is not None:
            return False
        server = await self._settings.server(guild.id)
        if server.ask_roles and not isinstance(author, discord.Member):
            await self._wait_for_turn()
            try:
                message.author = await guild.fetch_member(author.id)
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                logger.warning("Missed question %d is not answered: %s", message.id, error)
                return False
        return True

    async def _wait_for_turn(self) -> None:
        """Wait until the next request may be sent."""
        async with self._turn:
            await asyncio.sleep(max(self._next_request_at - time.monotonic(), 0))
            self._next_request_at = time.monotonic() + self._pause_s


def _channels(guilds: Iterable[discord.Guild], since: datetime) -> list[tuple[int, _Readable]]:
    """Return the channels with newer messages that the bot may read, newest first.

    Each has the id of its newest message, which changes while channels are read.
    """
    found = [
        (channel.last_message_id, channel)
        for guild in guilds
        if not guild.unavailable
        for channel in _readable(guild)
        if channel.last_message_id and snowflake_time(channel.last_message_id) >= since
    ]
    return sorted(found, key=lambda one: -one[0])


def _readable(guild: discord.Guild) -> Iterator[_Readable]:
    """Yield the channels and threads of a server whose messages the bot may read."""
    channels: list[_Readable] = [
        *guild.text_channels,
        *guild.voice_channels,
        *guild.stage_channels,
        *guild.threads,
    ]
    for channel in channels:
        if isinstance(channel, discord.Thread) and channel.parent is None:
            continue  # its channel, and so its permissions, are unknown
        may = channel.permissions_for(guild.me)
        if may.view_channel and may.read_message_history:
            yield channel
