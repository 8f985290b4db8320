"""Join the lines of pages to paragraphs by their positions."""

import re
from collections.abc import Iterable, Iterator, Sequence
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
        form: "header" or "rows" if its text is a whole table, with or without a header row; "code"
            if it is a whole listing; else "".
        is_bold: Whether its letters are bold.
        is_fixed: Whether all of its letters are as wide, as those of code are.
        is_turned: Whether it runs up or down the page.
    """

    text: str
    page: int
    left: float
    right: float
    bottom: float
    height: float
    chunks: tuple[Chunk, ...] = ()
    full_right: float | None = None
    form: Literal["", "header", "rows", "code"] = ""
    is_bold: bool = False
    is_fixed: bool = False
    is_turned: bool = False


# The least distance between paragraphs, relative to the usual distance of lines.
_WIDE_GAP = 1.3

# The last line of a paragraph is shorter than this share of the usual width. A first line is
# indented by at least this share of its height.
_SHORT_LINE = 0.85
_INDENT = 0.8

# The least relative difference in height of another kind of text, such as a heading or a note.
_OTHER_SIZE = 0.12

# Notes are in letters that are so much smaller than those of the text.
_NOTE_RATIO = 0.93

# The next column begins at least so much higher, relative to the height of a line.
_MIN_RISE = 2.0

# Items of a list of at most so many lines are at most so far apart, relative to the usual distance
# of lines; longer ones are paragraphs.
_MAX_ITEM_LINES = 3
_MAX_ITEM_GAP = 2.5

# A part of a compound is at least so long; shorter ones are syllables.
_MIN_COMPOUND_PART = 4

# After these, a hyphen stands for a part of a word that follows, as in "over- and underflow".
_CONJUNCTIONS = frozenset("and or to und oder bis et ou".split())

# A longer word is none.
_MAX_WORD_CHARS = 60

_HYPHENS = ("-", "\u2010")
_COMPOUND = re.compile(r"(?<!\w)\w++[-\u2010]\w++")  # possessive, so that it takes linear time
_LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]++\Z")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(slots=True)
class _Open:
    """The paragraph that is being joined.

    Attributes:
        parts: The lines and what stands between them.
        page: The page that it begins on.
        last: Its last line.
        n_item_lines: The number of lines of its last item; 0 if it is no list.
    """

    parts: list[str]
    page: int
    last: Line
    n_item_lines: int

    def add(self, line: Line, words: "Words") -> None:
        """Add a line that goes on with it."""
        self.parts[-1:] = joined(self.parts[-1], line.text, words)
        self.last = line
        if is_list_item(line.text):
            self.n_item_lines = 1
        elif self.n_item_lines:
            self.n_item_lines += 1


def join_paragraphs(lines: list[Line], words: "Words | None" = None) -> Iterator[tuple[str, int]]:
    """Yield the paragraphs of lines in order, each with the page it begins on.

    A line begins a paragraph in these cases:

    - It follows a gap.
    - The line before ends a sentence, and is short or this line is indented.
    - It has another font size, or is in another column or on another page, unless the line before
      is full and does not end a sentence.

    Items of a list are lines of one paragraph. Notes in smaller letters, and text that is turned,
    follow the paragraph that they interrupt.

    Args:
        lines: The lines, in order.
        words: Those of the whole text; None for those of the lines.
    """
    if not lines:
        return
    usual_gap, usual_right = _usual_gap(lines), _usual_right(lines)
    words = words or Words(lines)
    paragraph = _begun(lines[0])
    aside: list[Line] = []
    position = 1
    while position < len(lines):
        line, above = lines[position], paragraph.last
        short = _is_short(above, usual_right)
        if n_notes := 0 if ends_sentence(above.text) or short else _n_notes(lines, position):
            aside += lines[position : position + n_notes]
            position += n_notes
            continue
        if _begins_paragraph(paragraph, line, usual_gap, after_short=short):
            yield "".join(paragraph.parts), paragraph.page
            yield from join_paragraphs(aside, words)
            paragraph, aside = _begun(line), []
        else:
            paragraph.add(line, words)
        position += 1
    yield "".join(paragraph.parts), paragraph.page
    yield from join_paragraphs(aside, words)


def _begun(line: Line) -> _Open:
    return _Open([line.text], line.page, line, int(is_list_item(line.text)))


def _usual_gap(lines: Sequence[Line]) -> float:
    gaps = [
        above.bottom - line.bottom
        for above, line in pairwise(lines)
        if above.page == line.page and above.bottom > line.bottom
    ]
    return median(gaps) if gaps else 0.0


def _is_short(line: Line, usual_right: float) -> bool:
    full_right = line.full_right or usual_right
    return line.right < line.left + (full_right - line.left) * _SHORT_LINE


def _n_notes(lines: Sequence[Line], position: int) -> int:
    """Return how many lines from one on are notes below a column, or turned text, in a paragraph.

    After them the text goes on in letters of its size, in another column or on another page.
    """
    above, end = lines[position - 1], position
    if above.is_turned:
        return 0
    while end < len(lines) and (
        lines[end].is_turned or lines[end].height < above.height * _NOTE_RATIO
    ):
        end += 1
    if end == len(lines) or end == position:
        return 0
    last, after = lines[end - 1], lines[end]
    is_text = abs(after.height - above.height) <= above.height * _OTHER_SIZE
    is_higher = after.bottom > last.bottom + _MIN_RISE * after.height
    is_elsewhere = after.page != last.page or is_higher or last.is_turned
    is_below = lines[position].is_turned or lines[position].bottom < above.bottom
    return end - position if is_text and is_elsewhere and is_below else 0


def _usual_right(lines: list[Line]) -> float:
    """Return the right edge of full lines: the 90th percentile of all right edges."""
    ends = sorted(line.right for line in lines)
    return ends[len(ends) * 9 // 10]


def _begins_paragraph(paragraph: _Open, line: Line, usual_gap: float, *, after_short: bool) -> bool:
    above = paragraph.last
    gap = above.bottom - line.bottom
    ended = ends_sentence(above.text)
    if line.page != above.page or gap < -line.height:  # another page or column
        return ended or (after_short and not line.text[0].islower())
    is_item = is_list_item(line.text)
    if (
        is_item
        and 0 < paragraph.n_item_lines <= _MAX_ITEM_LINES
        and gap <= usual_gap * _MAX_ITEM_GAP
    ):
        return False
    if usual_gap and gap > usual_gap * _WIDE_GAP:
        return True
    size = max(line.height, above.height)
    if abs(line.height - above.height) > size * _OTHER_SIZE and abs(gap) > size / 2:
        return ended or after_short
    indented = line.left > above.left + line.height * _INDENT
    return ended and (after_short or indented) and not is_item


class Words:
    """The words of a text, to tell a compound from a word that was broken at a line end."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._compounds: set[str] = set()
        self._words: set[str] = set()
        is_broken = False
        for line in lines:
            text = line.text.lower()
            self._compounds.update(_COMPOUND.findall(text))
            words = _WORD.findall(text)[is_broken:]
            is_broken = text.endswith(_HYPHENS)
            self._words.update(words[:-1] if is_broken else words)

    def has(self, word: str) -> bool:
        """Return whether the text has a word, in lower case."""
        return word in self._words

    def is_compound(self, first: str, second: str) -> bool:
        """Return whether the text has the compound, or both parts as words but not them as one."""
        if any(f"{first}{hyphen}{second}" in self._compounds for hyphen in _HYPHENS):
            return True
        parts = first, second
        are_words = all(len(one) >= _MIN_COMPOUND_PART and one in self._words for one in parts)
        return are_words and first + second not in self._words


def joined(above: str, line: str, words: Words) -> tuple[str, str]:
    """Return a line and the next one, with what stands between them at the end of the first.

    A word that was broken by a hyphen is joined again; one that goes on with a capital letter or a
    digit has the hyphen.
    """
    if is_list_item(line):
        return f"{above}\n", line
    if not above.endswith(_HYPHENS) or not above[:-1] or not above[-2].isalnum():
        return f"{above} ", line
    if not line[0].isalnum() or line.split()[0] in _CONJUNCTIONS:
        return f"{above} ", line
    first = _LAST_WORD.search(above[-_MAX_WORD_CHARS:-1].lower())
    second = _WORD.match(line.lower())
    if first is None or second is None:
        is_compound = not line[0].islower()
    elif line[0].islower():
        is_compound = words.is_compound(first[0], second[0])
    else:
        is_compound = not words.has(first[0] + second[0])
    return (above if is_compound else above[:-1]), line
