"""A quote on a terminal: lines of text, code and tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from bot.answering import Quote
from bot.rendering.excerpts import ELLIPSIS
from bot.rendering.pieces import Piece, split_pieces
from bot.rendering.plain_text import is_web_address, printable
from bot.rendering.tables import (
    ARROW,
    Table,
    align,
    answering_row,
    cells_of,
    fits_columns,
    has_link,
    lines_above,
    named_cells,
    table_of,
)
from index import Mark


@dataclass(frozen=True, slots=True)
class Line:
    """A line, with nothing in it that controls a terminal; code and columns are not wrapped."""

    text: Text
    wrapped: bool = True


def quote_lines(quote: Quote, start: int, end: int, width: int) -> Iterator[Line]:
    """Yield the lines of an excerpt, below the lines that stand above it in the text.

    The answering sentence, row or line is bold, unless it is all that is shown.

    Args:
        quote: The quote.
        start: Where the excerpt begins in its text.
        end: Where it ends.
        width: The most cells that a line with the columns of a table may have.
    """
    for above in lines_above(quote, start, end):
        yield Line(Text(printable(above), style="dim"))
    pieces = split_pieces(quote, start, end)
    for number, piece in enumerate(pieces):
        if number:
            yield Line(Text())
        before = number == 0 and bool(quote.text[: piece.start].strip())
        after = piece is pieces[-1] and bool(quote.text[piece.end :].strip())
        if piece.block is None:
            shown = _text(quote, piece.start, piece.end, is_all=len(pieces) == 1)
            yield Line(Text.assemble(f"{ELLIPSIS} " * before, shown, f" {ELLIPSIS}" * after))
            continue
        if before:
            yield Line(Text(ELLIPSIS))
        yield from _block(quote, piece, piece.block, width)
        if after:
            yield Line(Text(ELLIPSIS))


def _text(quote: Quote, start: int, end: int, *, is_all: bool = False) -> Text:
    """Return a part of the text with the addresses of its links."""
    text = Text(printable(quote.text[start:end]))
    if quote.highlight and not (is_all and (start, end) == quote.highlight):
        text.stylize("bold", max(quote.highlight[0] - start, 0), max(quote.highlight[1] - start, 0))
    for mark in reversed(quote.marks):
        if mark.kind == "link" and start < mark.end <= end and is_web_address(mark.value):
            if quote.text[mark.start : mark.end] == mark.value:
                continue
            address = Text(f" <{printable(mark.value)}>", style="dim")
            text = text[: mark.end - start] + address + text[mark.end - start :]
    return text


def _block(quote: Quote, piece: Piece, mark: Mark, width: int) -> Iterator[Line]:
    if mark.kind == "code":
        for line in _text(quote, piece.start, piece.end).split("\n", allow_blank=True):
            yield Line(line, wrapped=False)
        return
    whole = table_of(quote, mark)
    shown = whole.shown(piece.start, piece.end)
    answering = answering_row(quote, shown)
    if not shown.rows:
        yield Line(_text(quote, piece.start, piece.end))
    elif fits_columns(quote, whole, width) and not has_link(quote, shown, answering):
        yield from _columns(shown.header, [cells_of(quote, row) for row in shown.rows], answering)
    else:
        yield from _row_by_row(quote, shown, answering)


def _columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], answering: int | None
) -> Iterator[Line]:
    n_above = 2 if header else 0  # the names and the rule
    for number, line in enumerate(align(header, rows, answering=answering), start=-n_above):
        style = "bold" if number == answering else ""
        yield Line(Text(printable(line), style=style), wrapped=False)


def _row_by_row(quote: Quote, table: Table, answering: int | None) -> Iterator[Line]:
    for number, row in enumerate(table.rows):
        sign = f"{ARROW} " * (number == answering)
        if not any(table.header):
            yield Line(Text.assemble(sign, _text(quote, row.start, row.end)))
            continue
        if number:
            yield Line(Text())
        for name, (start, end) in named_cells(table.header, row):
            label = f"{printable(name)}: " if name else ""
            yield Line(Text.assemble(sign, (label, "italic"), _text(quote, start, end)))
            sign = ""
