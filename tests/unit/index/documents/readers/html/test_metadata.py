"""The address, the date and the language of a page are those that it names."""

import pytest

from tests.support.data.document_files import read_bytes
from tests.unit.index.documents.readers.html.reading import content

_SITE = "https://pier.example/"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (f"<link rel=canonical href='{_SITE}fares'>", f"{_SITE}fares"),
        (f"<meta property=og:url content='{_SITE}fares'>", f"{_SITE}fares"),
        (
            f"<meta property=og:url content='{_SITE}a'><link rel=canonical href='{_SITE}b'>",
            f"{_SITE}b",
        ),
        (f"<!-- saved from url=(0026){_SITE}fares -->", f"{_SITE}fares"),
        ("<link rel=canonical href='/fares'>", None),
        ("<link rel=canonical href='javascript:x'>", None),
        (f"<link rel=stylesheet href='{_SITE}'>", None),
        (f"<base href='{_SITE}'>", None),
    ],
)
def test_page_names_its_address(head, url):
    """Only an absolute address is one."""
    assert content(f"{head}<p>Four.").url == url


@pytest.mark.parametrize(
    ("head", "href", "address"),
    [
        (f"<link rel=canonical href='{_SITE}docs/fares'>", "times#x", f"{_SITE}docs/times#x"),
        (f"<base href='{_SITE}base/'>", "times", f"{_SITE}base/times"),
        (
            f"<base href='/base/'><link rel=canonical href='{_SITE}a/b'>",
            "times",
            f"{_SITE}base/times",
        ),
        (f"<base href='{_SITE}'>", "mailto:ada@pier.example", ""),
        (f"<base href='{_SITE}'>", "http://[half", "http://[half"),
        (f"<base href='{_SITE}'>", "//[half", ""),
        ("<base href='/base/'>", "times", ""),
    ],
)
def test_links_lead_to_absolute_addresses(head, href, address):
    """They are resolved as a browser does."""
    (block,) = content(f"{head}<p><a href='{href}'>Times</a>").paragraphs
    assert [one.value for one in block.marks] == [address]


@pytest.mark.parametrize(
    ("html", "date"),
    [
        ("<meta property='article:published_time' content='2026-02-01T10:00:00Z'>", "2026-02-01"),
        (
            "<meta property='article:published_time' content='2026-02-01'>"
            "<meta property='article:modified_time' content='2026-03-05'>",
            "2026-03-05",
        ),
        ("<meta name=date content=2025-12-31>", "2025-12-31"),
        ("<h1>Pier</h1><time datetime='2026-02-01'>1 February</time>", "2026-02-01"),
        ("<p>A</p>" * 5 + "<time datetime='2026-02-01'>1 February</time>", None),
        ("<p>A</p>" * 5 + "<time itemprop=dateModified datetime=2026-02-01>x</time>", "2026-02-01"),
        ("<meta name=date content='1 May'>", None),
        ("<meta name=date content='2026-13-01'>", None),
        ("<time>yesterday</time>", None),
    ],
)
def test_page_names_its_day(html, date):
    """The last change counts, else the publication, else a time beside the title."""
    assert content(f"{html}<p>Four.").date == date


def test_document_of_a_page_has_its_address_and_date():
    """They are those of the document."""
    document = read_bytes(
        "fares.html",
        f"<link rel=canonical href='{_SITE}'><meta name=date content=2026-01-02><p>Four.".encode(),
    )
    assert (document.url, document.date) == (_SITE, "2026-01-02")


@pytest.mark.parametrize(
    ("root", "language"),
    [("<html lang=de>", "de"), ("<html lang='pt-BR'>", "pt"), ("<html>", None), ("", None)],
)
def test_page_names_its_language(root, language):
    """The root element says it; script and region do not matter."""
    assert content(f"{root}<body><p lang=fr>Quatre.").language == language
