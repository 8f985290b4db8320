"""Turns picked users, channels, roles and files into the data of an interaction."""

from __future__ import annotations

from typing import Any

from tests.standin.model import payloads
from tests.standin.model.models import Attachment, Channel, Role, User
from tests.standin.model.permission_names import bits
from tests.standin.model.permissions import permissions
from tests.standin.model.world import World
from tests.standin.rest.attachments import attachment_json
from tests.standin.rules.rules import JSON


def resolve(world: World, channel: Channel, value: Any, resolved: JSON) -> Any:
    """Return the value an interaction carries; what stands behind an id goes to `resolved`."""
    if isinstance(value, User):
        _add(resolved, "users", value.id, payloads.user_json(value))
        if channel.guild is not None and value in channel.guild.members:
            powers = {"permissions": str(bits(permissions(channel, value)))}
            member = payloads.member_json(channel.guild, value)
            _add(resolved, "members", value.id, member | powers)
    elif isinstance(value, Channel):
        data = payloads.channel_json(value, world.bot)
        _add(resolved, "channels", value.id, data | {"permissions": "0"})
    elif isinstance(value, Role):
        _add(resolved, "roles", value.id, payloads.role_json(value))
    elif isinstance(value, Attachment):
        _add(resolved, "attachments", value.id, attachment_json(world, value))
    else:
        return value
    return str(value.id)


def _add(resolved: JSON, kind: str, number: int, data: JSON) -> None:
    resolved.setdefault(kind, {})[str(number)] = data
