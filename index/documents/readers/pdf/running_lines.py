"""Leave out what pages repeat or count: headers, footers, numbers of lines, tables of contents."""

import re
from collections import Counter

from index.documents.readers.pdf.layout import Line

# Headers and footers have at most two lines.
_EDGE_LINES = 2

# A line at the top or bottom of a page is a running line if it is at the same height on at least
# three pages, like the name of a chapter. A bare number may be the last row of a table, so it must
# be on a third of all pages.
_MIN_RUNNING_PAGES = 3
_RUNNING_SHARE = 1 / 3

_LETTER = re.compile(r"[^\W\d_]")
_DIGITS = re.compile(r"\d+|(?<![^\W_])[ivxlc]{1,7}\Z|\A[ivxlc]{1,7}(?![^\W_])")
_PAGE_NUMBER = re.compile(r"\A\d{1,4}(?=\D)|(?<=\D)\d{1,4}\Z")

# A line of a table of contents: dots lead to the number of a page.
_LEADER = re.compile(r"(?<!\.)(?<!\. )(?:\. ?){5,}+ *+(\d{1,4}|[ivxlc]{1,7})\Z")
_MIN_CONTENTS_LINES = 3


def without_running_lines(pages: list[list[Line]]) -> list[list[Line]]:
    """Return the pages without running headers, footers and page numbers.

    These are lines among the two highest or lowest of a page that are at the same height on at
    least three pages, and differ in digits at most, or begin or end with a number that counts the
    pages. Bare numbers must be on a third of all pages. Numbers of lines and turned watermarks,
    which stand at one place on a third of all pages, are left out wherever that is.
    """
    pages = _without_marks(pages)
    edges = [_edge_lines(page) for page in pages]
    counts = Counter(key for page in edges for key in {key for one in page for key in _keys(one)})
    running = {
        key
        for key, count in counts.items()
        if count >= _MIN_RUNNING_PAGES
        and (_LETTER.search(key[1]) or count >= len(pages) * _RUNNING_SHARE)
    }
    return [
        [line for line in page if line not in edge or running.isdisjoint(_keys(line))]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _without_marks(pages: list[list[Line]]) -> list[list[Line]]:
    counts = Counter(key for page in pages for key in set(map(_place_of_mark, page)))
    least = max(_MIN_RUNNING_PAGES, len(pages) * _RUNNING_SHARE)
    marks = {place for place, count in counts.items() if place and count >= least}
    return [[line for line in page if _place_of_mark(line) not in marks] for page in pages]


def _place_of_mark(line: Line) -> tuple[int, int, str] | None:
    """Return the place of a line that may be a mark, not a text or a name of a value."""
    if _LETTER.search(line.text) and not line.is_turned:
        return None
    return round(line.left), round(line.bottom), line.text


def without_contents(page: list[Line]) -> list[Line]:
    """Return a page without the lines of a table of contents, whose numbers only grow."""
    found = [(line, match[1]) for line in page if (match := _LEADER.search(line.text))]
    numbers = [int(number) for _, number in found if number.isdigit()]
    if len(found) < _MIN_CONTENTS_LINES or numbers != sorted(numbers):
        return page
    leaders = {id(line) for line, _ in found}
    return [line for line in page if id(line) not in leaders]


def _edge_lines(page: list[Line]) -> set[Line]:
    by_height = sorted(page, key=lambda line: line.bottom)
    return {*by_height[:_EDGE_LINES], *by_height[-_EDGE_LINES:]}


def _keys(line: Line) -> list[tuple[int, str]]:
    """Return by what a running line is known: its text without numbers, and how it counts."""
    height = round(line.bottom)
    counted = (int(number) - line.page for number in _PAGE_NUMBER.findall(line.text))
    return [(height, _DIGITS.sub("0", line.text)), *((height, f"page {one}") for one in counted)]
