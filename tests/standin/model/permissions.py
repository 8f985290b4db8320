"""Computes permissions in guilds and channels from roles and overwrites, as Discord does."""

from __future__ import annotations

from tests.standin.model.models import Channel, Guild, Kind, User
from tests.standin.model.permission_names import BITS, EVERYONE_MAY, GUILD_WIDE, bits

NEED_SENDING = {"SEND_TTS_MESSAGES", "MENTION_EVERYONE", "EMBED_LINKS", "ATTACH_FILES"}
# What an app may do that only a user has installed.
USER_INSTALLED_MAY = {"ATTACH_FILES", "EMBED_LINKS", "MENTION_EVERYONE", "USE_EXTERNAL_EMOJIS"}


def member_permissions(guild: Guild, user: User) -> set[str]:
    """Return a member's permissions in the guild, all of them for owner and administrators."""
    roles = guild.members.get(user)
    if roles is None:
        return set()
    names = guild.everyone.permissions.union(*(role.permissions for role in roles))
    return set(BITS) if user is guild.owner or "ADMINISTRATOR" in names else names


def permissions(channel: Channel, user: User) -> set[str]:
    """Return what a user may do in a channel; a thread takes its parent's overwrites."""
    if channel.guild is None:
        return set(EVERYONE_MAY) if user in channel.recipients else set()
    names = member_permissions(channel.guild, user)
    if "ADMINISTRATOR" in names:
        return names
    names = _overwritten(channel.parent or channel, channel.guild, user, names)
    if send_permission(channel) not in names:
        names -= NEED_SENDING
    return names if "VIEW_CHANNEL" in names else names & GUILD_WIDE


def _overwritten(channel: Channel, guild: Guild, user: User, names: set[str]) -> set[str]:
    """Apply the overwrites of everyone, then of the roles held together, then of the user."""
    held = {role.id for role in guild.members.get(user, [])}
    for step in ({guild.id}, held, {user.id}):
        found = [item for number, item in channel.overwrites.items() if number in step]
        names = names.difference(*(item.deny for item in found))
        names = names.union(*(item.allow for item in found))
    return names


def bot_may(channel: Channel, bot: User, name: str) -> bool:
    """Return whether the bot has a permission in a channel."""
    return name in permissions(channel, bot)


def app_bits(channel: Channel, bot: User) -> int:
    """Return what an interaction says the app may do: little where the bot is no member."""
    is_there = bot in (channel.guild.members if channel.guild else channel.recipients)
    return bits(permissions(channel, bot) if is_there else USER_INSTALLED_MAY)


def send_permission(channel: Channel) -> str:
    """Return the permission that sending here needs."""
    return "SEND_MESSAGES_IN_THREADS" if channel.kind is Kind.THREAD else "SEND_MESSAGES"
