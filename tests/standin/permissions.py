"""Permission bits, and what the bot may do in a channel."""

from __future__ import annotations

from .models import Channel, Guild, Kind, User

BITS = {
    "CREATE_INSTANT_INVITE": 0,
    "KICK_MEMBERS": 1,
    "BAN_MEMBERS": 2,
    "ADMINISTRATOR": 3,
    "MANAGE_CHANNELS": 4,
    "MANAGE_GUILD": 5,
    "ADD_REACTIONS": 6,
    "VIEW_CHANNEL": 10,
    "SEND_MESSAGES": 11,
    "MANAGE_MESSAGES": 13,
    "EMBED_LINKS": 14,
    "ATTACH_FILES": 15,
    "READ_MESSAGE_HISTORY": 16,
    "MENTION_EVERYONE": 17,
    "USE_EXTERNAL_EMOJIS": 18,
    "MANAGE_ROLES": 28,
    "MANAGE_WEBHOOKS": 29,
    "USE_APPLICATION_COMMANDS": 31,
    "MANAGE_THREADS": 34,
    "CREATE_PUBLIC_THREADS": 35,
    "SEND_MESSAGES_IN_THREADS": 38,
}
EVERYONE_MAY = {
    "ADD_REACTIONS",
    "VIEW_CHANNEL",
    "SEND_MESSAGES",
    "EMBED_LINKS",
    "ATTACH_FILES",
    "READ_MESSAGE_HISTORY",
    "USE_APPLICATION_COMMANDS",
    "CREATE_PUBLIC_THREADS",
    "SEND_MESSAGES_IN_THREADS",
}


def bits(names: set[str]) -> int:
    """Return the number that stands for a set of permission names."""
    return sum(1 << BITS[name] for name in names)


def member_bits(guild: Guild, user: User) -> int:
    """Return a member's permissions in the guild, all of them for owner and administrators."""
    names = set(EVERYONE_MAY).union(*(role.permissions for role in guild.members.get(user, [])))
    if user is guild.owner or "ADMINISTRATOR" in names:
        return bits(set(BITS))
    return bits(names)


def bot_bits(channel: Channel, bot: User) -> int:
    """Return the bot's permissions in a channel."""
    if channel.guild is None:
        return bits(EVERYONE_MAY)
    return member_bits(channel.guild, bot) & ~bits(denied(channel))


def denied(channel: Channel) -> set[str]:
    """Return what the bot may not do here; a thread inherits from its parent."""
    return channel.deny | (denied(channel.parent) if channel.parent else set())


def bot_may(channel: Channel, bot: User, name: str) -> bool:
    """Say whether the bot has a permission in a channel."""
    return bool(bot_bits(channel, bot) & bits({name}))


def send_permission(channel: Channel) -> str:
    """Return the permission that sending here needs."""
    return "SEND_MESSAGES_IN_THREADS" if channel.kind is Kind.THREAD else "SEND_MESSAGES"
