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


def command_problems(commands: list[JSON]) -> list[str]:
    """Find what is wrong with all the commands of one scope."""
    problems: list[str] = []
    for kind, most in MOST.items():
        names = [command["name"] for command in commands if command.get("type", 1) == kind]
        if len(names) > most:
            problems.append(f"{len(names)} commands of type {kind}, at most {most}")
        problems += [f"two commands are named {name!r}" for name in _twice(names)]
    for command in commands:
        problems += _one_command(command)
    return problems


def _one_command(command: JSON) -> Iterator[str]:
    name = command.get("name", "")
    if command.get("type", CHAT_INPUT) != CHAT_INPUT:
        if not 1 <= len(name) <= 32:
            yield f"menu name {name!r} has not 1 to 32 characters"
        if command.get("description"):
            yield f"menu {name!r} has a description"
        return
    yield from _texts(command)
    yield from _options(command)
    total = _characters(command)
    if total > TOTAL_CHARS:
        yield f"command {name!r} has {total} characters, at most {TOTAL_CHARS}"


def _texts(item: JSON) -> Iterator[str]:
    names = [item.get("name", ""), *(item.get("name_localizations") or {}).values()]
    for name in names:
        if not NAME.fullmatch(name) or name != name.lower():
            yield f"command or option name {name!r} is not 1 to 32 lower-case word characters"
    described = item.get("description_localizations") or {}
    for description in [item.get("description", ""), *described.values()]:
        if not 1 <= len(description) <= 100:
            yield f"description of {names[0]!r} has {len(description)} characters, 1 to 100"


def _options(item: JSON) -> Iterator[str]:
    options = item.get("options", [])
    name = item.get("name")
    if len(options) > 25:
        yield f"{name!r} has {len(options)} options, at most 25"
    yield from (f"{name!r} has two options {twice!r}" for twice in _twice(_names(options)))
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
        if not 1 <= len(choice.get("name", "")) <= 100:
            yield f"choice name {choice.get('name')!r} has not 1 to 100 characters"
        value = choice.get("value")
        if isinstance(value, str) and not 1 <= len(value) <= 100:
            yield f"choice value {value!r} has not 1 to 100 characters"


def _characters(item: JSON) -> int:
    """Count as Discord does: of a translated text only the longest form."""
    total = 0
    for key in ("name", "description"):
        forms = [item.get(key) or "", *(item.get(f"{key}_localizations") or {}).values()]
        total += max(len(form) for form in forms)
    total += len(item["value"]) if isinstance(item.get("value"), str) else 0
    parts = [*item.get("options", []), *(item.get("choices") or [])]
    return total + sum(_characters(part) for part in parts)


def _names(items: list[JSON]) -> list[str]:
    return [item.get("name", "") for item in items]


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
