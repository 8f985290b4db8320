"""The judge: Discord's limits on what a bot sends, and a record of every rule broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

# Limits from Discord's API documentation, as of August 2026.
CONTENT_CHARS = 2000
EMBED_CHARS = {"title": 256, "description": 4096}
EMBEDS_TOTAL_CHARS = 6000
V2_FLAG = 1 << 15
V2_TEXT_CHARS = 4000
V2_COMPONENTS = 40
ROW, BUTTON, STRING_SELECT, TEXT_DISPLAY = 1, 2, 3, 10
SELECTS = {3, 5, 6, 7, 8}


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault of the stand-in
    """An error answer: HTTP status, Discord's own code and message."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code, self.message = status, code, message


class Judge:
    """Remembers what the bot did wrong."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.pings: list[str] = []
        self.pings_allowed = False
        self._forgiven: list[str] = []

    def record(self, violation: str) -> None:
        """Note a broken rule unless it was forgiven."""
        if not any(part in violation for part in self._forgiven):
            self.violations.append(violation)

    def refuse(self, status: int, code: int, message: str) -> NoReturn:
        """Note a broken rule and answer as Discord does."""
        self.record(f"{message} ({status}, code {code})")
        raise Refusal(status, code, message)

    def require(self, problems: list[str]) -> None:
        """Refuse a body that has problems, noting each of them."""
        for problem in problems[1:]:
            self.record(problem)
        if problems:
            self.refuse(400, 50035, f"Invalid Form Body: {problems[0]}")

    def forgive(self, part: str) -> None:
        """Drop violations that contain `part`, past and to come."""
        self._forgiven.append(part)
        self.violations[:] = [text for text in self.violations if part not in text]

    def note_pings(self, pings: list[str]) -> None:
        """Record whom a message of the bot notified."""
        self.pings += pings
        if pings and not self.pings_allowed:
            self.record(f"the bot pinged {', '.join(pings)}")

    def check(self) -> None:
        """Raise AssertionError that lists every broken rule."""
        if self.violations:
            lines = "\n  ".join(self.violations)
            raise AssertionError(f"{len(self.violations)} rule(s) of Discord broken:\n  {lines}")


def length(text: str) -> int:
    """Return UTF-16 units, never fewer than code points: the stricter way to count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every component of a message or modal, parents before their children."""
    for part in components:
        yield part
        inner = [part[key] for key in ("accessory", "component") if key in part]
        yield from walk([*part.get("components", []), *inner])


def text_problems(body: Any, where: str = "body") -> Iterator[str]:
    """Find half surrogate pairs and NUL in any string of a JSON body."""
    if isinstance(body, str) and re.search("[\ud800-\udfff\0]", body):
        yield f"{where} holds half a surrogate pair or NUL"
    elif isinstance(body, dict):
        for key, value in body.items():
            yield from text_problems(value, f"{where}.{key}")
    elif isinstance(body, list):
        for number, value in enumerate(body):
            yield from text_problems(value, f"{where}[{number}]")


def message_problems(message: dict[str, Any]) -> list[str]:
    """Find what is wrong with the content, embeds and components of a message."""
    problems = list(text_problems(message))
    problems += _bounds("content", message.get("content") or "", 0, CONTENT_CHARS)
    problems += _embed_problems(message.get("embeds") or [])
    components = message.get("components") or []
    if message.get("flags", 0) & V2_FLAG:
        problems += _v2_problems(message, components)
    else:
        problems += _row_problems(components)
    return problems + _custom_id_problems(components)


def _bounds(name: str, text: str, least: int, most: int) -> list[str]:
    if least <= length(text) <= most:
        return []
    return [f"{name} has {length(text)} characters, allowed are {least} to {most}"]


def _embed_problems(embeds: list[dict[str, Any]]) -> list[str]:
    problems = [f"{len(embeds)} embeds, at most 10"] if len(embeds) > 10 else []
    total = 0
    for embed in embeds:
        texts = [(name, embed.get(name) or "", 0, most) for name, most in EMBED_CHARS.items()]
        texts.append(("footer", embed.get("footer", {}).get("text", ""), 0, 2048))
        texts.append(("author", embed.get("author", {}).get("name", ""), 0, 256))
        fields = embed.get("fields", [])
        if len(fields) > 25:
            problems.append(f"{len(fields)} embed fields, at most 25")
        for item in fields:
            texts.append(("field name", item.get("name", ""), 1, 256))
            texts.append(("field value", item.get("value", ""), 1, 1024))
        for name, text, least, most in texts:
            total += length(text)
            problems += _bounds(f"embed {name}", text, least, most)
        url = embed.get("url")
        if url and not re.match(r"https?://", url):
            problems.append(f"embed url {url!r} is not http or https")
    if total > EMBEDS_TOTAL_CHARS:
        problems.append(f"embeds have {total} characters together, at most {EMBEDS_TOTAL_CHARS}")
    return problems


def _row_problems(rows: list[dict[str, Any]]) -> list[str]:
    problems = [f"{len(rows)} component rows, at most 5"] if len(rows) > 5 else []
    for row in rows:
        if row.get("type") != ROW:
            problems.append(f"component type {row.get('type')} needs the components v2 flag")
            continue
        problems += _row_content_problems(row.get("components", []))
    return problems


def _row_content_problems(children: list[dict[str, Any]]) -> list[str]:
    problems = [] if 1 <= len(children) <= 5 else [f"{len(children)} components in a row, 1 to 5"]
    if len(children) > 1 and any(child.get("type") in SELECTS for child in children):
        problems.append("a select menu shares its row")
    for child in children:
        problems += _button_problems(child) if child["type"] == BUTTON else _select_problems(child)
    return problems


def _button_problems(button: dict[str, Any]) -> list[str]:
    problems = _bounds("button label", button.get("label") or "", 0, 80)
    if not button.get("label") and not button.get("emoji"):
        problems.append("button has neither label nor emoji")
    if button.get("style") == 5:
        problems += _bounds("button url", button.get("url") or "", 1, 512)
        if "custom_id" in button:
            problems.append("link button has a custom_id")
    elif "url" in button:
        problems.append("button with a url has not the link style")
    else:
        problems += _bounds("custom_id", button.get("custom_id") or "", 1, 100)
    return problems


def _select_problems(select: dict[str, Any]) -> list[str]:
    if select.get("type") not in SELECTS:
        return [f"component type {select.get('type')} cannot be in a message row"]
    problems = _bounds("custom_id", select.get("custom_id") or "", 1, 100)
    problems += _bounds("placeholder", select.get("placeholder") or "", 0, 150)
    if select["type"] != STRING_SELECT:
        return problems
    options = select.get("options", [])
    if not 1 <= len(options) <= 25:
        problems.append(f"{len(options)} select options, allowed are 1 to 25")
    for option in options:
        problems += _bounds("option label", option.get("label", ""), 1, 100)
        problems += _bounds("option value", option.get("value", ""), 1, 100)
        problems += _bounds("option description", option.get("description") or "", 0, 100)
    if len({option.get("value") for option in options}) < len(options):
        problems.append("two select options have the same value")
    return problems


def _v2_problems(message: dict[str, Any], components: list[dict[str, Any]]) -> list[str]:
    parts = list(walk(components))
    problems = [] if len(parts) <= V2_COMPONENTS else [f"{len(parts)} components, at most 40"]
    if message.get("content") or message.get("embeds"):
        problems.append("content or embeds together with components v2")
    text = sum(length(part.get("content", "")) for part in parts if part["type"] == TEXT_DISPLAY)
    if text > V2_TEXT_CHARS:
        problems.append(f"text displays have {text} characters together, at most {V2_TEXT_CHARS}")
    for part in parts:
        if part["type"] == ROW:
            problems += _row_content_problems(part.get("components", []))
    return problems


def _custom_id_problems(components: list[dict[str, Any]]) -> list[str]:
    ids = [part["custom_id"] for part in walk(components) if part.get("custom_id")]
    return [f"custom_id {name!r} is used twice" for name in {n for n in ids if ids.count(n) > 1}]
