"""Find the code inside a line, which nothing may change."""

import re
from collections.abc import Callable

_TICKS = re.compile(r"`+")


def outside_code(line: str, change: Callable[[str], str]) -> str:
    """Return a line whose parts outside of code spans are changed."""
    if "`" not in line:
        return change(line)
    parts: list[str] = []
    position = 0
    for start, end in code_spans(line):
        parts += (change(line[position:start]), line[start:end])
        position = end
    return "".join((*parts, change(line[position:])))


def code_spans(line: str) -> list[tuple[int, int]]:
    """Return the half-open offsets of the code spans of a line, with their backticks."""
    runs = [match.span() for match in _TICKS.finditer(line)]
    later: dict[int, list[int]] = {}
    for number in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[number][1] - runs[number][0], []).append(number)
    spans: list[tuple[int, int]] = []
    after = 0
    for number, (start, end) in enumerate(runs):
        same = later[end - start]
        while same and same[-1] <= number:
            same.pop()
        if number < after or not same:
            continue
        after = same[-1] + 1
        spans.append((start, runs[same[-1]][1]))
    return spans
