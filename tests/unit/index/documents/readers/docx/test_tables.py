"""Tables of Word documents become rows."""

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.support.data.document_files import places, read_bytes, texts
from tests.unit.index.documents.readers.docx.test_read import docx_bytes


def _table(rows, style=None):
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]), style=style)
    for row, values in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, values, strict=True):
            cell.text = text
    return document, table


def _read(document):
    return read_bytes("a.docx", docx_bytes(document)).paragraphs


ROWS = [("boat", "crew"), ("Ada", "4"), ("Ben", "")]


@pytest.mark.parametrize("named", ["by Word", "by bold letters", "by the style", "no"])
def test_docx_table_has_a_header_where_it_looks_like_one(named):
    """A row that is repeated on each page, is bold, or has the style of one names the columns."""
    document, table = _table(ROWS, "Light List" if named == "by the style" else None)
    if named == "by Word":
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    elif named == "by bold letters":
        for cell in table.rows[0].cells:
            cell.paragraphs[0].runs[0].bold = True
    (paragraph,) = _read(document)
    assert (paragraph.kind, paragraph.text) == ("table", "boat | crew\nAda | 4\nBen")
    (mark,) = (mark for mark in paragraph.marks if mark.kind == "table")
    assert mark.value == ("" if named == "no" else "header")


def test_docx_merged_cells_stand_in_each_row_and_column():
    """A row says the same by itself as in the table; one of a single cell says it once."""
    rows = [("port", "boat", "crew"), ("", "Ben", ""), ("all of them", "", "")]
    document, table = _table(rows)
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(1, 1).merge(table.cell(1, 2))
    table.cell(2, 0).merge(table.cell(2, 2))
    assert [one.text for one in _read(document)] == [
        "port | boat | crew\nport | Ben | Ben\nall of them"
    ]


def test_docx_columns_that_no_cell_begins_at_are_none():
    """Word keeps them where a table was changed by hand."""
    document, table = _table([("port", "", "boat"), ("Hull", "", "Ben")])
    for row in range(2):
        table.cell(row, 0).merge(table.cell(row, 1))
    assert [one.text for one in _read(document)] == ["port | boat\nHull | Ben"]


def test_docx_table_that_only_places_blocks_is_none():
    """One column, or headings in cells, are a layout; its blocks come in their order."""
    document, table = _table([("Boats", "Tides")])
    for cell in table.rows[0].cells:
        cell.paragraphs[0].style = "Heading 2"
        cell.add_paragraph("Low.")
    single = document.add_table(1, 1)
    single.cell(0, 0).text = "Framed."
    read = read_bytes("a.docx", docx_bytes(document))
    assert texts(read) == ["Low.", "Low.", "Framed."]
    assert [section for _, section, _ in places(read)] == ["Boats", "Tides", "Tides"]


def test_docx_rows_that_were_deleted_are_no_text():
    """The text is what it is with all changes accepted."""
    document, table = _table(ROWS)
    deleted = parse_xml(f"<w:del {nsdecls('w')} w:id='1' w:author='a'/>")
    table.rows[1]._tr.get_or_add_trPr().append(deleted)
    assert [one.text for one in _read(document)] == ["boat | crew\nBen"]


def test_docx_table_in_a_table_is_text_of_its_cell():
    """A cell holds what stands in it, whatever it is in."""
    document, table = _table([("boat", "crew")])
    inner = table.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Ada", "Ben"
    assert [one.text for one in _read(document)] == ["boat | crew Ada Ben"]
