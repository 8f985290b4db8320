"""Join the lines of pages to paragraphs by their positions, without headers and footers."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from index.analysis.sentences import ends_sentence
from index.documents.readers.plain_text import is_list_item


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words of a line that stand close together, and their left and right edge."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; positions are in points, from the left and the bottom of the page.

    Attributes:
        text: The text without white space around it; never empty.
        page: The number of the page, from 1.
        left: The left edge of its first character.
        right: The right edge of its last character.
        bottom: The lower edge of its first character's font.
        height: The height of that font.
        chunks: Its words in order, if their positions are known.
        full_right: The right edge of the column that it is in, if it is known.
        table: "header" or "rows" if its text is a whole table, with or without a header row.
    """

    text: str
    page: int
    left: float
    right: float
    bottom: float
    height: float
    chunks: tuple[Chunk, ...] = ()
    full_right: float | None = None
    table: Literal["", "header", "rows"] = ""


# Headers and footers have at most two lines.
_EDGE_LINES = 2

# A line at the top or bottom of a page is a running line if it is at the same height on at least
# three pages, like the name of a chapter. A bare number may be the last row of a table, so it must
# be on a third of all pages.
_MIN_RUNNING_PAGES = 3
_RUNNING_SHARE = 1 / 3

# The least distance between paragraphs, relative to the usual distance of lines.
_WIDE_GAP = 1.3

# The last line of a paragraph is shorter than this share of the usual width. A first line is
# indented by at least this share of its height.
_SHORT_LINE = 0.85
_INDENT = 0.8

# The least relative difference in height of another kind of text, such as a heading or a note.
_OTHER_SIZE = 0.12

_HYPHENS = ("-", "\u2010")
_COMPOUND = re.compile(r"(?<!\w)\w++[-\u2010]\w++")  # possessive, so that it takes linear time
_LETTER = re.compile(r"[^\W\d_]")
_DIGITS = re.compile(r"\d+")


def without_running_lines(pages: list[list[Line]]) -> list[list[Line]]:
    """Return the pages without running headers, footers and page numbers.

    These are lines among the two highest or lowest of a page that are at the same height on at
    least three pages, and differ in digits at most. Bare numbers must be on a third of all pages.
    """
    edges = [_edge_lines(page) for page in pages]
    counts = Counter(key for page in edges for key in {_running_key(line) for line in page})
    running = {
        key
        for key, count in counts.items()
        if count >= _MIN_RUNNING_PAGES
        and (_LETTER.search(key[1]) or count >= len(pages) * _RUNNING_SHARE)
    }
    return [
        [line for line in page if line not in edge or _running_key(line) not in running]
        for page, edge in zip(pages, edges, strict=True)
    ]


def join_paragraphs(lines: list[Line]) -> Iterator[tuple[str, int]]:
    """Yield the paragraphs of lines in order, each with the page it begins on.

    A line begins a paragraph in these cases:

    - It follows a gap.
    - The line before ends a sentence, and is short or this line is indented.
    - It has another font size, or is in another column or on another page, unless the line before
      is full and does not end a sentence.

    Items of a list are lines of one paragraph.
    """
    if not lines:
        return
    gaps = [
        above.bottom - line.bottom
        for above, line in pairwise(lines)
        if above.page == line.page and above.bottom > line.bottom
    ]
    usual_gap = median(gaps) if gaps else 0.0
    usual_right = _usual_right(lines)
    compounds = {word.lower() for line in lines for word in _COMPOUND.findall(line.text)}
    parts, page = [lines[0].text], lines[0].page
    for above, line in pairwise(lines):
        full_right = above.full_right or usual_right
        short = above.right < above.left + (full_right - above.left) * _SHORT_LINE
        if _begins_paragraph(above, line, usual_gap, after_short=short):
            yield "".join(parts), page
            parts, page = [line.text], line.page
        else:
            parts[-1:] = _joined(parts[-1], line.text, compounds)
    yield "".join(parts), page


def _edge_lines(page: list[Line]) -> set[Line]:
    by_height = sorted(page, key=lambda line: line.bottom)
    return {*by_height[:_EDGE_LINES], *by_height[-_EDGE_LINES:]}


def _running_key(line: Line) -> tuple[int, str]:
    return round(line.bottom), _DIGITS.sub("0", line.text)


def _usual_right(lines: list[Line]) -> float:
    """Return the right edge of full lines: the 90th percentile of all right edges."""
    ends = sorted(line.right for line in lines)
    return ends[len(ends) * 9 // 10]


def _begins_paragraph(above: Line, line: Line, usual_gap: float, *, after_short: bool) -> bool:
    gap = above.bottom - line.bottom
    ended = ends_sentence(above.text)
    if line.page != above.page or gap < -line.height:  # another page or column
        return ended or (after_short and not line.text[0].islower())
    if usual_gap and gap > usual_gap * _WIDE_GAP:
        return True
    size = max(line.height, above.height)
    if abs(line.height - above.height) > size * _OTHER_SIZE and abs(gap) > size / 2:
        return ended or after_short
    indented = line.left > above.left + line.height * _INDENT
    return ended and (after_short or indented) and not is_list_item(line.text)


def _joined(above: str, line: str, compounds: set[str]) -> tuple[str, str]:
    """Return a line and the next one, with what stands between them at the end of the first.

    A word that was broken by a hyphen is joined again.
    """
    if is_list_item(line):
        return f"{above}\n", line
    if not above.endswith(_HYPHENS) or not line[0].islower():
        return f"{above} ", line
    # "well-" and "known" stay a compound if the text also has "well-known" inside a line.
    broken = _COMPOUND.findall(above.rpartition(" ")[2] + line.partition(" ")[0])
    is_compound = any(word.lower() in compounds for word in broken)
    return (above if is_compound else above[:-1]), line
