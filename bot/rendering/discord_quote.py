"""A quote on Discord: a block quote with its text, code and tables.

Every line begins with "> ", also those of a fence. Discord's clients take the block quote out of
the message before they read what is inside it, so nothing in a fence can reach the rest of the
message.
"""

from dataclasses import replace

from bot.answering import Quote
from bot.rendering.discord_code import code_span, fence, fits_span
from bot.rendering.discord_markdown import escape, message_length, shorten
from bot.rendering.discord_spans import text_markdown
from bot.rendering.excerpts import ELLIPSIS, answering_span, choose_excerpt
from bot.rendering.pieces import Piece, split_pieces
from bot.rendering.tables import (
    ARROW,
    Row,
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

# A phone shows some 42 characters of a fence (https://github.com/alp82/curia/issues/414), a card
# some 40 on the desktop (https://github.com/discordjs/discord.js/issues/3030). On a phone the
# card's frame and the bar of the quote take 40 of 390 points, which are six characters.
_TABLE_WIDTH = 36

# With more cells than this below one another, a table of short rows has a line for each row.
_MAX_LINES_OF_CELLS = 16
_SHORT_ROW_CHARS = 90
_BETWEEN_SHORT_CELLS = " \u00b7 "

# The lines above a quote say what it is about; a long one is cut.
_CONTEXT_ROOM = 150
_BETWEEN_LINES = " \u00b7 "

# A longer line of code is not repeated above its block.
_MAX_REPEATED_CHARS = 100

# A form that leaves less than this for the text is not used.
_LEAST_TEXT_ROOM = 100


def quote_markdown(quote: Quote, room: int) -> str:
    """Return a block quote of a quote's excerpt that is at most `room` long.

    The context stands above in small print. The answering sentence is bold, an answering line of
    code stands above its block, and an answering row has an arrow. Where the answering row, line or
    sentence does not fit, the context is left out first, then the form; at last it is cut.

    Args:
        quote: The quote.
        room: The limit, as `message_length` counts; at least 50.
    """
    return (
        _fitting(quote, room, above=True)
        or _fitting(quote, room, above=False)
        or _fitting(quote, room, above=False, may_cut=True)
        or _fitted(replace(quote, marks=()), room, above=False)[0]
    )


def _fitting(quote: Quote, room: int, *, above: bool, may_cut: bool = False) -> str | None:
    """Return the block quote if the whole of the answering sentence fits, or some of its text."""
    block, overhead, is_whole = _fitted(quote, room, above=above)
    is_shown = is_whole or (may_cut and overhead + _LEAST_TEXT_ROOM <= room)
    return block if is_shown and message_length(block) <= room else None


def _fitted(quote: Quote, room: int, *, above: bool) -> tuple[str, int, bool]:
    """Return a block quote, what it takes beside the text, and if its answer is whole."""

    def block(start: int, end: int) -> str:
        return _block(quote, start, end, above=above)

    def cost(start: int, end: int) -> int:
        return message_length(block(start, end))

    start, end = choose_excerpt(quote, room, cost)
    first, last = answering_span(quote)
    return block(start, end), cost(first, first + 1), end >= last


def _block(quote: Quote, start: int, end: int, *, above: bool) -> str:
    pieces = split_pieces(quote, start, end)
    shown = [_piece(quote, piece) for piece in pieces]
    if quote.text[: pieces[0].start].strip():
        shown[0] = f"{ELLIPSIS}{_gap(pieces[0])}{shown[0]}"
    if quote.text[pieces[-1].end :].strip():
        shown[-1] += f"{_gap(pieces[-1])}{ELLIPSIS}"
    context = _BETWEEN_LINES.join(lines_above(quote, start, end)) if above else ""
    if context:
        shown.insert(0, f"-# {escape(shorten(context, _CONTEXT_ROOM))}")
    return "\n".join(f"> {line}" for line in "\n".join(filter(None, shown)).split("\n"))


def _gap(piece: Piece) -> str:
    return " " if piece.block is None else "\n"


def _piece(quote: Quote, piece: Piece) -> str:
    if piece.block is None:
        return text_markdown(quote, piece.start, piece.end, emphasised=True)
    if piece.block.kind == "code":
        return _code(quote, piece, piece.block.value)
    return _table(quote, piece, piece.block)


def _code(quote: Quote, piece: Piece, language: str) -> str:
    """Return a fence, below the line that answers; nothing can be bold inside of it."""
    code = quote.text[piece.start : piece.end]
    block = fence(code, language)
    start, end = quote.highlight or (0, 0)
    line = quote.text[start:end] if piece.start <= start < end <= piece.end else ""
    if "\n" in line or line.strip() in ("", code.strip()) or len(line) > _MAX_REPEATED_CHARS:
        return block
    return f"{ARROW} {code_span(line) if fits_span(line) else escape(line)}\n{block}"


def _table(quote: Quote, piece: Piece, mark: Mark) -> str:
    """Return the rows of a table in aligned columns, or each cell on a line below one another."""
    whole = table_of(quote, mark)
    shown = whole.shown(piece.start, piece.end)
    if not shown.rows:
        return text_markdown(quote, piece.start, piece.end)
    answering = answering_row(quote, shown)
    if not fits_columns(quote, whole, _TABLE_WIDTH) or has_link(quote, shown, answering):
        return _row_by_row(quote, shown, answering, has_short_rows=_has_short_rows(quote, whole))
    rows = [cells_of(quote, row) for row in shown.rows]
    return fence("\n".join(align(shown.header, rows, answering=answering)))


def _row_by_row(quote: Quote, table: Table, answering: int | None, *, has_short_rows: bool) -> str:
    between = _BETWEEN_SHORT_CELLS if has_short_rows else "\n"
    rows = [between.join(_row(quote, table.header, row)) for row in table.rows]
    if answering is not None:
        rows[answering] = f"{ARROW} {rows[answering]}"
    return ("\n\n" if any("\n" in row for row in rows) else "\n").join(rows)


def _has_short_rows(quote: Quote, table: Table) -> bool:
    """Return whether a table is long, but each row fits into two lines of a phone."""
    names = sum(len(name) for name in table.header)
    n_cells = sum(len(row.cells) for row in table.rows)
    return n_cells > _MAX_LINES_OF_CELLS and all(
        names + sum(map(len, cells_of(quote, row))) <= _SHORT_ROW_CHARS for row in table.rows
    )


def _row(quote: Quote, header: tuple[str, ...], row: Row) -> list[str]:
    """Return the cells that are not empty, each with the name of its column."""
    if not any(header):
        return [text_markdown(quote, row.start, row.end)]
    cells = []
    for name, (start, end) in named_cells(header, row):
        value = text_markdown(quote, start, end)
        cells.append(f"**{escape(name)}**: {value}" if name else value)
    return cells
