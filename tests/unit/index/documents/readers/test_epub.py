"""Books become sections and paragraphs in their reading order."""

import pytest

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

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
PACKAGE = """<?xml version="1.0"?>{doctype}
<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>{title}</dc:title></metadata>
<manifest>{items}</manifest><spine>{references}</spine></package>"""

ITEM = (
    '<item id="{id}" href="{href}" media-type="application/xhtml+xml" properties="{properties}"/>'
)


def _page(body):
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title/></head><body>{body}</body></html>"
    )


CHAPTERS = {
    "two.xhtml": _page("<h1>Boats</h1><p>They leave early.</p><h2>Old boats</h2><p>They sank.</p>"),
    "one%20first.xhtml": _page("<p>For Ada.</p>"),
    "three.xhtml": _page("<p>Each of them.</p>"),
    "nav.xhtml": _page("<ol><li>Contents</li></ol>"),
    "note.xhtml": _page("<p>A note.</p>"),
}


def _book(
    doctype="",
    title=" The harbour of Lowmere ",
    more=None,
    order=("one", "two", "three", "nav", "note", "gone", "two"),
):
    items = "".join(
        ITEM.format(id=name[:3], href=name, properties="nav" if name.startswith("nav") else "")
        for name in CHAPTERS
    )
    references = "".join(
        f'<itemref idref="{name[:3]}" linear="{"no" if name == "note" else "yes"}"/>'
        for name in order
    )
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE.format(
            doctype=doctype, title=title, items=items, references=references
        ),
    }
    chapters = {f"OEBPS/{name}".replace("%20", " "): page for name, page in CHAPTERS.items()}
    return archive_of({**parts, **chapters, **(more or {})})


def test_epub_chapters_come_in_reading_order_with_their_headings():
    """The spine gives the order; contents, side notes and missing chapters are left out."""
    book = read_bytes("a.epub", _book())
    assert book.title == "The harbour of Lowmere"
    assert texts(book) == ["For Ada.", "They leave early.", "They sank.", "Each of them."]
    assert places(book) == [
        (1, None, None),
        (2, "Boats", None),
        (3, "Boats \u203a Old boats", None),
        (4, "Boats \u203a Old boats", None),
    ]


def _encryption(name):
    reference = f'<CipherReference xmlns="x" URI="{name}"/>'
    return {"META-INF/encryption.xml": f"<encryption>{reference}</encryption>"}


def test_epub_with_scrambled_fonts_is_read():
    """Only a chapter that is encrypted keeps a book from being read."""
    assert read_bytes("a.epub", _book(more=_encryption("OEBPS/font.otf"))).paragraphs


def test_epub_entities_are_not_expanded():
    """A title that would grow to a gigabyte is refused before it does."""
    reason = reason_against("a.epub", _book(doctype=ENTITY_BOMB, title="&i;"))
    assert reason.startswith("its part 'book.opf' is no XML; ")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty: it holds no paragraph"),
        (b"garbage", "it is damaged or of another format than its name says"),
        (_book()[:900], "it is damaged or of another format than its name says"),
        (archive_of({"a": "b"}), "its part 'container.xml' is missing or damaged"),
        (archive_of({"META-INF/container.xml": "<a>"}), "its part 'container.xml' is no XML"),
        (archive_of({"META-INF/container.xml": "<a/>"}), "it names no package of chapters"),
        (_book(order=()), "it holds no paragraph"),
        (
            _book(more=_encryption("OEBPS/two.xhtml")),
            "it is encrypted; save a copy without a password",
        ),
        (bomb("OEBPS/two.xhtml"), "it unpacks to more than 8 MiB"),
        (
            archive_of({"META-INF/container.xml": "<a>" * 5000 + "</a>" * 5000}),
            "its part 'container.xml' is no XML",
        ),
    ],
)
def test_epub_that_cannot_be_read_says_why(data, reason):
    """Empty, damaged, encrypted and hostile books are refused with a reason."""
    assert reason_against("a.epub", data, Limits(max_file_mb=1)).startswith(reason)


def test_book_is_quoted_with_its_chapter(first_quote):
    """A book is indexed and cited like any text."""
    quote, shown = first_quote("book.epub", _book(), "which boats sank?")
    assert quote["text"].startswith("They sank.\n\n")
    assert quote["title"] == "The harbour of Lowmere"
    assert "book.epub \u203a Boats \u203a Old boats, paragraphs 3-4" in shown
