"""Find the lines of code of a PDF, which are in letters that are all as wide."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median, median_low

from index.documents.readers.pdf.headings import text_size_of
from index.documents.readers.pdf.layout import Chunk, Line

# A text in which more letters are as wide is typewritten, not code.
_MAX_SHARE = 0.5

# Higher letters are those of a heading.
_MAX_RATIO = 1.15

# Rows that are at one height, have an indent, or are parted by a gap, relative to the height of a
# line or to the usual distance of lines.
_SAME_HEIGHT = 0.3
_INDENT = 0.8
_WIDE_GAP = 1.25
_BLANK_LINE = 1.6

# No line of code is longer; a hostile file may name any position.
_MAX_COLUMNS = 200

# One or two such lines may be the name of a file or an address that goes on with a sentence.
_MAX_RUN_IN_LINES = 2
_ENDS_TEXT = (".", ":", ";", "!", "?", "\uff1a", "\u3002")


def with_listings(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return pages in which each run of lines of code is one line with line breaks."""
    n_fixed = sum(len(line.text) for page in pages for line in page if line.is_fixed)
    n_all = sum(len(line.text) for page in pages for line in page)
    if n_fixed > n_all * _MAX_SHARE:
        return [list(page) for page in pages]
    most = _MAX_RATIO * text_size_of(line for page in pages for line in page)
    return [list(_with_listings(page, most)) for page in pages]


def _with_listings(page: Sequence[Line], max_height: float) -> Iterator[Line]:
    gaps = [above.bottom - line.bottom for above, line in pairwise(page)]
    usual_gap = median([gap for gap in gaps if gap > 0] or [0.0])
    above: Line | None = None
    for is_code, lines in groupby(page, key=lambda line: _is_code(line, max_height)):
        run = list(lines)
        has_word = any(char.isalnum() for line in run for char in line.text)
        if is_code and has_word and not _runs_in(above, run, usual_gap):
            yield _listing(run)
        else:
            yield from run
        above = run[-1]


def _is_code(line: Line, max_height: float) -> bool:
    return line.is_fixed and bool(line.chunks) and line.height <= max_height


def _runs_in(above: Line | None, run: Sequence[Line], usual_gap: float) -> bool:
    """Return whether lines go on with the text above them."""
    first = run[0]
    if above is None or len(run) > _MAX_RUN_IN_LINES:
        return False
    is_indented = abs(first.left - above.left) >= first.height * _INDENT
    is_parted = above.bottom - first.bottom >= usual_gap * _WIDE_GAP
    if len(run) == 1 and not is_indented and not is_parted:
        return True
    return not (is_parted or above.text.endswith(_ENDS_TEXT))


def _listing(run: Sequence[Line]) -> Line:
    rows = list(_rows(run))
    width = median((one.right - one.left) / len(one.text) for row in rows for one in row[1]) or 1.0
    left = min(chunks[0].left for _, chunks in rows)
    gaps = [above[0] - row[0] for above, row in pairwise(rows)]
    usual_gap = median_low(gaps) if gaps else 0.0
    texts: list[str] = []
    for number, (_, chunks) in enumerate(rows):
        if number and usual_gap > 0 and gaps[number - 1] > usual_gap * _BLANK_LINE:
            texts.append("")
        texts.append(_spaced(chunks, left, width))
    return replace(run[0], text="\n".join(texts), form="code", chunks=())


def _rows(run: Sequence[Line]) -> Iterator[tuple[float, list[Chunk]]]:
    """Yield the height of each row and its words."""
    row: list[Chunk] = []
    bottom = run[0].bottom
    for line in run:
        if row and abs(line.bottom - bottom) > _SAME_HEIGHT * line.height:
            yield bottom, row
            row = []
        bottom = line.bottom
        row += line.chunks
    yield bottom, row


def _spaced(chunks: Sequence[Chunk], left: float, width: float) -> str:
    """Return the words of a row with as many spaces between them as there is room for."""
    text = ""
    for chunk in sorted(chunks, key=lambda one: one.left):
        column = min(round((chunk.left - left) / width), _MAX_COLUMNS)
        text += " " * max(column - len(text), 1 if text else 0) + chunk.text
    return text
