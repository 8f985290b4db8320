"""Finds the commands that a person is offered, and builds what their client sends for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.standin.model import payloads
from tests.standin.model.models import Channel, Message, User
from tests.standin.model.permission_names import names_of
from tests.standin.model.permissions import member_permissions, permissions
from tests.standin.model.world import World
from tests.standin.people.resolving import resolve
from tests.standin.rules.rules import JSON

CHAT_INPUT, MESSAGE_MENU = 1, 3
SUBCOMMAND, SUBCOMMAND_GROUP, ATTACHMENT = 1, 2, 11
GUILD_INSTALL, USER_INSTALL = 0, 1


def require(channel: Channel, user: User, *needs: str) -> None:
    """Raise LookupError if a person is not here or lacks a permission."""
    missing = [name for name in needs if name not in permissions(channel, user)]
    if missing and channel.guild is not None:
        raise LookupError(f"{user.name} may not {missing[0]} in {channel.name!r}")
    if user not in (channel.guild.members if channel.guild else channel.recipients):
        raise LookupError(f"{user.name} is not in {channel.name or 'this DM'!r}")


def offered(
    world: World, channel: Channel, user: User, *, as_user_install: bool = False
) -> Iterator[JSON]:
    """Yield the commands a person is offered in a channel, those of the guild first."""
    guild = channel.guild
    in_guild = guild is not None and guild.id in world.guilds
    if guild is not None and in_guild and not as_user_install:
        for command in list(world.commands.get(guild.id, {}).values()):
            if _is_shown(command, channel, user):
                yield command
    install = USER_INSTALL if as_user_install else GUILD_INSTALL
    reachable = as_user_install or in_guild or channel.owner is not None
    for command in list(world.commands[None].values()) if reachable else []:
        contexts = command.get("contexts")
        fits = contexts is None or channel.context in contexts
        installed = install in (command.get("integration_types") or [GUILD_INSTALL])
        if fits and installed and (as_user_install or _is_shown(command, channel, user)):
            yield command


def shown_name(item: JSON, locale: str) -> str:
    """Return the name of a command or choice that a person with this language sees."""
    return str((item.get("name_localizations") or {}).get(locale, item["name"]))


def _is_shown(command: JSON, channel: Channel, user: User) -> bool:
    """Return whether the guild's settings show a command to a person."""
    needs, guild = command.get("default_member_permissions"), channel.guild
    if guild is None or needs is None:
        return True
    granted = guild.command_grants.get(command["name"], set())
    held = member_permissions(guild, user)
    if "ADMINISTRATOR" in held or granted & {user.id, *(r.id for r in guild.members.get(user, []))}:
        return True
    return int(needs) != 0 and names_of(int(needs)) <= held


def _find_command(
    world: World, channel: Channel, user: User, name: str, kind: int, *, as_user_install: bool
) -> JSON:
    require(channel, user, "VIEW_CHANNEL", "USE_APPLICATION_COMMANDS")
    for command in offered(world, channel, user, as_user_install=as_user_install):
        if (command["name"], command["type"]) == (name, kind):
            return command
    raise LookupError(f"no command {name!r} of type {kind} is offered in {channel.name!r}")


def slash_data(
    world: World,
    channel: Channel,
    user: User,
    path: str,
    values: dict[str, Any],
    *,
    focused: str | None = None,
    as_user_install: bool = False,
) -> JSON:
    """Return the data of a slash command; `path` is its name with subcommands after spaces."""
    name, *subcommands = path.split()
    command = _find_command(world, channel, user, name, CHAT_INPUT, as_user_install=as_user_install)
    resolved: JSON = {}
    data: JSON = {"id": command["id"], "name": name, "type": 1, "resolved": resolved}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    definition, level = command, data
    for word in subcommands:
        definition = _option(definition, word)
        if definition["type"] not in (SUBCOMMAND, SUBCOMMAND_GROUP):
            raise LookupError(f"{word!r} of /{path} is no subcommand")
        level["options"] = [{"name": word, "type": definition["type"]}]
        level = level["options"][0]
    missing = [
        option["name"]
        for option in definition.get("options", [])
        if option.get("required") and option["name"] not in values
    ]
    if missing and focused is None:
        raise LookupError(f"/{path} needs {', '.join(missing)}")
    level["options"] = []
    for key, value in values.items():
        option = _option(definition, key)
        if key == focused:  # typed so far, so it need not be valid yet
            item = {"name": key, "type": option["type"], "value": value, "focused": True}
        else:
            item = _filled_option(world, channel, option, value, resolved)
        level["options"].append(item)
    return data


def _option(definition: JSON, name: str) -> JSON:
    for option in definition.get("options", []):
        if option["name"] == name:
            found: JSON = option
            return found
    raise LookupError(f"{definition['name']!r} has no option {name!r}")


def _filled_option(
    world: World, channel: Channel, option: JSON, value: Any, resolved: JSON
) -> JSON:
    """Return a filled option; LookupError where the client would not let a person send it."""
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise LookupError(f"option {option['name']!r} offers {choices}, not {value!r}")
    if isinstance(value, str):
        least, most = option.get("min_length") or 0, option.get("max_length") or 6000
        if not least <= len(value) <= most:
            raise LookupError(f"option {option['name']!r} takes {least} to {most} characters")
    sent = resolve(world, channel, value, resolved)
    if option["type"] == ATTACHMENT and sent not in resolved.get("attachments", {}):
        raise LookupError(f"option {option['name']!r} takes an attachment")
    return {"name": option["name"], "type": option["type"], "value": sent}


def menu_data(
    world: World, message: Message, user: User, name: str, *, as_user_install: bool = False
) -> JSON:
    """Return the data of a message context menu."""
    command = _find_command(
        world, message.channel, user, name, MESSAGE_MENU, as_user_install=as_user_install
    )
    target = payloads.message_json(message)
    data: JSON = {"id": command["id"], "name": name, "type": 3, "target_id": str(message.id)}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data | {"resolved": {"messages": {str(message.id): target}}}
