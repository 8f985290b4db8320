"""The judge, which records every broken rule, and helpers of the other rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

JSON = dict[str, Any]

V2_FLAG = 1 << 15
# Component types, by Discord's numbers.
ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = {3, 5, 6, 7, 8}
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 17, 18, 19, 21, 22, 23


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


def walk(components: list[JSON]) -> Iterator[JSON]:
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


def bounds(name: str, text: str, least: int, most: int) -> list[str]:
    """Find fault with a text that is too short or too long."""
    if least <= length(text) <= most:
        return []
    return [f"{name} has {length(text)} characters, allowed are {least} to {most}"]
