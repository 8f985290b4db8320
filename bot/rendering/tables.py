"""Tables of a quote: their cells, header row and columns, for every surface."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat

from rich.cells import cell_len

from bot.answering import Quote
from bot.rendering.pieces import spans_within
from bot.rendering.plain_text import is_web_address
from index import Mark

_BETWEEN_CELLS = " | "
_BORDER = re.compile(re.escape(_BETWEEN_CELLS))

# Names of columns have no bound of their own.
_NAME_ROOM = 60

ARROW = "\u2192"

_RULE = "\u2500"
_BETWEEN_COLUMNS = "  "


@dataclass(frozen=True, slots=True)
class Row:
    """A row: half-open character offsets in the quote's text, and those of its cells."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a quote.

    Attributes:
        header: The names of the columns; empty if they are not known.
        rows: The rows without the header row, in order.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def shown(self, start: int, end: int) -> "Table":
        """Return the table with the rows that overlap a part of the text."""
        rows = tuple(row for row in self.rows if row.start < end and row.end > start)
        return Table(self.header, tuple(_clipped(row, end) for row in rows))


# An excerpt is measured at many lengths, each with the same table.
@lru_cache(maxsize=16)
def table_of(quote: Quote, mark: Mark) -> Table:
    """Return the table of a mark; its header row may be in the quote's context."""
    rows = list(_rows(quote, mark))
    if mark.value == "header" and rows:
        names = [quote.text[start:end] for start, end in rows[0].cells]
        return Table(_names(names), tuple(rows[1:]))
    if _continues_table(quote, mark):
        return Table(_names(_cells(_last_line(quote.context))), tuple(rows))
    return Table((), tuple(rows))


def lines_above(quote: Quote, start: int, end: int) -> list[str]:
    """Return the lines of a quote's context, without the header row if a table shows it.

    Args:
        quote: The quote.
        start: Where the excerpt begins in its text.
        end: Where it ends.
    """
    lines = quote.context.split("\n") if quote.context else []
    is_header_shown = any(
        mark.start < end and mark.end > start and _continues_table(quote, mark)
        for mark in quote.marks
    )
    return [line for line in lines[: len(lines) - is_header_shown] if line.strip()]


def answering_row(quote: Quote, table: Table) -> int | None:
    """Return the position of the row that answers, if it is one of several."""
    if quote.highlight is None or len(table.rows) == 1:
        return None
    start = quote.highlight[0]
    return next((n for n, row in enumerate(table.rows) if row.start <= start < row.end), None)


def has_link(quote: Quote, table: Table, answering: int | None) -> bool:
    """Return whether the answering row, or any row if none answers, has a link."""
    rows = table.rows if answering is None else [table.rows[answering]]
    return any(
        mark.start < row.end and mark.end > row.start
        for mark in quote.marks
        if mark.kind == "link" and is_web_address(mark.value)
        for row in rows
    )


def named_cells(header: Sequence[str], row: Row) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the offsets of the cells that are not empty, with the names of their columns or "".

    A row with more cells than there are names is yielded whole: one of its cells may hold what
    looks like a border.
    """
    if len(row.cells) > len(header) > 0:
        yield "", (row.start, row.end)
        return
    names = chain(header, repeat(""))
    for name, (start, end) in zip(names, row.cells, strict=False):
        if start < end:
            yield name.rstrip(": "), (start, end)


@lru_cache(maxsize=16)
def fits_columns(quote: Quote, table: Table, width: int) -> bool:
    """Return whether a table can be shown in aligned columns, with an arrow beside a row.

    That needs two columns, no row with more cells than there are names, and letters that are read
    from left to right: others would reorder it.

    Args:
        quote: The quote.
        table: The whole table, so that each part of it has the same form.
        width: The most cells of a terminal that a line may have.
    """
    lines = [table.header, *(cells_of(quote, row) for row in table.rows)]
    widths = [one for one in _column_widths(lines) if one]
    gaps = len(_BETWEEN_COLUMNS) * (len(widths) - 1)
    if len(widths) < 2 or len(f"{ARROW} ") + sum(widths) + gaps > width:
        return False
    if table.header and any(len(row.cells) > len(table.header) for row in table.rows):
        return False
    letters = "".join(cell for line in lines for cell in line)
    return not any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in letters)


def cells_of(quote: Quote, row: Row) -> list[str]:
    """Return the texts of a row's cells."""
    return [quote.text[start:end] for start, end in row.cells]


def align(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, answering: int | None = None
) -> list[str]:
    """Return a table as lines with aligned columns; empty columns are left out.

    Args:
        header: The names of the columns; with a rule below. Empty for none.
        rows: The cells of each row.
        answering: The position of the row that gets an arrow, or None.
    """
    widths = _column_widths([header, *rows])
    marked = answering is not None
    lines = []
    if header:
        rule = [_RULE * width for width in widths]
        lines = [_aligned(line, widths, "  " * marked) for line in (header, rule)]
    for number, row in enumerate(rows):
        sign = (f"{ARROW} " if number == answering else "  ") if marked else ""
        lines.append(_aligned(row, widths, sign))
    return lines


def _column_widths(lines: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column in cells of a terminal; 0 for an empty column."""
    n_columns = max(map(len, lines), default=0)
    return [
        max(cell_len(line[column]) if column < len(line) else 0 for line in lines)
        for column in range(n_columns)
    ]


def _aligned(cells: Sequence[str], widths: Sequence[int], before: str) -> str:
    padded = [
        cell + " " * (width - cell_len(cell))
        for cell, width in zip([*cells, *[""] * len(widths)], widths, strict=False)
        if width
    ]
    return (before + _BETWEEN_COLUMNS.join(padded)).rstrip()


def _rows(quote: Quote, mark: Mark) -> Iterator[Row]:
    whole = [(one.start, one.end) for one in spans_within(quote.marks, mark.start, mark.end)]
    start = mark.start
    for line in quote.text[mark.start : mark.end].split("\n"):
        if line.strip():
            yield Row(start, start + len(line), tuple(_cell_spans(line, start, whole)))
        start += len(line) + 1


def _cell_spans(
    line: str, start: int, whole: Sequence[tuple[int, int]] = ()
) -> Iterator[tuple[int, int]]:
    """Yield the offsets of a row's cells; the first or last may be empty and lack its space.

    Args:
        line: The row.
        start: The offset of its first character.
        whole: The offsets of code and links, which a border between cells does not cut.
    """
    stripped = line.strip()
    at = start + line.index(stripped) - 1
    padded = f" {stripped} "
    borders = [
        border.span()
        for border in _BORDER.finditer(padded)
        if not any(first <= at + border.start() < last for first, last in whole)
    ]
    firsts = [0, *(end for _, end in borders)]
    lasts = [*(begin for begin, _ in borders), len(padded)]
    for begin, end in zip(firsts, lasts, strict=True):
        inner = padded[begin:end].strip()
        first = at + begin + (padded[begin:end].index(inner) if inner else 0)
        yield first, first + len(inner)


def _cells(line: str) -> list[str]:
    return [line[start:end] for start, end in _cell_spans(line, 0)]


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    names = [" ".join(cell.split()) for cell in cells]
    return tuple(
        name if len(name) <= _NAME_ROOM else f"{name[: _NAME_ROOM - 1].rstrip()}\u2026"
        for name in names
    )


def _continues_table(quote: Quote, mark: Mark) -> bool:
    """Return whether a mark holds later rows of a table whose header row is in the context."""
    is_later_part = mark.kind == "table" and mark.value != "header" and mark.start == 0
    return is_later_part and _BETWEEN_CELLS in f" {_last_line(quote.context)} "


def _last_line(context: str | None) -> str:
    return (context or "").rsplit("\n", 1)[-1].strip()


def _clipped(row: Row, end: int) -> Row:
    """Return a row without what lies after `end`."""
    if row.end <= end:
        return row
    cells = tuple((first, min(last, end)) for first, last in row.cells if first < end)
    return Row(row.start, end, cells)
