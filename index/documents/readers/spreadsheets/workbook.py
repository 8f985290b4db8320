"""Read Excel workbooks: the rows of each sheet that is shown."""

import datetime
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.documents.limits import Limits
from index.documents.model import Content
from index.documents.readers.archive import Archive
from index.documents.readers.composer import Composer
from index.documents.readers.spreadsheets.formulas import Formulas
from index.documents.readers.spreadsheets.rows import CellTooLongError, RowComposer
from index.documents.reasons import DAMAGED, STRICT

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_PERCENT = re.compile(r"0(?:\.(0+))?%")

# The time of a day, where a cell holds only a date.
_MIDNIGHT = datetime.time()


def read_workbook(data: bytes, limits: Limits) -> Content:
    """Return each row as a paragraph, below the name of its sheet if there are several.

    Formulas have the value that was stored with them; the remark names those without one. Hidden
    sheets are left out.

    Raises:
        ValueError: The file is damaged, encrypted, or exceeds a limit.
    """
    from openpyxl import load_workbook

    archive = Archive(data, limits)
    if archive.is_strict():
        raise ValueError(STRICT)
    try:
        formulas = Formulas(data, archive)
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [one for one in workbook.worksheets if one.sheet_state == "visible"]
        composer = Composer(title_on_top=False)
        for sheet in sheets:
            if len(sheets) > 1:
                composer.add_heading(1, sheet.title)
            sheet.reset_dimensions()  # a file may state more columns than it has
            RowComposer(composer).add_rows(_rows(sheet, formulas))
    except CellTooLongError:
        raise
    # openpyxl does not convert the errors that a broken package causes.
    except (AttributeError, LookupError, SyntaxError, TypeError, ValueError) as error:
        raise ValueError(DAMAGED) from error
    title = " ".join((workbook.properties.title or "").split())
    return Content(*composer.reading(title), remark=formulas.remark())


def _rows(sheet: "ReadOnlyWorksheet", formulas: Formulas) -> Iterator[list[str]]:
    for row in formulas.rows(sheet):
        yield [_shown(cell) for cell in row]


def _shown(cell: "ReadOnlyCell | EmptyCell | None") -> str:
    """Return a value as a sheet shows it, as far as that is known; "" without a value."""
    value = None if cell is None else cell.value
    if cell is None or value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime):
        return str(value.date() if value.time() == _MIDNIGHT else value)
    if isinstance(value, float | int):
        if percent := _PERCENT.fullmatch(cell.number_format or ""):
            return f"{value:.{len(percent[1] or '')}%}"
        return f"{value:.12g}"
    return str(value)
