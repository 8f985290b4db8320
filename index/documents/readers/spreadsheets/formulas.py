"""Find the formulas of a workbook that have no value, because no program calculated them."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.documents.readers.archive import Archive

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_SHEETS = "xl/worksheets/"
_WORKBOOK = "xl/workbook.xml"

_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")

# Programs that write a workbook without calculating ask for it, and store zeros or nothing.
_UNCALCULATED = re.compile(rb"fullCalcOnLoad=[\"'](?:1|true)[\"']")

_MAX_NAMED = 10


class Formulas:
    """The formulas of a workbook; collects those without a value while sheets are read."""

    def __init__(self, data: bytes, archive: Archive) -> None:
        """Open the formulas, if there are any."""
        from openpyxl import load_workbook

        sheets = [name for name in archive.names if name.startswith(_SHEETS)]
        has_formulas = any(_FORMULA.search(archive.read(name)) for name in sheets)
        self._workbook = load_workbook(io.BytesIO(data), read_only=True) if has_formulas else None
        workbook = archive.read(_WORKBOOK) if _WORKBOOK in archive else b""
        self._stores_zeros = _UNCALCULATED.search(workbook) is not None
        self._without_value: list[str] = []

    def rows(self, sheet: "ReadOnlyWorksheet") -> "Iterator[list[ReadOnlyCell | EmptyCell | None]]":
        """Yield the cells of each row of a sheet with its values; None if a value is missing."""
        if self._workbook is None:
            yield from map(list, sheet.iter_rows())
            return
        formulas = self._workbook[sheet.title]
        formulas.reset_dimensions()
        for values, row in zip(sheet.iter_rows(), formulas.iter_rows(), strict=True):
            cells = zip(values, row, strict=True)
            yield [None if self._lacks_value(*both, sheet.title) else both[0] for both in cells]

    def remark(self) -> str | None:
        """Return the number of formulas without a value and where they stand, or None."""
        if not self._without_value:
            return None
        named = ", ".join(self._without_value[:_MAX_NAMED])
        more = ", \u2026" if len(self._without_value) > _MAX_NAMED else ""
        return (
            f"formulas without a stored value: {len(self._without_value):,} ({named}{more}); open "
            "it in Excel or LibreOffice and save it again"
        )

    def _lacks_value(
        self,
        value: "ReadOnlyCell | EmptyCell",
        formula: "ReadOnlyCell | EmptyCell",
        title: str,
    ) -> bool:
        if formula.data_type != "f":
            return False
        is_missing = value.value is None and value.data_type != "str"  # a text may be empty
        if is_missing or (self._stores_zeros and value.value == 0):
            self._without_value.append(f"{title}!{formula.coordinate}")
            return True
        return False
