"""Word documents become titles, sections and paragraphs by their styles."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.documents import Limits
from tests.support.data.document_files import (
    ENTITY_BOMB,
    archive_of,
    bomb,
    places,
    read_bytes,
    reason_against,
    texts,
)


def _append(element, xml):
    """Add what is written in XML, with the prefix w, to the end of an element."""
    name, rest = xml.split(" ", 1)
    element.append(parse_xml(f"{name} {nsdecls('w')} {rest}"))


def docx_bytes(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def harbour_docx():
    """Return a document with every kind of block that is read."""
    document = docx.Document()
    document.add_paragraph("The harbour of Lowmere", style="Title")
    document.add_paragraph("It was dug in 1802.")
    document.add_heading("Boats", 1)
    document.add_paragraph("They leave ").add_run("early").bold = True
    document.add_heading("Old boats", 2)
    for item in ("nets", "ropes"):
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("boat", "crew", "Ada", "4"), strict=True):
        cell.text = text
    document.add_paragraph("")
    document.add_heading("Tides", 1)
    document.add_paragraph("The tide is\tlow.\nThen high.")
    return document


def test_docx_blocks_keep_their_order_and_sections():
    """Paragraphs, lists and tables come in the order of the document, below their headings."""
    document = read_bytes("a.docx", docx_bytes(harbour_docx()))
    assert document.title == "The harbour of Lowmere"
    assert texts(document) == [
        "It was dug in 1802.",
        "They leave early",
        "nets\nropes",
        "boat | crew\nAda | 4",
        "The tide is low. Then high.",
    ]
    assert places(document) == [
        (1, None, None),
        (2, "Boats", None),
        (3, "Boats \u203a Old boats", None),
        (4, "Boats \u203a Old boats", None),
        (5, "Tides", None),
    ]


def test_docx_title_is_of_the_properties_first():
    """What the owner entered as the title wins over the line in the style of a title."""
    document = harbour_docx()
    document.core_properties.title = " Lowmere "
    read = read_bytes("a.docx", docx_bytes(document))
    assert (read.title, texts(read)[0]) == ("Lowmere", "It was dug in 1802.")


@pytest.mark.parametrize(("styled", "title"), [(True, "Lowmere"), (False, "a file")])
def test_docx_without_a_title_has_its_first_heading_or_its_name(styled, title):
    """A heading on top is the title where there is no other."""
    document = docx.Document()
    if styled:
        document.add_heading("Lowmere", 1)
    document.add_paragraph("Low.")
    read = read_bytes("a_file.docx", docx_bytes(document))
    assert (read.title, places(read)) == (title, [(1, None, None)])


def test_docx_long_list_items_are_paragraphs():
    """Numbered clauses are not one paragraph, and a list ends where its items end."""
    document = docx.Document()
    for text in ("Clause. " * 30, "Clause. " * 40):
        paragraph = document.add_paragraph(text)
        _append(paragraph._p.get_or_add_pPr(), "<w:numPr ><w:numId w:val='1'/></w:numPr>")
    document.add_paragraph("After.")
    assert len(texts(read_bytes("a.docx", docx_bytes(document)))) == 3


def test_docx_shows_insertions_and_content_controls_but_no_deletions():
    """The text is what it is with all changes accepted."""
    document = docx.Document()
    changed = document.add_paragraph("Low ")._p
    _append(changed, "<w:ins w:id='1' w:author='a'><w:r><w:t>tide</w:t></w:r></w:ins>")
    _append(changed, "<w:del w:id='2' w:author='a'><w:r><w:t>x</w:t></w:r></w:del>")
    held = "<w:p><w:r><w:t>Held.</w:t></w:r></w:p>"
    _append(document.element.body, f"<w:sdt ><w:sdtContent>{held}</w:sdtContent></w:sdt>")
    assert texts(read_bytes("a.docx", docx_bytes(document))) == ["Low tide", "Held."]


DAMAGED = "it is damaged or of another format than its name says"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty: it holds no paragraph"),
        (b"garbage", DAMAGED),
        (docx_bytes(harbour_docx())[:3000], DAMAGED),
        (docx_bytes(docx.Document()), "it holds no paragraph"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "it is encrypted, or of a format older than its name says"),
        (bomb(), "it unpacks to more than 8 MiB"),
        (archive_of({str(n): "" for n in range(31)}), "it has more than 30 parts"),
    ],
)
def test_docx_that_cannot_be_read_says_why(data, reason):
    """Empty, damaged, encrypted and hostile files are refused with a reason."""
    assert reason_against("a.docx", data, Limits(max_file_mb=1, max_parts=30)) == reason


def test_docx_entities_are_not_expanded():
    """Text that would grow to a gigabyte is refused before it does."""
    document = docx.Document()
    document.add_paragraph("LOW tide")
    with zipfile.ZipFile(io.BytesIO(docx_bytes(document))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    main = parts["word/document.xml"].replace(b"LOW", b"&i;")
    bombed = main.replace(b"<w:document", f"{ENTITY_BOMB}<w:document".encode(), 1)
    parts["word/document.xml"] = bombed
    assert reason_against("a.docx", archive_of(parts)) == DAMAGED


def test_word_document_is_quoted_with_its_section(first_quote):
    """A Word document is indexed and cited like any text."""
    question = "how many people are the crew of the Ada?"
    quote, shown = first_quote("harbour.docx", docx_bytes(harbour_docx()), question)
    assert quote["text"].endswith("boat | crew\nAda | 4")
    assert quote["paragraph_end"] == 4
    assert "harbour.docx \u203a Boats \u203a Old boats, paragraphs 3-4" in shown
