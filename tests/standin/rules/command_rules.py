"""Discord's limits on application commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

JSON = dict[str, Any]

CHAT_INPUT = 1
SUBCOMMAND, GROUP = 1, 2
NAME = re.compile(r"[-_'\w]{1,32}")
MOST = {1: 100, 2: 15, 3: 15}
TOTAL_CHARS = 8000
# The languages of Discord's clients, as of August 2026.
LOCALES = set(
    "bg cs da de el en-GB en-US es-419 es-ES fi fr hi hr hu id it ja ko lt nl no pl pt-BR ro ru "
    "sv-SE th tr uk vi zh-CN zh-TW".split()
)


def command_problems(commands: list[JSON]) -> list[str]:
    """Find what is wrong with all the commands of one scope."""
    problems: list[str] = []
    for kind, most in MOST.items():
        alike = [command for command in commands if command.get("type", 1) == kind]
        if len(alike) > most:
            problems.append(f"{len(alike)} commands of type {kind}, at most {most}")
        problems += [f"two commands are named {name}" for name in _shown_twice(alike)]
    for command in commands:
        problems += _one_command(command)
    return problems


def _one_command(command: JSON) -> Iterator[str]:
    name = command.get("name", "")
    yield from _installation(command)
    if command.get("type", CHAT_INPUT) != CHAT_INPUT:
        yield from _locales(command)
        for form in _forms(command, "name"):
            if not 1 <= len(form) <= 32 or form != form.strip():
                yield f"menu name {form!r} has not 1 to 32 characters"
        if command.get("description"):
            yield f"menu {name!r} has a description"
        return
    yield from _texts(command)
    yield from _options(command)
    total = _characters(command)
    if total > TOTAL_CHARS:
        yield f"command {name!r} has {total} characters, at most {TOTAL_CHARS}"


def _installation(command: JSON) -> Iterator[str]:
    name, contexts = command.get("name"), command.get("contexts")
    types = command.get("integration_types") or [0]
    if not set(types) <= {0, 1} or not set(contexts or []) <= {0, 1, 2} or contexts == []:
        yield f"{name!r} has unknown integration_types {types} or contexts {contexts}"
    elif contexts == [2] and 1 not in types:
        yield f"{name!r} is for private channels, which needs installation by users"


def _texts(item: JSON) -> Iterator[str]:
    yield from _locales(item)
    for name in _forms(item, "name"):
        if not NAME.fullmatch(name) or name != name.lower():
            yield f"command or option name {name!r} is not 1 to 32 lower-case word characters"
    for description in _forms(item, "description"):
        if not 1 <= len(description) <= 100:
            yield f"description of {item.get('name')!r} has {len(description)} characters, 1 to 100"


def _locales(item: JSON) -> Iterator[str]:
    for key in ("name_localizations", "description_localizations"):
        unknown = set(item.get(key) or {}) - LOCALES
        yield from (f"{key} of {item.get('name')!r}: no locale {one!r}" for one in sorted(unknown))


def _forms(item: JSON, key: str) -> list[str]:
    """Return a text with its translations."""
    return [item.get(key) or "", *(item.get(f"{key}_localizations") or {}).values()]


def _shown_twice(items: list[JSON]) -> list[str]:
    """Return the names that two items have in common in some language."""
    found = {repr(name) for name in _twice([item.get("name", "") for item in items])}
    for locale in sorted(LOCALES):
        names = [(item.get("name_localizations") or {}).get(locale) for item in items]
        shown = [name or item.get("name", "") for name, item in zip(names, items, strict=True)]
        found |= {f"{name!r} in {locale}" for name in _twice(shown) if name in names}
    return sorted(found)


def _options(item: JSON) -> Iterator[str]:
    options = item.get("options", [])
    name = item.get("name")
    if len(options) > 25:
        yield f"{name!r} has {len(options)} options, at most 25"
    yield from (f"{name!r} has two options {twice}" for twice in _shown_twice(options))
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{name!r} has a required option after an optional one"
    for option in options:
        yield from _texts(option)
        yield from _options(option)
        yield from _choices(option)


def _choices(option: JSON) -> Iterator[str]:
    choices = option.get("choices") or []
    if choices and option.get("autocomplete"):
        yield f"option {option['name']!r} has both choices and autocomplete"
    yield from choice_problems(choices)


def choice_problems(choices: list[JSON]) -> Iterator[str]:
    """Find what is wrong with the choices of an option or an autocomplete answer."""
    if len(choices) > 25:
        yield f"{len(choices)} choices, at most 25"
    for choice in choices:
        yield from _locales(choice)
        for name in _forms(choice, "name"):
            if not 1 <= len(name) <= 100:
                yield f"choice name {name!r} has not 1 to 100 characters"
        value = choice.get("value")
        if isinstance(value, str) and not 1 <= len(value) <= 100:
            yield f"choice value {value!r} has not 1 to 100 characters"


def _characters(item: JSON) -> int:
    """Count as Discord does: of a translated text only the longest form."""
    total = 0
    for key in ("name", "description"):
        total += max(len(form) for form in _forms(item, key))
    total += len(item["value"]) if isinstance(item.get("value"), str) else 0
    parts = [*item.get("options", []), *(item.get("choices") or [])]
    return total + sum(_characters(part) for part in parts)


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
