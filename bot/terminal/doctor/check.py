"""The result of one check."""

from dataclasses import dataclass
from typing import Literal

# "unknown" is a check that could not be made.
Status = Literal["ok", "warning", "failure", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check.

    Attributes:
        name: What was checked.
        status: The result; only a failure makes the command fail.
        detail: What was found, in a line.
        advice: What to do about it; empty if there is nothing to do.
        found: All that the detail names some of; shown in JSON only.
    """

    name: str
    status: Status
    detail: str
    advice: str = ""
    found: tuple[str, ...] = ()


def check_of_error(name: str, status: Status, error: Exception) -> Check:
    """Return a check for an error, whose message ends with the advice after a semicolon."""
    detail, _, advice = str(error).partition("; ")
    return Check(name, status, detail, advice)
