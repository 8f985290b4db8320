"""Tables of a page: rows with their columns, or only a layout."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile, zip_longest

from index.documents.model import Mark
from index.documents.readers.html.content.block import Block, Flow, JoinedText

_BETWEEN_CELLS = " | "
_BETWEEN_HEADERS = " / "

# More rows of headers are no header: the page marks all cells so.
_MAX_HEADER_ROWS = 3

# Longer cells of a single row without a header, and sentences, are columns of a layout.
_MAX_LONE_CELL_CHARS = 40

_MAX_COLUMNS = 64
_MAX_ROWS_SPANNED = 1000

# The texts of spanning cells are repeated up to so many characters for each one of the table.
_MAX_REPEATED = 4
_FREE_ROOM = 2000

_WHITE_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Cell:
    """A cell and the blocks in it."""

    flow: Flow
    is_header: bool
    n_columns: int
    n_rows: int


@dataclass(slots=True)
class Row:
    """A row of a table."""

    is_in_head: bool
    cells: list[Cell] = field(default_factory=list)


class Table:
    """A table that is open.

    Attributes:
        parent: Where its blocks are added when it ends.
        is_layout: Whether it only places blocks on the page; they are added one after another.
        has_header: Whether a cell of it is a header.
        rows: In order.
        caption: What stands above it.
        is_in_head: Whether the next row belongs to the head.
    """

    def __init__(self, parent: Flow, *, is_layout: bool) -> None:
        self.parent = parent
        self.is_layout = is_layout
        self.has_header = False
        self.rows: list[Row] = []
        self.caption = Flow()
        self.is_in_head = False

    def add_row(self) -> None:
        """Begin a row."""
        if not self.is_layout:
            self.rows.append(Row(self.is_in_head))

    def add_cell(self, attributes: Mapping[str, str], *, is_header: bool) -> Flow:
        """Begin a cell; return where its blocks are added."""
        if self.is_layout:
            return self.parent
        if not self.rows:
            self.add_row()
        self.has_header |= is_header or self.rows[-1].is_in_head
        n_columns = _span(attributes.get("colspan"), _MAX_COLUMNS)
        n_rows = _span(attributes.get("rowspan"), _MAX_ROWS_SPANNED)
        cell = Cell(Flow(), is_header, n_columns, n_rows)
        self.rows[-1].cells.append(cell)
        return cell.flow

    def dissolve(self) -> None:
        """Make it a layout: its blocks so far are added to the parent's, later ones as well."""
        if self.is_layout:
            return
        self.is_layout = True
        for flow in self._flows():
            self.parent.blocks += flow.blocks
            flow.blocks = self.parent.blocks
        self.rows = []

    def finish(self) -> None:
        """Add what the table becomes to the parent."""
        if self.is_layout:
            return
        if self._only_places():
            self.dissolve()
            return
        blocks = [one for flow in self._flows() for one in flow.blocks if not one.is_dropped]
        if blocks:
            self.parent.blocks.append(self._block(blocks[0]))

    def _flows(self) -> Iterator[Flow]:
        yield self.caption
        for row in self.rows:
            for cell in row.cells:
                yield cell.flow

    def _only_places(self) -> bool:
        if self.has_header:
            return sum(len(row.cells) for row in self.rows) < 2
        rows = [row for row in self.rows if any(_kept(cell) for cell in row.cells)]
        cells = [_kept(cell) for row in rows for cell in row.cells]
        if any(len(blocks) > 1 or (blocks and blocks[0].kind != "text") for blocks in cells):
            return True
        if len(rows) > 1:
            return False
        return len(cells) < 2 or any(
            len(block.text) > _MAX_LONE_CELL_CHARS or block.text.endswith((".", "!", "?"))
            for blocks in cells
            for block in blocks
        )

    def _block(self, first: Block) -> Block:
        """Return the block with a line for each row."""
        joined = JoinedText()
        for block in self.caption.blocks:
            if not block.is_dropped:
                joined.add("\n" if joined.length else "")
                joined.add(block.text, block.marks)
        rows = [row for row in _grid(self.rows) if any(cell.length for cell in row.cells)]
        n_columns = max((len(row.cells) for row in rows), default=0)
        is_titled = n_columns > 1 and bool(rows) and len(rows[0].cells) == 1 < rows[0].n_columns
        rows[is_titled:] = _with_one_header(rows[is_titled:])
        start = 0
        for number, row in enumerate(rows):
            joined.add("\n" if joined.length else "")
            if number == is_titled:
                start = joined.length
            row.write(joined)
        text = joined.text()
        if n_columns < 2:
            return _changed(first, text, joined.marks, "list")
        has_header = len(rows) > is_titled + 1 and rows[is_titled].is_header
        mark = Mark("table", start, len(text), "header" if has_header else "")
        return _changed(first, text, [*joined.marks, mark], "table")


def _changed(first: Block, text: str, marks: list[Mark], kind: str) -> Block:
    return Block(
        text,
        "table" if kind == "table" else "list",
        marks,
        continues=first.continues,
        is_in_main=first.is_in_main,
        item=first.item,
        depth=first.depth,
    )


def _kept(cell: Cell) -> list[Block]:
    return [block for block in cell.flow.blocks if not block.is_dropped]


@dataclass(slots=True)
class _GridRow:
    """A row with a text for each of its columns."""

    cells: list[JoinedText]
    is_header: bool
    n_columns: int

    def write(self, joined: JoinedText) -> None:
        n_filled = max(
            (number for number, cell in enumerate(self.cells, start=1) if cell.length), default=0
        )
        for number, cell in enumerate(self.cells[:n_filled]):
            if number:
                joined.add(_BETWEEN_CELLS)
            joined.add(cell.text(), cell.marks)


def _grid(rows: Sequence[Row]) -> list[_GridRow]:
    """Return the rows with the texts of spanning cells in each cell that they cover."""
    grid: list[_GridRow] = []
    spans: dict[int, tuple[JoinedText, int]] = {}
    room = _FREE_ROOM
    for row in rows:
        cells: list[JoinedText] = []
        n_columns = 0
        for cell in row.cells:
            text = _cell_text(cell)
            room += _MAX_REPEATED * text.length + _MAX_REPEATED
            n_columns += cell.n_columns
            is_alone = len(row.cells) == 1 and not spans
            room = _fill_spanned(cells, spans, room)
            for position in range(1 if is_alone else min(cell.n_columns, _MAX_COLUMNS)):
                covers = text
                if position:
                    room -= text.length + 1
                    covers = text if room > 0 else JoinedText()
                if cell.n_rows > 1:
                    spans[len(cells)] = (text, cell.n_rows)
                cells.append(covers)
        _fill_spanned(cells, spans, room)
        room -= sum(text.length + 1 for text, _ in spans.values())
        is_header = bool(row.cells) and (
            row.is_in_head or all(cell.is_header or not _kept(cell) for cell in row.cells)
        )
        has_header = any(cell.is_header for cell in row.cells) or row.is_in_head
        grid.append(_GridRow(cells, is_header and has_header, n_columns))
        spans = {
            column: (text, n_rows - 1)
            for column, (text, n_rows) in spans.items()
            if n_rows > 1 and room > 0
        }
    return grid


def _with_one_header(rows: list[_GridRow]) -> list[_GridRow]:
    """Return the rows with the header rows at the beginning joined to one: "Price / net".

    A header of one cell is the title of the rows below it, and stays.
    """
    header = list(takewhile(lambda row: row.is_header and len(row.cells) > 1, rows))
    if not 1 < len(header) <= _MAX_HEADER_ROWS or len(header) == len(rows):
        return rows
    columns = zip_longest(*(row.cells for row in header))
    cells = [_joined_header([cell for cell in column if cell]) for column in columns]
    return [_GridRow(cells, is_header=True, n_columns=len(cells)), *rows[len(header) :]]


def _joined_header(cells: Sequence[JoinedText]) -> JoinedText:
    """Return the different texts of the header cells of a column, from above."""
    joined = JoinedText()
    for text, cell in {cell.text(): cell for cell in cells if cell.length}.items():
        joined.add(_BETWEEN_HEADERS if joined.length else "")
        joined.add(text, cell.marks)
    return joined


def _fill_spanned(
    cells: list[JoinedText], spans: Mapping[int, tuple[JoinedText, int]], room: int
) -> int:
    """Add the texts of cells of rows above that cover the next columns."""
    while len(cells) in spans:
        text, _ = spans[len(cells)]
        cells.append(text if room > 0 else JoinedText())
        room -= text.length + 1
    return room


def _cell_text(cell: Cell) -> JoinedText:
    joined = JoinedText()
    for block in _kept(cell):
        text = block.text
        if joined.length:
            joined.add(" ")
        if block.item:
            joined.add(block.item)
        if "\n" in text or block.kind == "code":
            joined.add(_WHITE_SPACE.sub(" ", text).strip())
        else:
            joined.add(text, [mark for mark in block.marks if mark.kind != "code"])
    return joined


def _span(written: str | None, most: int) -> int:
    if written and written.strip().isdecimal():
        return max(1, min(int(written.strip()[:6]), most))
    return 1
