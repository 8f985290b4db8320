"""Find the channels of a server, also archived threads, that are public and people can see."""

import logging
from collections.abc import AsyncIterator, Iterable

import discord
from cachetools import FIFOCache

from bot.discord_app.context.origin import is_public

logger = logging.getLogger(__name__)

# discord.py knows open threads only. Looking up an archived one costs a request, and an application
# may make 50 a second. For a digest, nobody waits.
_MAX_REQUESTS = 20
_MAX_REQUESTS_UNHURRIED = 200

_MAX_REMEMBERED = 10_000

_NOWHERE = 0


class VisibleChannels:
    """Finds the channels that a person can see; caches the parents of archived threads."""

    def __init__(self) -> None:
        self._parents = FIFOCache[int, int](_MAX_REMEMBERED)

    async def public_channels(
        self, guild: discord.Guild, viewer: discord.Member, channel_ids: Iterable[int]
    ) -> set[int]:
        """Return the channels that everybody in the server can read, and that the viewer can see.

        Deleted channels are left out. Only the first few archived threads that are not cached are
        looked up; the others are left out.
        """
        public = self._public(guild, channel_ids, _MAX_REQUESTS)
        return {
            channel_id
            async for channel_id, holder in public
            if holder.permissions_for(viewer).view_channel
        }

    async def open_to_readers(
        self, guild: discord.Guild, room: discord.abc.GuildChannel, channel_ids: Iterable[int]
    ) -> set[int]:
        """Return the channels that everybody in the server, and all readers of `room`, can read.

        Deleted channels are left out, and so are archived threads if there are too many.
        """
        public = self._public(guild, channel_ids, _MAX_REQUESTS_UNHURRIED)
        return {channel_id async for channel_id, holder in public if readers_see(room, holder)}

    async def _public(
        self, guild: discord.Guild, channel_ids: Iterable[int], max_requests: int
    ) -> AsyncIterator[tuple[int, discord.abc.GuildChannel]]:
        """Yield the public channels: the id, and the channel or that of a thread."""
        requests = 0
        for channel_id in channel_ids:
            channel = self._known(guild, channel_id)
            if channel is None and channel_id not in self._parents and requests < max_requests:
                requests += 1
                channel = await self._look_up(guild, channel_id)
            if channel is not None and is_public(channel, guild):
                holder = channel.parent if isinstance(channel, discord.Thread) else channel
                if holder is not None:
                    yield channel_id, holder

    def _known(
        self, guild: discord.Guild, channel_id: int
    ) -> discord.abc.GuildChannel | discord.Thread | None:
        """Return a channel or open thread, or the channel that an archived thread is in."""
        channel = guild.get_channel_or_thread(channel_id)
        return channel or guild.get_channel(self._parents.get(channel_id, _NOWHERE))

    async def _look_up(
        self, guild: discord.Guild, channel_id: int
    ) -> discord.abc.GuildChannel | discord.Thread | None:
        try:
            channel = await guild.fetch_channel(channel_id)
        except (discord.NotFound, discord.Forbidden, discord.InvalidData):
            channel = None
        except discord.HTTPException as error:
            logger.warning("Channel %d could not be looked up: %s", channel_id, error)
            return None
        self._parents[channel_id] = _NOWHERE
        if isinstance(channel, discord.Thread) and not channel.is_private():
            self._parents[channel_id] = channel.parent_id
        return channel


def readers_see(room: discord.abc.GuildChannel, channel: discord.abc.GuildChannel) -> bool:
    """Return whether all members who can read `room` can also read a public channel.

    The members themselves are not known. The overwrites tell: who is kept out of the channel is
    kept out of the room, and who is let into the room in spite of that is let into the channel.
    """
    kept_out = _overwritten(channel, view=False)
    let_in = _overwritten(room, view=True)
    return not kept_out or (
        kept_out <= _overwritten(room, view=False) and let_in <= _overwritten(channel, view=True)
    )


def _overwritten(channel: discord.abc.GuildChannel, *, view: bool) -> set[int]:
    """Return the ids of the roles and members that a channel lets see it, or does not let."""
    return {who.id for who, may in channel.overwrites.items() if may.view_channel is view}
