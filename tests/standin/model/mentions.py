"""Finds whom a text mentions and whom a message of the bot notifies."""

from __future__ import annotations

import re
from typing import Any

from tests.standin.model.models import Guild, Role, User
from tests.standin.model.world import World
from tests.standin.rules.rules import TEXT_DISPLAY, walk

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)")
CODE = re.compile(r"```.*?```|``.*?``|`[^`]*`", re.DOTALL)


def mentioned_users(world: World, content: str) -> list[User]:
    """Return the known users that a text mentions outside code, each once."""
    ids = dict.fromkeys(int(number) for number in USER.findall(CODE.sub("", content)))
    return [world.users[number] for number in ids if number in world.users]


def mentioned_roles(guild: Guild | None, content: str) -> list[Role]:
    """Return the guild's roles that a text mentions outside code, each once."""
    if guild is None:
        return []
    ids = dict.fromkeys(int(number) for number in ROLE.findall(CODE.sub("", content)))
    return [guild.roles[number] for number in ids if number in guild.roles]


def pingable_text(payload: dict[str, Any]) -> str:
    """Return the parts of a message body whose mentions notify: not embeds."""
    parts = [payload.get("content") or ""]
    components = payload.get("components") or []
    parts += [part["content"] for part in walk(components) if part["type"] == TEXT_DISPLAY]
    return "\n".join(parts)


def mention_problems(allowed: dict[str, Any] | None) -> list[str]:
    """Find contradictions in an allowed_mentions object."""
    allowed = allowed or {}
    problems = []
    for name in ("users", "roles"):
        if name in allowed.get("parse", []) and allowed.get(name):
            problems.append(f"allowed_mentions parses {name} and also lists some")
        if len(allowed.get(name, [])) > 100:
            problems.append(f"allowed_mentions lists more than 100 {name}")
    return problems


def pings(
    payload: dict[str, Any], *, replied_to: User | None = None, in_interaction: bool = False
) -> list[str]:
    """Return whom a body notifies, stricter than Discord: code and backslashes do not protect.

    Without `allowed_mentions` Discord's defaults hold: all kinds in a plain message with the
    replied user, only users in answers to interactions.
    """
    allowed = payload.get("allowed_mentions")
    if allowed is None:
        kinds = ["users"] if in_interaction else ["users", "roles", "everyone"]
        allowed = {"parse": kinds, "replied_user": True}
    text = pingable_text(payload)
    parse = allowed.get("parse", [])
    found = [f"@{name}" for name in EVERYONE.findall(text) if "everyone" in parse]
    for name, sign, pattern in (("users", "@", USER), ("roles", "@&", ROLE)):
        listed = {str(number) for number in allowed.get(name, [])}
        ids = pattern.findall(text)
        found += [f"<{sign}{number}>" for number in ids if name in parse or number in listed]
    if replied_to is not None and not replied_to.bot and allowed.get("replied_user"):
        found.append(f"{replied_to.mention} by replying")
    return list(dict.fromkeys(found))
