"""The cog that introduces the bot to servers that invited it, each once."""

import asyncio
import logging
import secrets
from datetime import UTC, datetime, timedelta
from functools import partial

import aiohttp
import discord
from discord.ext import commands

from bot.discord_app.admin.welcome.message import welcome_message
from bot.discord_app.context.origin import Origin, is_public
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.message_view import present_message
from bot.discord_app.messages.send import brief, post
from bot.errors import DatabaseError
from index import PassageIndexError

logger = logging.getLogger(__name__)

# A server that invited the bot while it was off is greeted at the next start if that was not
# longer ago. Servers that have had the bot for longer know it.
_RECENTLY = timedelta(days=1)

# The key of a server that was greeted ends with its id; the value is when it invited the bot.
_GREETED = "greeted server "


class WelcomeCog(commands.Cog):
    """Writes one message to a server's channel for system messages, if the bot may write there.

    Discord reports a server as new also after an outage or a lost session, so what counts is when
    the bot became a member.
    """

    def __init__(self, bot: AnyBot, runtime: Runtime) -> None:
        self._bot = bot
        self._runtime = runtime
        self._breaker = runtime.breaker
        self._key_values = runtime.database.key_values
        self._greeting = asyncio.Lock()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet a server that invited the bot just now."""
        await self._greet_once(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Greet a server that invited the bot during an outage."""
        await self._greet_once(guild)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Greet the servers that invited the bot while it was off."""
        for guild in self._bot.guilds:
            await self._greet_once(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget that a server was greeted."""
        await self._breaker.write(partial(self._remove, guild.id), otherwise=None)

    async def _greet_once(self, guild: discord.Guild) -> None:
        """Greet a server, unless it was greeted or invited the bot too long ago."""
        joined_at = None if guild.unavailable else guild.me.joined_at
        if joined_at is None or datetime.now(UTC) - joined_at > _RECENTLY:
            return
        try:
            async with self._greeting:
                is_new = await self._claim(guild.id, joined_at)
        except DatabaseError:  # the circuit breaker has logged it
            return
        if not is_new:
            return
        try:
            await self._greet(guild)
        except (PassageIndexError, discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.warning("Server %d is not greeted: %s", guild.id, brief(error))

    async def _claim(self, guild_id: int, joined_at: datetime) -> bool:
        """Note that a server is greeted for this invitation; False if that was noted before.

        Raises:
            DatabaseError: The database failed.
        """
        greeted = await self._breaker.must_read(partial(self._key_values.starting_with, _GREETED))
        invited_at = joined_at.astimezone(UTC).isoformat()
        if greeted.get(str(guild_id)) == invited_at:
            return False
        for other, at in greeted.items():
            if datetime.now(UTC) - datetime.fromisoformat(at) > _RECENTLY:
                await self._breaker.must_write(partial(self._remove, int(other)))
        put = partial(self._key_values.put, f"{_GREETED}{guild_id}", invited_at)
        await self._breaker.must_write(put)
        return True

    async def _remove(self, guild_id: int) -> None:
        await self._key_values.remove(f"{_GREETED}{guild_id}")

    async def _greet(self, guild: discord.Guild) -> None:
        """Send the message, if there is a channel for it in which the bot may answer.

        Raises:
            PassageIndexError: The texts cannot be read.
            discord.HTTPException: Discord refuses the message.
        """
        channel = guild.system_channel
        if channel is None:
            return
        may = channel.permissions_for(guild.me)
        chosen = await self._runtime.settings_cache.channel(guild.id, channel.id)
        if not (may.view_channel and may.send_messages) or chosen.mode == "off":
            return
        server = await self._runtime.settings_cache.server(guild.id)
        origin = Origin(
            guild.id,
            channel.id,
            private=not is_public(channel, guild),
            language=server.language or str(guild.preferred_locale),
            scope=await self._runtime.scope(guild.id, channel),
        )
        indexes = self._runtime.server_indexes
        searcher = await asyncio.to_thread(indexes.searcher, guild.id, origin.scope)
        message = welcome_message(searcher.sources(), origin.say)
        shown = present_message(message, plain=server.plain)
        # Not the server's id: a server may remove the bot and invite it again within minutes.
        await post(channel, shown, nonce=secrets.token_hex(8))
        logger.info("Greeted server %d", guild.id)
