"""Builds what a client sends for a pressed button, a choice in a menu or a filled form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.standin.model.models import Attachment, Channel, Message, Role, User
from tests.standin.model.world import World
from tests.standin.people.resolving import resolve
from tests.standin.rules.component_rules import chosen_range
from tests.standin.rules.rules import (
    BUTTON,
    CHANNEL_SELECT,
    CHECKBOX,
    CHECKBOXES,
    FILE_UPLOAD,
    JSON,
    LABEL,
    MENTIONABLE_SELECT,
    RADIO,
    ROLE_SELECT,
    SELECTS,
    STRING_SELECT,
    TEXT_INPUT,
    USER_SELECT,
    walk,
)

PICKED = {
    USER_SELECT: (User,),
    ROLE_SELECT: (Role,),
    MENTIONABLE_SELECT: (User, Role),
    CHANNEL_SELECT: (Channel,),
    FILE_UPLOAD: (Attachment,),
}
EMOJI_STYLE = "\ufe0f"  # may follow a sign to ask for its colourful form; people see no difference


def button_id(message: Message, label: str) -> str:
    """Return the custom_id of the button with this label, emoji or both; LookupError if none."""
    shown = {}
    for part in walk(message.components):
        if part["type"] == BUTTON and "custom_id" in part:
            emoji = (part.get("emoji") or {}).get("name") or ""
            names = {emoji, part.get("label") or "", f"{emoji} {part.get('label') or ''}".strip()}
            shown[part["custom_id"]] = {name.replace(EMOJI_STYLE, "") for name in names if name}
    wanted = label.replace(EMOJI_STYLE, "")
    found = [custom_id for custom_id, names in shown.items() if wanted in names]
    if len(found) != 1:
        raise LookupError(f"{len(found)} buttons {label!r} among {list(shown.values())}")
    return str(found[0])


def menu_id(message: Message, placeholder: str | None) -> str:
    """Return the custom_id of the select menu with this placeholder, or of the only one."""
    found = [
        part["custom_id"]
        for part in walk(message.components)
        if part["type"] in SELECTS and placeholder in (None, part.get("placeholder"))
    ]
    if len(found) != 1:
        raise LookupError(f"{len(found)} select menus {placeholder or ''}")
    return str(found[0])


def component_data(
    world: World, message: Message, custom_id: str, values: list[Any] | None
) -> JSON:
    """Return the data of a button press or of a choice in a menu; LookupError if impossible."""
    for part in walk(message.components):
        if part.get("custom_id") == custom_id:
            if part.get("disabled"):
                raise LookupError(f"component {custom_id!r} is disabled")
            data: JSON = {"custom_id": custom_id, "component_type": part["type"]}
            if part["type"] not in SELECTS:
                return data
            resolved: JSON = {}
            picked = _picked(world, message.channel, part, values or [], resolved)
            return data | {"values": picked, "resolved": resolved}
    raise LookupError(f"the message has no component {custom_id!r}")


def _picked(
    world: World, channel: Channel, chooser: JSON, values: list[Any], resolved: JSON
) -> list[str]:
    """Return what a person picks as the client sends it; LookupError if the menu forbids it."""
    name = chooser["custom_id"]
    least, most = chosen_range(chooser)
    if not least <= len(values) <= most and not (chooser.get("required") is False and not values):
        raise LookupError(f"{name!r} takes {least} to {most} values, not {len(values)}")
    if chooser["type"] in (STRING_SELECT, RADIO, CHECKBOXES):
        by_label = {option["label"]: option["value"] for option in chooser["options"]}
        known = set(by_label.values())
        unknown = [value for value in values if value not in known and value not in by_label]
        if unknown:
            raise LookupError(f"{name!r} does not offer {unknown[0]!r}")
        return [value if value in known else by_label[value] for value in values]
    kinds = PICKED[chooser["type"]]
    types = chooser.get("channel_types")
    strangers = [value for value in values if not isinstance(value, kinds)]
    if strangers:
        raise LookupError(f"{name!r} does not offer {strangers[0]!r}")
    for value in values:
        if types and isinstance(value, Channel) and value.kind not in types:
            raise LookupError(f"{name!r} offers no channel of type {value.kind.name}")
    return [resolve(world, channel, value, resolved) for value in values]


def modal_data(world: World, channel: Channel, modal: JSON, values: Mapping[str, Any]) -> JSON:
    """Return the data of a modal filled in; `values` go by custom_id or by label."""
    inputs, labels = {}, {}
    for part in walk(modal["components"]):
        if part["type"] == LABEL:
            labels[part["label"]] = part["component"]["custom_id"]
        elif "custom_id" in part:
            inputs[part["custom_id"]] = part
            labels.setdefault(part.get("label"), part["custom_id"])
    given = {labels.get(name, name): value for name, value in values.items()}
    unknown = set(given) - set(inputs)
    if unknown:
        raise LookupError(f"the modal has no input {', '.join(sorted(unknown))}")
    resolved: JSON = {}
    filled = {
        name: _filled_input(world, channel, part, given.get(name), resolved)
        for name, part in inputs.items()
    }
    components = [_filled(component, filled) for component in modal["components"]]
    data = {"custom_id": modal["custom_id"], "components": components}
    return data | ({"resolved": resolved} if resolved else {})


def _filled_input(world: World, channel: Channel, part: JSON, value: Any, resolved: JSON) -> JSON:
    data: JSON = {"type": part["type"], "custom_id": part["custom_id"]}
    if part["type"] == CHECKBOX:
        return data | {"value": bool(part.get("default") if value is None else value)}
    if part["type"] == TEXT_INPUT:
        return data | {"value": _typed(part, part.get("value", "") if value is None else value)}
    values = [] if value is None else value if isinstance(value, list) else [value]
    if value is None:
        options = part.get("options", [])
        values = [option["value"] for option in options if option.get("default")]
    picked = _picked(world, channel, part, values, resolved)
    if part["type"] == RADIO:
        return data | {"value": picked[0] if picked else None}
    return data | {"values": picked}


def _typed(field: JSON, text: str) -> str:
    """Return a text if the client would let a person send it."""
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if field.get("required", True) and not text:
        raise LookupError(f"the input {field['custom_id']!r} is required")
    if text and not least <= len(text) <= most:
        raise LookupError(f"the input {field['custom_id']!r} takes {least} to {most} characters")
    return text


def _filled(component: JSON, inputs: Mapping[str, JSON]) -> JSON:
    slim: JSON = {"type": component["type"], "id": component.get("id", 0)}
    slim |= inputs.get(component.get("custom_id", ""), {})
    if "components" in component:
        slim["components"] = [_filled(part, inputs) for part in component["components"]]
    if "component" in component:
        slim["component"] = _filled(component["component"], inputs)
    return slim
