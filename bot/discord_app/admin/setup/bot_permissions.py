"""Find the permissions that the bot is missing for the settings of a channel."""

from collections.abc import Iterator

import discord

from bot.database import ChannelSettings
from bot.discord_app.admin.setup import strings as words
from bot.languages import Catalogue

ChannelOrThread = discord.abc.GuildChannel | discord.Thread

# To answer in a thread on the question; without them the bot replies in the channel.
_FOR_THREADS = ("create_public_threads", "send_messages_in_threads")


def missing_permissions(channel: ChannelOrThread, settings: ChannelSettings) -> list[str]:
    """Return discord.py's names of the permissions that the bot is missing in a channel.

    Args:
        channel: A channel of a server that the bot is in; for a thread, its parent is known, too.
        settings: The settings of the channel; no permission is needed if the bot is turned off.
    """
    may = channel.permissions_for(channel.guild.me)
    return [name for name in _needed(channel, settings) if not getattr(may, name)]


def prevent_answers(channel: ChannelOrThread, missing: list[str]) -> bool:
    """Return whether the bot cannot answer in a channel without the missing permissions."""
    needless = () if _is_in_threads(channel) else _FOR_THREADS
    return not set(missing) <= set(needless)


def named(names: list[str], say: Catalogue) -> str:
    """Return permissions by the names that Discord's client shows, with commas between."""
    return ", ".join(f"**{say(words.PERMISSIONS[name])}**" for name in names)


def _needed(channel: ChannelOrThread, settings: ChannelSettings) -> Iterator[str]:
    if settings.mode == "off":
        return
    in_threads = _is_in_threads(channel)
    yield "view_channel"
    yield "send_messages_in_threads" if in_threads else "send_messages"
    yield "read_message_history"
    if settings.threads and not in_threads:
        yield from _FOR_THREADS
    if isinstance(channel, discord.Thread) and channel.locked:
        yield "manage_threads"


def _is_in_threads(channel: ChannelOrThread) -> bool:
    """Return whether the bot answers in threads there in any case."""
    return isinstance(channel, discord.ForumChannel | discord.Thread)
