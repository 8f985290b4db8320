"""What a person's Discord client sends when they use a command, a menu or a component."""

from __future__ import annotations

from typing import Any

from . import payloads
from .models import JSON, Channel, Message, Role, User
from .rules import walk
from .world import World

STRING, INTEGER, BOOLEAN, NUMBER = 3, 4, 5, 10
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2


def find_command(world: World, channel: Channel, name: str, kind: int) -> JSON:
    """Return the command a person sees in a channel; LookupError when there is none."""
    guild_scope = world.commands.get(channel.guild.id if channel.guild else -1, {})
    context = 0 if channel.guild else 1
    for command in [*guild_scope.values(), *world.commands[None].values()]:
        contexts = command.get("contexts")
        offered = contexts is None or context in contexts
        if (command["name"], command["type"]) == (name, kind) and offered:
            return command
    raise LookupError(f"no command {name!r} of type {kind} is offered in {channel.name!r}")


def slash_data(
    world: World, channel: Channel, path: str, values: dict[str, Any], focused: str | None = None
) -> JSON:
    """Return the data of a slash command; `path` is its name with subcommands after spaces."""
    name, *subcommands = path.split()
    command = find_command(world, channel, name, 1)
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
        kind = _option(definition, key)["type"]
        item = {"name": key, "type": kind, "value": _value(world, channel, value, resolved)}
        level["options"].append(item | ({"focused": True} if key == focused else {}))
    return data


def _option(definition: JSON, name: str) -> JSON:
    for option in definition.get("options", []):
        if option["name"] == name:
            found: JSON = option
            return found
    raise LookupError(f"{definition['name']!r} has no option {name!r}")


def _value(world: World, channel: Channel, value: Any, resolved: JSON) -> Any:
    guild = channel.guild
    if isinstance(value, User):
        resolved.setdefault("users", {})[str(value.id)] = payloads.user_json(value)
        if guild is not None:
            member = payloads.member_json(guild, value) | {"permissions": "0"}
            resolved.setdefault("members", {})[str(value.id)] = member
    elif isinstance(value, Channel):
        data = payloads.channel_json(value, world.bot) | {"permissions": "0"}
        resolved.setdefault("channels", {})[str(value.id)] = data
    elif isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = payloads.role_json(value)
    else:
        return value
    return str(value.id)


def menu_data(world: World, message: Message, name: str) -> JSON:
    """Return the data of a message context menu."""
    command = find_command(world, message.channel, name, 3)
    target = payloads.message_json(message)
    data: JSON = {"id": command["id"], "name": name, "type": 3, "target_id": str(message.id)}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data | {"resolved": {"messages": {str(message.id): target}}}


def component_data(message: Message, custom_id: str, values: list[str] | None) -> JSON:
    """Return the data of a button press or of a choice in a menu."""
    for part in walk(message.components):
        if part.get("custom_id") == custom_id:
            if part.get("disabled"):
                raise LookupError(f"component {custom_id!r} is disabled")
            data: JSON = {"custom_id": custom_id, "component_type": part["type"]}
            return data | ({"values": values} if values is not None else {})
    raise LookupError(f"the message has no component {custom_id!r}")


def modal_data(modal: JSON, values: dict[str, str]) -> JSON:
    """Return the data of a modal that was filled in and sent."""
    inputs = {part["custom_id"]: part for part in walk(modal["components"]) if part["type"] == 4}
    unknown = set(values) - set(inputs)
    if unknown:
        raise LookupError(f"the modal has no input {', '.join(sorted(unknown))}")
    filled = {name: values.get(name, part.get("value", "")) for name, part in inputs.items()}
    components = [_filled(component, filled) for component in modal["components"]]
    return {"custom_id": modal["custom_id"], "components": components}


def _filled(component: JSON, values: dict[str, str]) -> JSON:
    slim: JSON = {"type": component["type"]}
    if component.get("custom_id") in values:
        slim |= {"custom_id": component["custom_id"], "value": values[component["custom_id"]]}
    if "components" in component:
        slim["components"] = [_filled(part, values) for part in component["components"]]
    if "component" in component:
        slim["component"] = _filled(component["component"], values)
    return slim
