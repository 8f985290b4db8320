"""Plain text for terminals and logs."""

import re

# Characters that would move the cursor, change colours or reverse the line.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Replace characters that control a terminal by the replacement character."""
    return _CONTROL.sub("\ufffd", text)


def counted(number: int, noun: str) -> str:
    """Return "1 text", "2 texts" and so on."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
