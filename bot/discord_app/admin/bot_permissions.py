"""Tell which permissions of Discord the bot lacks for what a channel's settings promise."""

from collections.abc import Iterator

import discord

from bot.database import ChannelSettings
from bot.discord_app.admin import strings as words
from bot.languages import Catalogue

ChannelOrThread = discord.abc.GuildChannel | discord.Thread


def missing_permissions(channel: ChannelOrThread, settings: ChannelSettings) -> list[str]:
    """Return the names of the permissions that the bot lacks in a channel, as discord.py has them.

    Args:
        channel: Of a server that the bot is in; of a thread it knows the parent, too.
        settings: What it is to do there; turned off it needs none.
    """
    may = channel.permissions_for(channel.guild.me)
    return [name for name in _needed(channel, settings) if not getattr(may, name)]


def named(names: list[str], say: Catalogue) -> str:
    """Return permissions by the names that Discord's client shows, with commas between."""
    return ", ".join(f"**{say(words.PERMISSIONS[name])}**" for name in names)


def _needed(channel: ChannelOrThread, settings: ChannelSettings) -> Iterator[str]:
    if settings.mode == "off":
        return
    in_threads = isinstance(channel, discord.ForumChannel | discord.Thread)
    yield "view_channel"
    yield "send_messages_in_threads" if in_threads else "send_messages"
    yield "read_message_history"
    if settings.threads and not in_threads:
        yield "create_public_threads"
        yield "send_messages_in_threads"
    if isinstance(channel, discord.Thread) and channel.locked:
        yield "manage_threads"
