"""Workbooks become rows below the names of their sheets."""

import io
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from index.documents import Limits
from index.documents.reasons import DAMAGED, STRICT
from tests.support.data.document_files import (
    ENTITY_BOMB,
    archive_of,
    bomb,
    places,
    read_bytes,
    reason_against,
    texts,
)
from tests.unit.index.documents.readers.docx.test_read import OLD_OR_ENCRYPTED


def _bytes(**sheets):
    """Return a workbook of sheets by name, each a list of rows."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return workbook, _saved(workbook)


def _saved(workbook):
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_workbook_has_a_section_for_each_sheet():
    """Rows are read in the order of the sheets."""
    _, data = _bytes(Boats=[["boat", "crew"], ["Ada", 4]], Tides=[["port", "low"], ["Hull", 1]])
    read = read_bytes("stock.xlsx", data)
    assert texts(read) == ["Ada | 4", "Hull | 1"]
    assert [section for _, section, _ in places(read)] == ["Boats", "Tides"]
    assert read.paragraphs[0].header == "boat | crew"


def test_workbook_of_one_sheet_has_no_sections():
    """The name of the only sheet says nothing; hidden ones are no text."""
    workbook, _ = _bytes(Sheet1=[["boat", "crew"], ["Ada", 4]], Lists=[["yes"], ["no"]])
    workbook["Lists"].sheet_state = "hidden"
    workbook.properties.title = "The fleet"
    read = read_bytes("a.xlsx", _saved(workbook))
    assert (read.title, texts(read), places(read)) == ("The fleet", ["Ada | 4"], [(1, None, None)])


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (85.0, "General", "85"),
        (0.1 + 0.2, "General", "0.3"),
        (0.256, "0.0%", "25.6%"),
        (True, "General", "TRUE"),
        (date(2026, 3, 1), "yyyy-mm-dd", "2026-03-01"),
        (datetime(2026, 3, 1, 9, 30), "yyyy-mm-dd hh:mm", "2026-03-01 09:30:00"),
        (" two\nlines ", "General", "two lines"),
    ],
)
def test_workbook_values_are_shown_as_in_the_sheet(value, form, shown):
    """Dates, shares and whole numbers have no machine's form."""
    workbook, _ = _bytes(Sheet1=[["boat", value]])
    workbook["Sheet1"]["B1"].number_format = form
    read = read_bytes("a.xlsx", _saved(workbook))
    assert texts(read) == [f"boat | {shown}"]


def _with_cells(cells, calculation=""):
    """Return a workbook with a row of cells, and with what says how to calculate."""
    _, data = _bytes(Crew=[["boat", "crew", "pay"], ["Ada", 4, 5]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    before, _, rest = sheet.partition('<c r="B2"')
    after = rest[rest.index("</row>") :]
    parts["xl/worksheets/sheet1.xml"] = (before + cells + after).encode()
    workbook = re.sub(r"<calcPr[^>]*/>", calculation, parts["xl/workbook.xml"].decode())
    parts["xl/workbook.xml"] = workbook.encode()
    return archive_of(parts)


ASKS_FOR_ALL = '<calcPr calcId="1" fullCalcOnLoad="1"/>'


@pytest.mark.parametrize(
    ("cells", "calculation", "row", "named"),
    [
        ('<c r="B2"><f>1+3</f><v>4</v></c>', "", "Ada | 4", ""),
        ('<c r="B2"><f>1+3</f></c><c r="C2"><v>5</v></c>', "", "Ada |  | 5", "1 (Crew!B2)"),
        (
            '<c r="B2"><f>1+3</f><v/></c><c r="C2"><f>B2</f><v/></c>',
            "",
            "Ada",
            "2 (Crew!B2, Crew!C2)",
        ),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', "", "Ada", ""),
        ('<c r="B2"><f>1-1</f><v>0</v></c>', "", "Ada | 0", ""),
        (
            '<c r="B2"><f>1+3</f><v>0</v></c><c r="C2"><v>0</v></c>',
            ASKS_FOR_ALL,
            "Ada |  | 0",
            "1 (Crew!B2)",
        ),
        ('<c r="B2"><f>1+3</f><v>4</v></c>', ASKS_FOR_ALL, "Ada | 4", ""),
    ],
)
def test_workbook_names_formulas_that_were_never_calculated(cells, calculation, row, named):
    """They look empty or zero, and no reader of a quote could tell."""
    read = read_bytes("a.xlsx", _with_cells(cells, calculation))
    expected = f"formulas without a stored value: {named}" if named else None
    assert texts(read) == [row]
    assert (read.remark and read.remark.partition("; ")[0]) == expected


def test_workbook_in_the_strict_form_says_so():
    """The library would find no rows in it."""
    _, data = _bytes(Crew=[["Ada", 4]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["_rels/.rels"] = b'<a b="http://purl.oclc.org/ooxml/officeDocument"/>'
    assert reason_against("a.xlsx", archive_of(parts)) == STRICT


def test_cell_of_megabytes_is_refused():
    """A sheet of one word cannot be quoted; no program makes such cells."""
    data = archive_of(_parts(f"<is><t>{'x' * 200_000}</t></is>"))
    assert reason_against("a.xlsx", data) == (
        "a cell has more than 131,072 characters; put its text into its own file"
    )


def test_workbook_entities_are_not_expanded():
    """Text that would grow to a gigabyte is refused before it does, in one line."""
    assert (
        reason_against("a.xlsx", archive_of(_parts("<is><t>&i;</t></is>", ENTITY_BOMB))) == DAMAGED
    )


def _parts(cell, doctype=""):
    """Return the parts of a workbook with one cell, which is XML."""
    _, data = _bytes(Sheet1=[["a"]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = f'<sheetData><row><c t="inlineStr">{cell}</c></row></sheetData>'
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = (
        f'{doctype}<worksheet xmlns="{name}">{sheet}</worksheet>'.encode()
    )
    return parts


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"garbage", DAMAGED),
        (archive_of({"a": "b"}), DAMAGED),
        (b"\xd0\xcf\x11\xe0", OLD_OR_ENCRYPTED),
        (bomb("xl/worksheets/sheet1.xml"), "it unpacks to more than 8 MiB"),
    ],
)
def test_workbook_that_cannot_be_read_says_why(data, reason):
    """Damaged, encrypted and hostile files are refused with a reason."""
    assert reason_against("a.xlsx", data, Limits(max_file_mb=1)).startswith(reason)
