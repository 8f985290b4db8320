"""Reads a bot's `/metrics`, and computes percentiles and stalls."""

import math
import re
import socket
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

_LINE = re.compile(r"(\S+) (\S+)")
_BUCKET = re.compile(r'pullquote_loop_lag_seconds_bucket\{le="([^"]+)"\}')

# The longest stall of the event loop that we promise.
LONGEST_STALL_S = 0.1


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read_metrics(port: int) -> dict[str, float]:
    """Return the figures of a bot, by name with labels."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as response:
        lines = response.read().decode().splitlines()
    found = (_LINE.fullmatch(line) for line in lines if not line.startswith("#"))
    return {match[1]: float(match[2]) for match in found if match}


@dataclass(frozen=True)
class Stalls:
    """How long the event loop stood still between two moments.

    Attributes:
        looks: How often that was looked at.
        long: How many stalls were longer than we promise.
        at_most_s: The bound of the longest stall, in seconds: that of a bucket, or the longest one
            since the start if that is less.
    """

    looks: int
    long: int
    at_most_s: float

    @classmethod
    def between(cls, before: dict[str, float], after: dict[str, float]) -> "Stalls":
        """Return the stalls between two looks at a bot's figures."""
        more = {
            float(match[1]): after[name] - before.get(name, 0.0)
            for name in after
            if (match := _BUCKET.fullmatch(name))
        }
        looks = more[math.inf]
        bound = min(edge for edge, count in more.items() if count == looks)
        longest = min(bound, after["pullquote_loop_lag_max_seconds"])
        return cls(int(looks), int(looks - more[LONGEST_STALL_S]), longest)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that this share of the values does not exceed; 0 without values."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1] if ordered else 0.0
