"""Tell which permissions of Discord the bot lacks for what a channel's settings promise."""

from collections.abc import Iterator

import discord

from bot.database import ChannelSettings
from bot.languages import Catalogue
from bot.rendering import notices_setup as words


def missing_permissions(channel: discord.abc.GuildChannel, settings: ChannelSettings) -> list[str]:
    """Return the names of the permissions that the bot lacks in a channel, as discord.py has them.

    Args:
        channel: Of a server that the bot is in; no thread.
        settings: What it is to do there; turned off it needs none.
    """
    may = channel.permissions_for(channel.guild.me)
    return [name for name in _needed(channel, settings) if not getattr(may, name)]


def named(names: list[str], say: Catalogue) -> str:
    """Return permissions by the names that Discord's client shows, with commas between."""
    return ", ".join(f"**{say(words.PERMISSIONS[name])}**" for name in names)


def _needed(channel: discord.abc.GuildChannel, settings: ChannelSettings) -> Iterator[str]:
    if settings.mode == "off":
        return
    forum = isinstance(channel, discord.ForumChannel)
    yield "view_channel"
    yield "send_messages_in_threads" if forum else "send_messages"
    yield "read_message_history"
    if settings.threads and not forum:
        yield "create_public_threads"
        yield "send_messages_in_threads"
