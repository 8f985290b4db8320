"""Lists of Word documents: numbers as Word shows them, short items as lines of one paragraph."""

from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.support.data.document_files import read_bytes, texts
from tests.unit.index.documents.readers.docx.test_read import docx_bytes


def _level(level, form="decimal", text=None, more=""):
    text = f"%{level + 1}." if text is None else text
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def _numbered(levels, items, nums='<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>'):
    """Return a document with a list of these levels; items are list, level and text."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{"".join(levels)}</w:abstractNum>'
        ),
    )
    numbering.extend(parse_xml(f"<w:a {nsdecls('w')}>{nums}</w:a>"))
    for number, level, text in items:
        paragraph = document.add_paragraph(text)
        if number is not None:
            own: Any = paragraph._p.get_or_add_pPr()
            properties = own.get_or_add_numPr()
            properties.get_or_add_ilvl().val = level
            properties.get_or_add_numId().val = number
    return document


def _texts(document):
    return texts(read_bytes("a.docx", docx_bytes(document)))


def test_docx_steps_have_the_numbers_of_their_levels():
    """An inner list counts from its beginning for each outer item, in its own form."""
    levels = [_level(0), _level(1, "lowerLetter", "%2)"), _level(2, "bullet", "\uf0b7")]
    items = [
        *((90, 0, "Open"), (90, 1, "left"), (90, 1, "right"), (90, 2, "slowly")),
        *((90, 0, "Wait"), (90, 1, "long")),
    ]
    assert _texts(_numbered(levels, items)) == [
        "1. Open\na) left\nb) right\nslowly\n2. Wait\na) long"
    ]


def test_docx_steps_without_text_are_counted():
    """Word shows their number, so the next step has the one after it."""
    items = [(90, 0, "Open"), (90, 0, ""), (90, 0, "Wait")]
    assert _texts(_numbered([_level(0)], items)) == ["1. Open\n3. Wait"]


def test_docx_cells_have_their_numbers():
    """A column of numbers has no other text, and the list goes on below the table."""
    document = _numbered([_level(0)], [(90, 0, "Open"), (90, 0, ""), (90, 0, "Tie"), (90, 0, "Go")])
    _, number, step, _ = (paragraph._p for paragraph in document.paragraphs)
    table = document.add_table(2, 2)
    table.cell(0, 1).text = "Wait"
    for row, paragraph in enumerate((number, step)):
        cell = table.cell(row, 0)._tc
        cell.replace(cell.p_lst[0], paragraph)
    document.paragraphs[0]._p.addnext(table._tbl)
    assert _texts(document) == ["1. Open", "2. | Wait\n3. Tie", "4. Go"]


def test_docx_list_goes_on_after_a_paragraph():
    """Word counts on unless the list is another one or begins again."""
    again = (
        '<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num><w:num w:numId="91">'
        '<w:abstractNumId w:val="90"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    items = [(90, 0, "nets"), (None, 0, "Then"), (90, 0, "ropes"), (91, 0, "bells"), (91, 0, "oil")]
    document = _numbered([_level(0)], items, again)
    assert _texts(document) == ["1. nets", "Then", "2. ropes\n1. bells\n2. oil"]


@pytest.mark.parametrize(
    ("form", "text", "shown"),
    [
        ("upperRoman", "%1", "II"),
        ("upperLetter", "(%1)", "(B)"),
        ("decimal", "Step %1:", "Step 2:"),
        ("none", "", ""),
        ("decimalZero", "%1.", "02."),
    ],
)
def test_docx_number_has_the_form_of_the_list(form, text, shown):
    """Letters, numerals, and what stands around them."""
    document = _numbered([_level(0, form, text)], [(90, 0, "nets"), (90, 0, "ropes")])
    assert _texts(document)[0].split("\n")[1] == f"{shown} ropes".strip()


def test_docx_clauses_have_the_numbers_of_all_levels():
    """Long clauses are items of their own; an inner one is read together with the outer one."""
    levels = [_level(0), _level(1, text="%1.%2", more="<w:isLgl/>")]
    items = [(90, 0, "Rent"), (90, 1, "The tenant pays. " * 20), (90, 1, "He pays late. " * 20)]
    read = read_bytes("a.docx", docx_bytes(_numbered(levels, items)))
    assert [one.text[:7] for one in read.paragraphs] == ["1. Rent", "1.1 The", "1.2 He "]
    assert [one.kind for one in read.paragraphs] == ["item"] * 3
    assert [one.continues for one in read.paragraphs] == [False, True, True]


def test_docx_headings_have_their_numbers():
    """The number of a heading style is part of the section's name, as on the page."""
    linked = [_level(0, more='<w:pStyle w:val="Heading1"/>')]
    document = _numbered(linked, [])
    style = document.styles["Heading 1"].element.get_or_add_pPr()
    style.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="90"/></w:numPr>'))
    for heading in ("Boats", "Tides"):
        document.add_heading(heading, 1)
        document.add_paragraph("Low.")
    document.core_properties.title = "Lowmere"
    read = read_bytes("a.docx", docx_bytes(document))
    assert [one.section for one in read.paragraphs] == ["1. Boats", "2. Tides"]


def test_docx_list_styles_make_items_without_numbers():
    """Bullets have no number; a list ends where another kind of block begins."""
    document = docx.Document()
    for item in ("nets", "ropes"):
        document.add_paragraph(item, style="List Bullet")
    document.add_paragraph("After.")
    read = read_bytes("a.docx", docx_bytes(document))
    assert [(one.kind, one.text) for one in read.paragraphs] == [
        ("list", "nets\nropes"),
        ("text", "After."),
    ]
