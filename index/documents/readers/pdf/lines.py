"""Read the lines of a page with the positions and the fonts of their characters."""

import ctypes
import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from index.documents.readers.pdf.layout import Chunk, Line
from index.documents.readers.pdf.letters import with_accents

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_WORD = re.compile(r"\S+")

# Words with a narrower gap between them stand together, relative to the height of the line.
_MIN_GAP = 0.5

# The first and the last letter of text that is turned stand so exactly above each other, relative
# to their height.
_TURNED = 0.3
_MIN_TURNED_CHARS = 3

# pdfium joins the halves of a word broken at a line end, with a special character for the hyphen.
_LINE = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_HYPHEN_SIGNS = str.maketrans({"\x02": "-", "\ufffe": "-", "\u00ad": "-"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufff0-\uffff]+")

# The names of fonts tell more than their flags and weights, which many programs leave out. "Medi"
# and "CMB" are the bold fonts of LaTeX.
_BOLD = re.compile(r"bold|black|heavy|demi|-medi(?!um)|cmb|cmssbx|sfbx", re.IGNORECASE)
_FIXED = re.compile(
    r"mono(?!type)|courier|consol|menlo|monaco|typewriter|cmtt|cmsltt|cmvtt|sftt|inconsolata|lettergothic"
    r"|bookmastergothic|sourcecode|firacode|cascadia|andale|terminal",
    re.IGNORECASE,
)
_MAX_FONT_NAME = 128

# Widths of letters that are as wide differ less; shorter words are not measured.
_EVEN = 1.25
_MIN_MEASURED_CHARS = 3


class _Font(NamedTuple):
    is_bold: bool = False
    is_fixed: bool = False


def lines_of_page(page: "PdfPage", number: int) -> Iterator[Line]:
    """Yield the non-blank lines of a page, in the order of its text."""
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    chars = _Chars(text_page)
    for match in _LINE.finditer(text):
        words = list(_WORD.finditer(text, match.start(), match.end()))
        if words and (line := _line(words, text, number, chars)):
            yield line
    text_page.close()


def _line(words: list[re.Match[str]], text: str, number: int, chars: "_Chars") -> Line | None:
    start, end = words[0].start(), words[-1].end()
    shown = with_accents(_shown(text[start:end]))
    if not shown:
        return None
    first, middle, last = start, (start + end) // 2, end - 1
    middle += text[middle].isspace()
    left, bottom, _, _ = chars.box(first)
    last_left, _, right, _ = chars.box(last)
    height = median(top - lower for _, lower, _, top in map(chars.box, (first, middle, last)))
    offsets = (first, middle, last)
    is_fixed = all(chars.font(one).is_fixed for one in offsets) and _is_even(words, chars)
    chunks = list(_chunks(words, chars, 0.0 if is_fixed else _MIN_GAP * height))
    if any(after.left < before.left for before, after in pairwise(chunks)):
        chunks = []
    return Line(
        shown,
        number,
        left,
        right,
        bottom,
        height,
        tuple(chunks),
        is_bold=all(chars.font(one).is_bold for one in offsets),
        is_fixed=is_fixed,
        is_turned=len(shown) >= _MIN_TURNED_CHARS and abs(last_left - left) < _TURNED * height,
    )


def _is_even(words: list[re.Match[str]], chars: "_Chars") -> bool:
    """Return whether the letters of all words are as wide, whatever their font is called."""
    widths = [
        (chars.box(word.end() - 1)[2] - chars.box(word.start())[0]) / len(word[0])
        for word in words
        if len(word[0]) >= _MIN_MEASURED_CHARS
    ]
    return max(widths, default=0.0) <= _EVEN * min(widths, default=0.0)


def _shown(text: str) -> str:
    return _CONTROL.sub("", text.translate(_HYPHEN_SIGNS)).strip()


def _chunks(words: list[re.Match[str]], chars: "_Chars", min_gap: float) -> Iterator[Chunk]:
    """Yield the words of a line, those close to each other together."""
    texts: list[str] = []
    left = right = 0.0
    for word in words:
        begin, end = chars.box(word.start())[0], chars.box(word.end() - 1)[2]
        if texts and not left <= begin < right + min_gap:
            yield from _chunk(texts, left, right)
            texts = []
        if not texts:
            left = begin
        right = end
        texts.append(word[0])
    yield from _chunk(texts, left, right)


def _chunk(texts: list[str], left: float, right: float) -> Iterator[Chunk]:
    if text := _shown(" ".join(texts)):
        yield Chunk(text, left, right)


class _Chars:
    """Finds boxes and fonts of the characters of a page, by raw calls because they are many."""

    def __init__(self, text_page: "PdfTextPage") -> None:
        import pypdfium2

        self._raw = pypdfium2.raw
        self._page = text_page.raw
        self._rectangle = pypdfium2.raw.FS_RECTF()
        self._name = ctypes.create_string_buffer(_MAX_FONT_NAME)
        self._flags = ctypes.c_int()
        self._fonts: dict[bytes, _Font] = {}
        self._boxes: dict[int, tuple[float, float, float, float]] = {}

    def box(self, offset: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of a character in points; zeros if it has no box."""
        found = self._boxes.get(offset)
        if found is None:
            found = self._boxes[offset] = self._find_box(offset)
        return found

    def _find_box(self, offset: int) -> tuple[float, float, float, float]:
        box = self._rectangle
        index = self._raw.FPDFText_GetCharIndexFromTextIndex(self._page, offset)
        if not self._raw.FPDFText_GetLooseCharBox(self._page, index, box):
            return 0.0, 0.0, 0.0, 0.0
        return box.left, box.bottom, box.right, box.top

    def font(self, offset: int) -> _Font:
        """Return what the name of a character's font says of it."""
        index = self._raw.FPDFText_GetCharIndexFromTextIndex(self._page, offset)
        name, flags = self._name, self._flags
        if not self._raw.FPDFText_GetFontInfo(self._page, index, name, _MAX_FONT_NAME, flags):
            return _Font()
        value = name.value
        if value not in self._fonts:
            self._fonts[value] = _font(value)
        return self._fonts[value]


def _font(given: bytes) -> _Font:
    name = given.decode("utf-8", "replace")
    return _Font(bool(_BOLD.search(name)), bool(_FIXED.search(name)))
