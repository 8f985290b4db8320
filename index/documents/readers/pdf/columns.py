"""Tell columns and tables from lines by the gaps that run through them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean, median

from index.documents.readers.pdf.layout import Chunk, Line

# A gap between columns of a table is at least so wide, relative to the height of the line. As
# justified text has such gaps too, two columns, and columns of prose, need wider ones.
_MIN_GAP = 0.6
_MIN_WIDE_GAP = 0.9

# Lines are at one height, and have letters of one size, with at most this relative difference.
_SAME_HEIGHT = 0.2

# An exponent or index is so short, and so near to the letter that it belongs to.
_MAX_INDEX_CHARS = 3
_NEAR_LETTER = 0.5
_CLOSE = 0.15

# Lines of one block are at most so far apart, relative to their height and to the nearest lines.
_MAX_DISTANCE = 3.0
_MAX_WIDER = 1.8

# So many lines with text on both sides of a gap make a block, and fewer with three columns.
_MIN_LINES = 3
_MIN_LINES_OF_THREE = 2
_MAX_LINES = 500

# A column of prose has so many words a line on average, and most lines are about as wide as it.
_MIN_WORDS = 3
_MIN_FILLED = 0.7
_MAX_PROSE_COLUMNS = 3

# Few rows with narrower gaps are lines of justified text.
_MAX_FEW_ROWS = 3
_MIN_GAP_OF_FEW = 1.5

# The rows of a table in which at least two cells are filled.
_MIN_ROWS_FILLED = 0.6

# A row that is nearer to the one above than the usual rows are to each other goes on with it.
_NEAR = 0.85

# Bullets and numbers before the items of a list.
_MARK = re.compile(r"[^\w\s]|o|\(?\w{1,4}[.)]")

_BETWEEN_CELLS = " | "


def arrange(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page with columns one after another, and each table as one line.

    Only lines that follow each other in the file are compared, so text whose columns the file has
    one after another stays as it is.
    """
    lines = whole_lines(lines)
    arranged: list[Line] = []
    position = 0
    while position < len(lines):
        block = _block(lines, position)
        found = block.arranged() if block else None
        if block is None or found is None:
            arranged.append(lines[position])
            position += 1
        else:
            arranged += found
            position += len(block.lines)
    return arranged


def whole_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with those joined that follow each other at one height, as cells do.

    So are exponents and indices, which stand beside a letter.
    """
    whole: list[Line] = []
    for line in lines:
        before = whole[-1] if whole else None
        if before and before.chunks and line.chunks and _is_beside(before, line):
            is_close = line.left - before.right < _CLOSE * before.height
            text = f"{before.text}{'' if is_close else ' '}{line.text}"
            chunks = before.chunks + line.chunks
            whole[-1] = replace(before, text=text, right=line.right, chunks=chunks)
        else:
            whole.append(line)
    return whole


def _is_beside(before: Line, line: Line) -> bool:
    is_level = abs(before.bottom - line.bottom) <= _SAME_HEIGHT * before.height
    is_alike = abs(before.height - line.height) <= _SAME_HEIGHT * before.height
    if is_level and is_alike:
        return line.left >= before.right
    middle = line.bottom + line.height / 2
    is_raised = before.bottom < middle < before.bottom + before.height
    is_near = -_CLOSE * before.height <= line.left - before.right < _NEAR_LETTER * before.height
    return is_raised and is_near and len(line.text) <= _MAX_INDEX_CHARS


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that the same gaps run through.

    Attributes:
        lines: From top to bottom.
        edges: The left and right edge of each column.
    """

    lines: Sequence[Line]
    edges: Sequence[tuple[float, float]]

    def arranged(self) -> list[Line] | None:
        """Return the lines as columns or as a table; None if they are neither."""
        gaps = [after[0] - before[1] for before, after in pairwise(self.edges)]
        is_wide = min(gaps) >= _MIN_WIDE_GAP * self.lines[0].height
        if not is_wide and len(self.edges) == 2:
            return None
        rows = [self._cells(line) for line in self.lines]
        n_filled = sum(sum(map(bool, row)) > 1 for row in rows)
        if n_filled < (_MIN_LINES if len(self.edges) == 2 else _MIN_LINES_OF_THREE):
            return None
        if self._is_prose(rows):
            return list(self._columns(rows)) if is_wide else None
        n_begun = sum(bool(row[0]) for row in rows)  # a longer last cell goes on in further lines
        if n_filled < max(n_begun, _MIN_LINES_OF_THREE) * _MIN_ROWS_FILLED or self._is_list(rows):
            return None
        if len(rows) <= _MAX_FEW_ROWS and min(gaps) < _MIN_GAP_OF_FEW * self.lines[0].height:
            return None
        return [self._table(rows)]

    def _cells(self, line: Line) -> list[list[Chunk]]:
        cells: list[list[Chunk]] = [[] for _ in self.edges]
        for chunk in line.chunks:
            column = sum(chunk.left >= left for left, _ in self.edges) - 1
            cells[max(column, 0)].append(chunk)
        return cells

    def _is_prose(self, rows: Sequence[Sequence[Sequence[Chunk]]]) -> bool:
        if len(self.edges) > _MAX_PROSE_COLUMNS:
            return False
        for number, (left, right) in enumerate(self.edges):
            cells = [row[number] for row in rows if row[number]]
            widths = [(cell[-1].right - cell[0].left) / (right - left) for cell in cells]
            if (
                mean(len(_text(cell).split()) for cell in cells) < _MIN_WORDS
                or median(widths) < _MIN_FILLED
            ):
                return False
        return True

    def _is_list(self, rows: Sequence[Sequence[Sequence[Chunk]]]) -> bool:
        marks = [row[0] for row in rows if row[0]]
        return len(self.edges) == 2 and all(
            len(chunks) == 1 and _MARK.fullmatch(chunks[0].text) for chunks in marks
        )

    def _columns(self, rows: Sequence[Sequence[Sequence[Chunk]]]) -> Iterator[Line]:
        for number, (_, right) in enumerate(self.edges):
            for line, row in zip(self.lines, rows, strict=True):
                if chunks := row[number]:
                    yield replace(
                        line,
                        text=_text(chunks),
                        left=chunks[0].left,
                        right=chunks[-1].right,
                        chunks=tuple(chunks),
                        full_right=right,
                    )

    def _table(self, rows: Sequence[Sequence[Sequence[Chunk]]]) -> Line:
        texts: list[list[str]] = []
        gaps = [above.bottom - line.bottom for above, line in pairwise(self.lines)]
        usual = median(gaps) if gaps else 0.0
        for number, row in enumerate(rows):
            cells = [_text(chunks) for chunks in row]
            is_near = number > 0 and gaps[number - 1] < usual * _NEAR
            if texts and (not cells[0] or is_near) and sum(map(bool, cells)) < len(cells):
                joined = zip(texts[-1], cells, strict=True)
                texts[-1] = [f"{above} {cell}".strip() for above, cell in joined]
            else:
                texts.append(cells)
        text = "\n".join(_BETWEEN_CELLS.join(row).rstrip(" |") for row in texts)
        first, *others = texts
        has_names = all(any(map(str.isalpha, cell)) for cell in first)
        has_values = any(cell and not any(map(str.isalpha, cell)) for row in others for cell in row)
        is_named = has_names and has_values
        return replace(self.lines[0], text=text, form="header" if is_named else "rows", chunks=())


def _block(lines: Sequence[Line], position: int) -> _Block | None:
    """Return the longest block that begins with a line, or None if no gap runs through it."""
    first = lines[position]
    covered = _covered(first)
    if len(covered) < 2:
        return None
    end = position + 1
    nearest = _MAX_DISTANCE * first.height
    while end < len(lines) and end - position < _MAX_LINES:
        above, line = lines[end - 1], lines[end]
        distance = above.bottom - line.bottom
        if not (
            line.chunks and 0 < distance <= min(_MAX_DISTANCE * line.height, nearest * _MAX_WIDER)
        ):
            break
        nearest = min(nearest, distance)
        wider = _merged([*covered, *_covered(line)], _MIN_GAP * first.height)
        if len(wider) < 2:
            break
        covered = wider
        end += 1
    return _Block(lines[position:end], covered)


def _covered(line: Line) -> list[tuple[float, float]]:
    """Return the spans that the chunks of a line cover; also narrow gaps between them."""
    return _merged([(one.left, one.right) for one in line.chunks], _MIN_GAP * line.height)


def _merged(spans: list[tuple[float, float]], min_gap: float) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left - merged[-1][1] < min_gap:
            merged[-1] = merged[-1][0], max(merged[-1][1], right)
        else:
            merged.append((left, right))
    return merged


def _text(chunks: Sequence[Chunk]) -> str:
    return " ".join(chunk.text for chunk in chunks)
