"""Word documents become titles, sections and paragraphs by their styles."""

import io
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.documents import Limits
from index.documents.reasons import DAMAGED
from tests.support.data.document_files import (
    ENTITY_BOMB,
    archive_of,
    bomb,
    places,
    read_bytes,
    reason_against,
    texts,
)

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _append(element, xml):
    """Add what is written in XML, with the prefix w, to the end of an element."""
    name, rest = xml.split(" ", 1)
    element.append(parse_xml(f"{name} {nsdecls('w')} {rest}"))


def docx_bytes(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _parts(data):
    """Return the parts of a document by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


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


def test_docx_joins_paragraphs_whose_end_was_deleted():
    """With the change accepted they are one paragraph."""
    document = docx.Document()
    first = document.add_paragraph("The tide ")._p
    _append(first.get_or_add_pPr(), "<w:rPr ><w:del w:id='1' w:author='a'/></w:rPr>")
    document.add_paragraph("is low.")
    assert texts(read_bytes("a.docx", docx_bytes(document))) == ["The tide is low."]


def test_docx_leaves_out_what_is_struck_out_or_hidden():
    """Neither is what the document says; a run can undo what its style does."""
    document = docx.Document()
    paragraph = document.add_paragraph("A berth costs ")
    paragraph.add_run("five ").font.strike = True
    paragraph.add_run("six ").font.double_strike = True
    paragraph.add_run("nine ").font.strike = False
    paragraph.add_run("euros")
    paragraph.add_run(" net").font.hidden = True
    assert texts(read_bytes("a.docx", docx_bytes(document))) == ["A berth costs nine euros"]


def test_docx_marks_links_and_bold_text():
    """Runs that Word cut are one mark."""
    document = docx.Document()
    paragraph = document.add_paragraph("")
    for part in ("The ", "bell"):
        paragraph.add_run(part).bold = True
    relationship = document.part.relate_to("https://a.example/", RELATIONSHIP_TYPE.HYPERLINK, True)
    _append(paragraph._p, f"<w:hyperlink xmlns:r='{RELATIONSHIPS}' r:id='{relationship}'/>")
    _append(paragraph._p[-1], "<w:r ><w:t xml:space='preserve'> rang</w:t></w:r>")
    (read,) = read_bytes("a.docx", docx_bytes(document)).paragraphs
    assert read.text == "The bell rang"
    assert [(one.kind, one.start, one.end, one.value) for one in read.marks] == [
        ("strong", 0, 8, ""),
        ("link", 9, 13, "https://a.example/"),
    ]


def _with_notes(document, **notes):
    """Return a document with footnotes by their ids."""
    stream = io.BytesIO(docx_bytes(document))
    written = "".join(
        f"<w:footnote w:id='{key[1:]}'><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t></w:r>"
        "</w:p></w:footnote>"
        for key, text in notes.items()
    )
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    rels, types = "word/_rels/document.xml.rels", "[Content_Types].xml"
    parts["word/footnotes.xml"] = f"<w:footnotes {nsdecls('w')}>{written}</w:footnotes>".encode()
    parts[rels] = parts[rels].replace(
        b"</Relationships>",
        f"<Relationship Id='n1' Type='{RELATIONSHIP_TYPE.FOOTNOTES}' Target='footnotes.xml'/>"
        "</Relationships>".encode(),
    )
    parts[types] = parts[types].replace(
        b"</Types>",
        b"<Override PartName='/word/footnotes.xml' ContentType='application/vnd.openxmlformats-"
        b"officedocument.wordprocessingml.footnotes+xml'/></Types>",
    )
    return archive_of(parts)


def _refer(paragraph, note):
    _append(paragraph._p, f"<w:r ><w:footnoteReference w:id='{note}'/></w:r>")


def test_docx_footnotes_stand_after_what_refers_to_them():
    """A note is read with its paragraph, once; after a lead-in it stands below the list."""
    document = docx.Document()
    _refer(document.add_paragraph("The rent is due."), 2)
    _refer(document.add_paragraph("Bring:"), 3)
    _refer(document.add_paragraph("nets", style="List Bullet"), 2)
    document.add_paragraph("Go.")
    data = _with_notes(document, _2="Late payment costs nine per cent.", _3="By Monday.", _4="No.")
    read = read_bytes("a.docx", data).paragraphs
    assert [(one.text, one.continues) for one in read] == [
        ("The rent is due.", False),
        ("Late payment costs nine per cent.", True),
        ("Bring:", False),
        ("nets", False),
        ("By Monday.", True),
        ("Go.", False),
    ]


def test_docx_text_boxes_are_paragraphs_of_their_own():
    """A box stands after the paragraph that it is anchored to, once."""
    document = docx.Document()
    paragraph = document.add_paragraph("The tide is low.")
    box = "<w:txbxContent><w:p><w:r><w:t>Mind the step.</w:t></w:r></w:p></w:txbxContent>"
    _append(
        paragraph._p,
        "<w:r xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
    )
    read = read_bytes("a.docx", docx_bytes(document))
    assert texts(read) == ["The tide is low.", "Mind the step."]


def test_docx_headings_are_known_by_the_outline_of_their_style():
    """A style of another name with the level of a heading is one; a list of contents is no text."""
    document = docx.Document()
    clause = document.styles.add_style("Clause", WD_STYLE_TYPE.PARAGRAPH)
    _append(clause.element.get_or_add_pPr(), "<w:outlineLvl w:val='1'/>")
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Rent 3", style="toc 1")
    document.add_paragraph("Rent", style="Clause")
    document.add_paragraph("Nine euros.")
    assert places(read_bytes("a.docx", docx_bytes(document))) == [(1, "Rent", None)]


def test_docx_code_keeps_its_lines():
    """Paragraphs in the style of code are one block."""
    document = docx.Document()
    document.styles.add_style("Source Code", WD_STYLE_TYPE.PARAGRAPH)
    for line in ("def f():", "    return 1", "", "f()"):
        document.add_paragraph(line, style="Source Code")
    (read,) = read_bytes("a.docx", docx_bytes(document)).paragraphs
    assert (read.kind, read.text) == ("code", "def f():\n    return 1\n\nf()")


def test_docx_headings_without_text_are_none():
    """A blank line in the style of a heading neither closes a section nor is the title."""
    document = docx.Document()
    for level, text in ((1, ""), (1, "Boats"), (2, "Old boats"), (1, "")):
        document.add_heading(text, level)
    document.add_paragraph("They sank.")
    read = read_bytes("a.docx", docx_bytes(document))
    assert (read.title, places(read)) == ("Boats", [(1, "Old boats", None)])


@pytest.mark.parametrize(
    ("part", "remark"),
    [
        ('<w:altChunk r:id="rId1"/>', "files left out that are embedded: 1"),
        (
            "<w:p><w:r><w:drawing><a:graphic><a:graphicData uri="
            '"http://schemas.openxmlformats.org/drawingml/2006/diagram"/></a:graphic></w:drawing>'
            "</w:r></w:p>",
            "diagrams left out: 1",
        ),
    ],
)
def test_docx_says_what_is_left_out(part, remark):
    """Text that Word shows and that is not read is never passed over silently."""
    document = docx.Document()
    document.add_paragraph("They sank.")
    whole = parse_xml(f"<w:body {nsdecls('w', 'r', 'a')}>{part}</w:body>")
    document.element.body.insert(1, whole[0])
    read = read_bytes("a.docx", docx_bytes(document))
    assert (texts(read), (read.remark or "").partition("; ")[0]) == (["They sank."], remark)


@pytest.mark.parametrize("kind", ["template.main", "document.macroEnabled.main", "theme"])
def test_docx_of_another_kind_says_so(kind):
    """What python-docx says of it is no sentence for the owner."""
    parts = _parts(docx_bytes(docx.Document()))
    types = parts["[Content_Types].xml"].decode()
    parts["[Content_Types].xml"] = types.replace("document.main", kind)
    assert reason_against("a.docx", archive_of(parts)) == DAMAGED


def test_docx_large_first_letter_belongs_to_its_word():
    """In the file it is a paragraph in a frame."""
    document = docx.Document()
    _append(document.add_paragraph("T")._p.get_or_add_pPr(), "<w:framePr w:dropCap='drop'/>")
    document.add_paragraph("he tide is low.")
    assert texts(read_bytes("a.docx", docx_bytes(document))) == ["The tide is low."]


def test_docx_formulas_are_written_on_one_line():
    """Powers and fractions stay what they are."""
    document = docx.Document()
    _append(
        document.add_paragraph("So ")._p,
        "<m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'>"
        "<m:sSup><m:e><m:r><m:t>r</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
        "<m:f><m:num><m:r><m:t>=a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f>"
        "</m:oMath>",
    )
    assert texts(read_bytes("a.docx", docx_bytes(document))) == ["So r^2=a/b"]


OLD_OR_ENCRYPTED = (
    "it is encrypted, or of a format older than its name says; save a copy in the present format "
    "without a password"
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty: it holds no paragraph"),
        (b"garbage", DAMAGED),
        (docx_bytes(harbour_docx())[:3000], DAMAGED),
        (docx_bytes(docx.Document()), "it holds no paragraph"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", OLD_OR_ENCRYPTED),
        (
            archive_of({"_rels/.rels": "<a b='http://purl.oclc.org/ooxml/c'/>"}),
            "it is saved as Strict Open XML; save it in the usual format of Word or Excel",
        ),
        (bomb(), "it unpacks to more than 8 MiB"),
        (archive_of({str(n): "" for n in range(31)}), "it has more than 30 parts"),
    ],
)
def test_docx_that_cannot_be_read_says_why(data, reason):
    """Empty, damaged, encrypted and hostile files are refused with a reason."""
    assert reason_against("a.docx", data, Limits(max_file_mb=1, max_parts=30)).startswith(reason)


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
