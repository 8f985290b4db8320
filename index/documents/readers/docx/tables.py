"""Tables of Word documents: rows with their columns, or only a layout."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.documents.model import Mark
from index.documents.readers.docx.styles import PLAIN, Style
from index.documents.readers.docx.xml import W, is_on, number_of, value_of

if TYPE_CHECKING:
    from lxml import etree

_BETWEEN_CELLS = " | "

_MAX_COLUMNS = 64

# A longer text is no name of a column.
_MAX_NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    is_bold: bool


def only_places(table: "etree._Element", kind_of: "Callable[[etree._Element], str]") -> bool:
    """Return whether a table only places blocks on the page: it has one column, or headings."""
    rows = [list(_children(row, "tc")) for row in _rows(table)]
    if all(len(cells) < 2 for cells in rows):
        return True
    return any(
        kind_of(paragraph) in tuple("123456789")
        for cells in rows
        for cell in cells
        for paragraph in cell.iterfind(f"{W}p")
    )


def cells_of(table: "etree._Element") -> "Iterator[etree._Element]":
    """Yield the cells of a table, row by row."""
    for row in _rows(table):
        yield from _children(row, "tc")


def table_text(
    table: "etree._Element",
    styles: dict[str, Style],
    text_of: "Callable[[etree._Element], tuple[str, bool]]",
) -> tuple[str, list[Mark]]:
    """Return a line for each row of a table, and the mark that says whether it has a header row.

    Args:
        table: The table.
        styles: The styles by id.
        text_of: Returns the text of a cell, and whether all of it is bold.
    """
    above: dict[int, _Cell] = {}
    begun: set[int] = set()
    rows = [_cells(row, above, begun, text_of) for row in _rows(table)]
    rows = [cells for cells in rows if any(cell.text for cell in cells)]
    text = "\n".join(_row_text(cells, begun) for cells in rows)
    is_named = len(rows) > 1 and _has_header(table, rows[0], styles)
    return text, [Mark("table", 0, len(text), "header" if is_named else "")]


def _cells(
    row: "etree._Element",
    above: dict[int, _Cell],
    begun: set[int],
    text_of: "Callable[[etree._Element], tuple[str, bool]]",
) -> list[_Cell]:
    """Return the cells of a row, with the text of one that spans others in each of them.

    Args:
        row: The row.
        above: The cells that span rows, by column; those that begin in this row are added.
        begun: The columns that a cell begins at; those of this row are added.
        text_of: See `table_text`.
    """
    cells = [_Cell("", is_bold=False)] * _columns(row, "trPr/gridBefore", 0)
    begun.update(range(len(cells)))
    elements = list(_children(row, "tc"))
    for element in elements:
        cell = _Cell(*text_of(element))
        begun.add(len(cells))
        merged = element.find(f"{W}tcPr/{W}vMerge")
        if merged is not None and merged.get(f"{W}val") == "restart":
            above[len(cells)] = cell
        elif merged is not None:
            cell = above.get(len(cells), cell)
        # A row of one cell, such as a heading, says it once.
        n_columns = _columns(element, "tcPr/gridSpan", 1) if len(elements) > 1 else 1
        cells = [*cells, *[cell] * n_columns][:_MAX_COLUMNS]
    return cells


def _row_text(row: list[_Cell], begun: set[int]) -> str:
    """Return the texts of a row, without columns that no cell of the table begins at."""
    texts = [cell.text for column, cell in enumerate(row) if column in begun]
    return _BETWEEN_CELLS.join(texts).rstrip(_BETWEEN_CELLS)


def _has_header(table: "etree._Element", first: list[_Cell], styles: dict[str, Style]) -> bool:
    """Return whether the first row names the columns: as Word says it, or as it looks."""
    row = next(_rows(table), None)
    if row is None or not is_on(row, "trPr/tblHeader"):
        look = table.find(f"{W}tblPr/{W}tblLook")
        style = styles.get(value_of(table, "tblPr/tblStyle") or "", PLAIN)
        looks_different = style.has_header and look is not None and _is_for_first_row(look)
        if not looks_different and not all(cell.is_bold for cell in first if cell.text):
            return False
    return all(len(cell.text) <= _MAX_NAME_CHARS for cell in first)


def _is_for_first_row(look: "etree._Element") -> bool:
    if (first_row := look.get(f"{W}firstRow")) is not None:
        return first_row not in ("0", "false")
    written = look.get(f"{W}val", "")
    return len(written) == 4 and written[2] in "2367abefABEF"


def _rows(table: "etree._Element") -> "Iterator[etree._Element]":
    for row in _children(table, "tr"):
        if row.find(f"{W}trPr/{W}del") is None:
            yield row


def _children(element: "etree._Element", name: str) -> "Iterator[etree._Element]":
    """Yield the rows or cells of an element, also those in content controls."""
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _children(child, name)


def _columns(element: "etree._Element", path: str, default: int) -> int:
    number = number_of(element, path)
    return default if number is None else min(number, _MAX_COLUMNS)
