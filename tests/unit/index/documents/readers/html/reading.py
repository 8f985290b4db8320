"""What the reader makes of a piece of a page."""

from index.documents.model import Content, Paragraph
from index.documents.readers.html import read_html


def content(page: str) -> Content:
    """Return the content of a page."""
    return read_html(page.encode())


def blocks(html: str) -> list[Paragraph]:
    """Return the paragraphs of the main part of a page."""
    return list(content(f"<main>{html}</main>").paragraphs)


def texts(html: str) -> list[str]:
    """Return the texts of the paragraphs; those that continue the one above begin with "+ "."""
    return [f"+ {one.text}" if one.continues else one.text for one in blocks(html)]
