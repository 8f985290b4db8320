"""Rows of a table as paragraphs, each with the names of the columns."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, dropwhile, groupby, islice

from index.documents.model import Mark
from index.documents.readers.composer import Composer

_BETWEEN_CELLS = " | "

# A longer row holds texts: each of its cells is a paragraph that begins with the column's name.
_MAX_ROW_CHARS = 600

# So much of a row with very many cells is one passage.
_MAX_PART_CHARS = 1000

# A longer text is no name of a column.
_MAX_NAME_CHARS = 80

# A text above a table stands in one of the first columns.
_MAX_INDENT = 4

_MAX_LINE_CHARS = 200

# Rows that name groups of columns, and the columns.
_MAX_ROWS_OF_NAMES = 3

# So many rows tell whether the first one names the columns.
_MAX_LOOKED_AT = 50

# Excel allows 32,767. The limit is that of Python's reader of CSV.
MAX_CELL_CHARS = 131_072

_WHITE_SPACE = re.compile(r"\s+")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_NAME = re.compile(r"[^\W\d_]|^(?:19|20)\d\d$|^#$")


class CellTooLongError(ValueError):
    """A cell holds so much that it is no cell."""

    def __init__(self) -> None:
        super().__init__(
            f"a cell has more than {MAX_CELL_CHARS:,} characters; put its text into its own file"
        )


class RowComposer:
    """Adds the rows of a sheet to a document.

    Blank rows part tables. The first row of a table names the columns if its cells are different
    names; rows of one cell above it are texts. A table without names goes on with those of the one
    before if it has as many columns.
    """

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._names: list[str] = []
        self._has_numbers = False

    def add_rows(self, rows: Iterable[Sequence[str]]) -> None:
        """Add rows, in order."""
        for is_filled, table in groupby(map(_cells, rows), bool):
            if is_filled:
                self._add_table(table)

    def _add_table(self, rows: Iterator[list[str]]) -> None:
        head = list(islice(rows, _MAX_LOOKED_AT))
        while len(head) > 1 and _is_text(head[0]):
            self._composer.add_paragraph(head.pop(0)[-1], stands_alone=True)
        n_empty = min(map(_n_empty, head))
        head = [row[n_empty:] for row in head]
        n_above = _n_rows_above_names(head)
        self._add_rows(head[:n_above])
        head = self._without_names(head[n_above:])
        self._add_rows(chain(head, (row[min(n_empty, _n_empty(row)) :] for row in rows)))

    def _without_names(self, rows: list[list[str]]) -> list[list[str]]:
        """Take over the names of the columns, and return the rows below them."""
        first, *others = rows
        is_other = not self._names or self._has_numbers or len(first) != len(self._names)
        if (_are_names(first) or _stand_above_numbers(rows[:2])) and is_other:
            self._names, self._has_numbers = first, any(map(_has_number, others))
            # Two columns of words may also be pairs, of which the first one is no less than others.
            return others if others and (self._has_numbers or len(first) > 2) else rows
        if len(first) != len(self._names):
            self._names = []
        return rows

    def _add_rows(self, rows: Iterable[list[str]]) -> None:
        for row in rows:
            self._has_numbers = self._has_numbers or _has_number(row)
            self._add(row)

    def _add(self, cells: list[str]) -> None:
        text = _BETWEEN_CELLS.join(cells)
        if len(text) > _MAX_ROW_CHARS:
            self._add_texts(cells)
        elif len([cell for cell in cells if cell]) == 1 and len(self._names) < 2:
            self._composer.add_paragraph(cells[-1], stands_alone=True)
        else:
            header = _BETWEEN_CELLS.join(self._names) if self._names != cells else None
            marks = [Mark("table", 0, len(text))]
            self._composer.add_paragraph(
                text, kind="table", marks=marks, header=header or None, stands_alone=True
            )

    def _add_texts(self, cells: list[str]) -> None:
        """Add a long row: short cells as lines, and each long one as a paragraph.

        Of a row with very many cells the first one is named above each further part.
        """
        names = [*self._names, *[""] * len(cells)]
        texts = [
            f"{name}: {cell}" if name else cell
            for name, cell in zip(names, cells, strict=False)
            if cell
        ]
        is_begun = False
        for is_short, some in groupby(texts, lambda text: len(text) <= _MAX_LINE_CHARS):
            for part in _parts(some) if is_short else ([text] for text in some):
                is_further = is_begun and is_short and len(part) > 1
                self._composer.add_paragraph(
                    "\n".join(part),
                    kind="list" if is_short else "text",
                    continues=is_begun and not is_further,
                    stands_alone=not is_begun or is_further,
                    lead_in=texts[0] if is_further else None,
                )
                is_begun = True


def _parts(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield lines in parts that are passages."""
    part: list[str] = []
    n_chars = 0
    for line in lines:
        if part and n_chars + len(line) > _MAX_PART_CHARS:
            yield part
            part, n_chars = [], 0
        part.append(line)
        n_chars += len(line) + 1
    yield part


def _cells(row: Sequence[str]) -> list[str]:
    """Return the cells of a row on one line each, without empty ones at its end."""
    if any(len(cell) > MAX_CELL_CHARS for cell in row):
        raise CellTooLongError
    cells = [_WHITE_SPACE.sub(" ", cell).strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _is_text(cells: Sequence[str]) -> bool:
    """Return whether a row is a text above a table."""
    return len(cells) <= _MAX_INDENT and not any(cells[:-1])


def _has_number(cells: Sequence[str]) -> bool:
    return any(cell and not _HAS_LETTER.search(cell) for cell in cells)


def _are_names(cells: Sequence[str]) -> bool:
    """Return whether cells are the names of at least two columns; the first ones may be empty."""
    names = list(dropwhile(lambda cell: not cell, cells))
    return len(set(names)) == len(names) > 1 and all(map(_is_name, names))


def _n_empty(cells: Sequence[str]) -> int:
    """Return the number of empty cells that a row begins with."""
    return next((number for number, cell in enumerate(cells) if cell), 0)


def _n_rows_above_names(rows: Sequence[Sequence[str]]) -> int:
    """Return the number of rows above the one that names the columns, such as names of groups.

    The names stand right above the first numbers, and either above an empty corner, or they are
    more than in the rows above them.
    """
    values = next((number for number, row in enumerate(rows) if _has_number(row)), 0)
    if _are_names(rows[0]) or not 1 < values <= _MAX_ROWS_OF_NAMES:
        return 0
    names, below = rows[values - 1], rows[values]
    n_above = max(len(list(filter(None, row))) for row in rows[: values - 1])
    is_corner = not names[0] and bool(below[0])
    is_longer = len(list(filter(None, names))) > n_above
    is_named = (is_corner or is_longer) and _stand_above_numbers((names, below))
    return values - 1 if is_named else 0


def _stand_above_numbers(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first of two rows names columns with a number; some may have no name."""
    if len(rows) < 2 or not _are_names([*filter(None, rows[0])]):
        return False
    return any(name and _has_number([below]) for name, below in zip(*rows, strict=False))


def _is_name(cell: str) -> bool:
    return len(cell) <= _MAX_NAME_CHARS and bool(_NAME.search(cell))
