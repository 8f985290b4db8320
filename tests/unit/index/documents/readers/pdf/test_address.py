"""The address in the metadata of a PDF, with the page, is the link of its quotes."""

import pytest

from index.documents.readers.pdf.address import address_of
from tests.support.data.document_files import ENTITY_BOMB, read_bytes
from tests.unit.index.documents.readers.pdf.test_read import make_pdf

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<r:Description xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:p="http://prismstandard.org/namespaces/basic/2.0/">{}</r:Description></r:RDF></x:xmpmeta>'
)


def _with(properties):
    return make_pdf() + b"\n%" + XMP.format(properties).encode()


@pytest.mark.parametrize(
    ("properties", "address"),
    [
        ("<p:url>https://a.example/b.pdf</p:url>", "https://a.example/b.pdf"),
        (
            "<dc:source>http://c.example</dc:source><p:url>https://a.example</p:url>",
            "https://a.example",
        ),
        ("<dc:identifier>doi:10.1/2</dc:identifier>", None),
        ("<dc:identifier>https://a b</dc:identifier>", None),
        ("", None),
        ("<p:url>", None),
    ],
)
def test_address_is_one_of_the_web(properties, address):
    """Other identifiers are no links."""
    assert address_of(_with(properties)) == address


def test_address_expands_no_entities():
    """The metadata of a hostile file are as little trusted as its text."""
    begin, end = XMP.split("{}")
    assert address_of(f"{ENTITY_BOMB}{begin}<p:url>https://&i;</p:url>{end}".encode()) is None


def test_pdf_paragraph_has_the_address_of_its_page():
    """A viewer opens the page."""
    read = read_bytes("a.pdf", _with("<p:url>https://a.example/b.pdf</p:url>"))
    assert [one.url for one in read.paragraphs] == [
        *["https://a.example/b.pdf#page=1"] * 2,
        *[f"https://a.example/b.pdf#page={page}" for page in (2, 3)],
    ]
