"""Builds Discord's JSON for users, guilds, channels, messages and interactions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.standin.model.models import (
    Channel,
    Guild,
    Interaction,
    Kind,
    Message,
    MessageType,
    Overwrite,
    Role,
    User,
)
from tests.standin.model.permission_names import bits
from tests.standin.model.permissions import app_bits, permissions
from tests.standin.model.world import DISCORD_EPOCH_MS, World
from tests.standin.rules.rules import JSON

MESSAGE_CONTENT_FLAGS = 1 << 18 | 1 << 19
MEMBERS_FLAGS = 1 << 14 | 1 << 15
NEWS_THREAD, PRIVATE_THREAD = 10, 12


def timestamp(snowflake: int) -> str:
    """Return when a snowflake was created, in ISO 8601."""
    seconds = ((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def user_json(user: User) -> JSON:
    """Describe a user."""
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": None if user.bot else user.name.title(),
        "discriminator": "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
    }


def member_json(guild: Guild, user: User) -> JSON:
    """Describe a membership without its user."""
    return {
        "roles": [str(role.id) for role in guild.members.get(user, [])],
        "joined_at": timestamp(guild.bot_joined if user.bot else guild.id),
        "nick": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def role_json(role: Role) -> JSON:
    """Describe a role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(bits(role.permissions)),
        "position": int(role.name != "@everyone"),
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": True,
        "flags": 0,
    }


def channel_json(channel: Channel, bot: User) -> JSON:
    """Describe a channel, thread or DM."""
    data: JSON = {"id": str(channel.id), "type": _channel_type(channel), "flags": 0}
    data["last_message_id"] = str(max(channel.messages)) if channel.messages else None
    if channel.guild is None:
        people = [user for user in channel.recipients if user is not bot]
        return data | {"recipients": [user_json(user) for user in people]}
    data |= {"name": channel.name, "guild_id": str(channel.guild.id), "rate_limit_per_user": 0}
    above = channel.parent or channel.category
    data["parent_id"] = str(above.id) if above else None
    if channel.kind is Kind.THREAD:
        return data | _thread_part(channel)
    overwrites = [_overwrite_json(number, item) for number, item in channel.overwrites.items()]
    data |= {"position": 0, "topic": None, "nsfw": False, "permission_overwrites": overwrites}
    if channel.kind is Kind.VOICE:
        data |= {"bitrate": 64_000, "user_limit": 0}
    return data | ({"available_tags": []} if channel.kind is Kind.FORUM else {})


def _channel_type(channel: Channel) -> int:
    if channel.private:
        return PRIVATE_THREAD
    in_news = channel.parent is not None and channel.parent.kind is Kind.NEWS
    return NEWS_THREAD if in_news else int(channel.kind)


def _overwrite_json(number: int, overwrite: Overwrite) -> JSON:
    return {
        "id": str(number),
        "type": int(overwrite.is_user),
        "allow": str(bits(overwrite.allow)),
        "deny": str(bits(overwrite.deny)),
    }


def _thread_part(thread: Channel) -> JSON:
    return {
        "owner_id": str(thread.owner.id if thread.owner else 0),
        "message_count": len(thread.messages),
        "member_count": 1,
        "applied_tags": [],
        "thread_metadata": {
            "archived": thread.archived,
            "locked": thread.locked,
            "auto_archive_duration": thread.archive_minutes,
            "archive_timestamp": timestamp(thread.id),
            "create_timestamp": timestamp(thread.id),
        },
    }


def guild_json(world: World, guild: Guild) -> JSON:
    """Describe a guild as GUILD_CREATE does."""
    channels = [item for item in world.channels.values() if item.guild is guild]
    threads = [item for item in channels if item.kind is Kind.THREAD and not item.archived]
    return partial_guild_json(guild) | {
        "member_count": len(guild.members),
        "unavailable": False,
        "large": False,
        "channels": [channel_json(c, world.bot) for c in channels if c.kind is not Kind.THREAD],
        "threads": [channel_json(thread, world.bot) for thread in threads],
        "members": [member_json(guild, world.bot) | {"user": user_json(world.bot)}],
    }


def partial_guild_json(guild: Guild) -> JSON:
    """Describe a guild as GUILD_UPDATE does."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "preferred_locale": guild.locale,
        "system_channel_id": str(guild.system_channel.id) if guild.system_channel else None,
        "roles": [role_json(role) for role in [guild.everyone, *guild.roles.values()]],
    }


def message_json(message: Message, *, with_reply: bool = True) -> JSON:
    """Describe a message as REST does, in full."""
    guild = message.channel.guild
    data: JSON = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "type": int(message.type),
        "author": user_json(message.author),
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "attachments": message.attachments,
        "timestamp": timestamp(message.id),
        "edited_timestamp": None,
        "tts": False,
        "pinned": False,
        "mention_everyone": message.mention_everyone,
        "mentions": [_mention_json(guild, user) for user in message.mentions],
        "mention_roles": [str(role.id) for role in message.mention_roles],
        "flags": message.flags,
    }
    if message.edited_at is not None:
        data["edited_timestamp"] = datetime.fromtimestamp(message.edited_at, UTC).isoformat()
    if message.nonce is not None:
        data["nonce"] = message.nonce
    if message.webhook_id is not None:
        data["webhook_id"] = str(message.webhook_id)
    if message.reactions:
        data["reactions"] = [
            {"emoji": {"id": None, "name": emoji}, "count": len(users), "me": False}
            for emoji, users in message.reactions.items()
        ]
    if message.interaction is not None:
        data["interaction_metadata"] = _metadata_json(message.interaction)
    if message.reference is not None:
        data["message_reference"] = message.reference
    if message.type is MessageType.REPLY and with_reply and not message.omits_reply:
        original = message.replied_to
        data["referenced_message"] = None
        if original is not None and not original.deleted:
            data["referenced_message"] = message_json(original, with_reply=False)
    return data


def _mention_json(guild: Guild | None, user: User) -> JSON:
    return user_json(user) | ({"member": member_json(guild, user)} if guild else {})


def _metadata_json(interaction: Interaction) -> JSON:
    return {
        "id": str(interaction.id),
        "type": interaction.type,
        "user": user_json(interaction.user),
        "authorizing_integration_owners": interaction.owners,
    }


def message_event_json(message: Message) -> JSON:
    """Describe a message as MESSAGE_CREATE does: with guild and membership."""
    guild = message.channel.guild
    data = message_json(message)
    if guild is not None:
        data["guild_id"] = str(guild.id)
        if message.webhook_id is None:
            data["member"] = member_json(guild, message.author)
    return data


def blanked(data: JSON, bot: User) -> JSON:
    """Return a message as an app without message content gets it.

    Own messages, DMs and messages that mention the bot keep their content, but not replies to its
    answers to commands, which only ping it (Discord's guide to the intent, June 2026).
    """
    data = dict(data)
    quoted = data.get("referenced_message")
    in_guild = "guild_id" in data
    if quoted is not None:
        marker = {"guild_id": data["guild_id"]} if in_guild else {}
        data["referenced_message"] = blanked(quoted | marker, bot)
    readable = data["author"]["id"] == str(bot.id) or not in_guild
    answers_command = (quoted or {}).get("interaction_metadata") is not None
    is_mentioned = any(user["id"] == str(bot.id) for user in data["mentions"])
    typed = f"<@{bot.id}>" in data["content"]
    readable = readable or (is_mentioned and (typed or not answers_command))
    if not readable:
        data |= {"content": "", "embeds": [], "attachments": [], "components": []}
    return data


def _team_json(world: World) -> JSON:
    team = {"id": str(world.application_id), "name": "Team", "icon": None}
    members = [
        {"user": user_json(user), "membership_state": 2, "role": "admin", "permissions": ["*"]}
        for user in world.team
    ]
    return team | {"owner_user_id": str(world.owner.id), "members": members}


def application_json(world: World) -> JSON:
    """Describe the application; its flags tell whether message content is granted."""
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "summary": "",
        "team": _team_json(world) if world.team else None,
        "owner": user_json(world.owner),
        "flags": (MESSAGE_CONTENT_FLAGS if world.content_announced else 0)
        | (MEMBERS_FLAGS if world.members_granted else 0),
        "bot": user_json(world.bot),
    }


def interaction_json(world: World, interaction: Interaction) -> JSON:
    """Describe an interaction."""
    channel, user = interaction.channel, interaction.user
    powers = str(bits(permissions(channel, user)))
    data: JSON = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": interaction.type,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel": channel_json(channel, world.bot) | {"permissions": powers},
        "channel_id": str(channel.id),
        "app_permissions": str(app_bits(channel, world.bot)),
        "locale": interaction.locale,
        "entitlements": [],
        "attachment_size_limit": 10 * 1024 * 1024,
        "context": channel.context,
        "authorizing_integration_owners": interaction.owners,
    }
    if interaction.message is not None:
        data["message"] = message_json(interaction.message)
    if channel.guild is None:
        return data | {"user": user_json(user)}
    guild = channel.guild
    return data | {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "member": member_json(guild, user) | {"user": user_json(user), "permissions": powers},
    }


def reaction_json(message: Message, user: User, emoji: str) -> JSON:
    """Describe a reaction that was added or removed."""
    guild = message.channel.guild
    data: JSON = {
        "user_id": str(user.id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "message_author_id": str(message.author.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if guild is not None:
        member: dict[str, Any] = member_json(guild, user) | {"user": user_json(user)}
        data |= {"guild_id": str(guild.id), "member": member}
    return data
