"""Plain text for terminals and logs."""

import re
from collections.abc import Sequence

# Characters that would move the cursor, change colours or reverse the line.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_WEB_ADDRESS = re.compile(r"https?://[^/\s]")

# A report names so many texts of each kind; more would hide the rest of it.
MAX_NAMES = 10


def printable(text: str) -> str:
    """Replace characters that control a terminal by the replacement character."""
    return _CONTROL.sub("\ufffd", text)


def is_web_address(url: str) -> bool:
    """Return whether an address can be opened in a browser: http or https, with a host."""
    return bool(_WEB_ADDRESS.match(url))


def counted(number: int, noun: str) -> str:
    """Return "1 text", "2 texts" and so on."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def first_names(names: Sequence[str]) -> str:
    """Return the first ten names with commas between, and how many more there are."""
    shown = ", ".join(names[:MAX_NAMES])
    n_more = len(names) - MAX_NAMES
    return f"{shown} and {n_more:,} more" if n_more > 0 else shown
