"""Builds the data of each gateway event."""

from __future__ import annotations

from typing import Any

from tests.standin.model import payloads
from tests.standin.model.models import Channel, Guild, Message, Role
from tests.standin.model.world import World
from tests.standin.rules.rules import JSON


def event_json(world: World, event: str, subject: Any, *, with_content: bool) -> JSON:
    """Describe an event about a message, channel, guild, member or role."""
    if isinstance(subject, list):
        return _deletion_json(subject[0]) | {"ids": [str(message.id) for message in subject]}
    if isinstance(subject, Message):
        return _message_json(world, event, subject, with_content=with_content)
    if isinstance(subject, Channel):
        data = payloads.channel_json(subject, world.bot)
        return data | ({"newly_created": True} if event == "THREAD_CREATE" else {})
    if isinstance(subject, Guild):
        return _guild_json(world, event, subject)
    if event.startswith("MESSAGE_REACTION"):
        return payloads.reaction_json(*subject)
    guild, detail = subject
    about: JSON = {"guild_id": str(guild.id)}
    if isinstance(detail, Role):
        deleted = event == "GUILD_ROLE_DELETE"
        role = {"role_id": str(detail.id)} if deleted else {"role": payloads.role_json(detail)}
        return about | role
    about["user"] = payloads.user_json(detail)
    gone = event == "GUILD_MEMBER_REMOVE"
    return about if gone else about | payloads.member_json(guild, detail)


def _message_json(world: World, event: str, message: Message, *, with_content: bool) -> JSON:
    if event == "MESSAGE_DELETE":
        return _deletion_json(message) | {"id": str(message.id)}
    data = payloads.message_event_json(message)
    return data if with_content else payloads.blanked(data, world.bot)


def _deletion_json(message: Message) -> JSON:
    guild = message.channel.guild
    place = {"channel_id": str(message.channel.id)}
    return place | ({"guild_id": str(guild.id)} if guild else {})


def _guild_json(world: World, event: str, guild: Guild) -> JSON:
    if event == "GUILD_CREATE":
        joined = payloads.guild_json(world, guild)
        del joined["unavailable"]  # comes with guilds that were there before only
        return joined
    if event == "GUILD_UPDATE":
        return payloads.partial_guild_json(guild)
    return {"id": str(guild.id)}
