"""The formats that can be read: their endings, what each needs, and how it is read."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

from index.documents.decoding import decode_text
from index.documents.docx import read_docx
from index.documents.epub import read_epub
from index.documents.front_matter import split_front_matter
from index.documents.html import read_html
from index.documents.limits import Limits
from index.documents.markdown import read_markdown
from index.documents.model import Reading
from index.documents.pdf import read_pdf
from index.documents.plain_text import read_plain_text


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one kind are read.

    Attributes:
        read: Makes a reading of a file's bytes; raises ValueError with the reason where it can't.
        aside: Whether a process of its own reads it, which a hostile file may hang or crash.
        library: The optional library that it needs, or None.
    """

    read: Callable[[bytes, Limits], Reading]
    aside: bool = False
    library: str | None = None

    def is_installed(self) -> bool:
        """Say whether the library is there; it is not imported."""
        return self.library is None or importlib.util.find_spec(self.library) is not None


def _text_reader(read: Callable[[str], Reading]) -> Callable[[bytes, Limits], Reading]:
    """Return a reader of encoded text that may have a header."""

    def read_bytes(data: bytes, limits: Limits) -> Reading:
        del limits
        header, text = split_front_matter(decode_text(data))
        title, paragraphs = read(text)
        return header.get("title", "").strip() or title, paragraphs

    return read_bytes


_PLAIN_TEXT = Format(_text_reader(read_plain_text))
_MARKDOWN = Format(_text_reader(read_markdown))
_HTML = Format(lambda data, _: read_html(data), aside=True)

FORMATS = {
    ".txt": _PLAIN_TEXT,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".html": _HTML,
    ".htm": _HTML,
    ".pdf": Format(read_pdf, aside=True, library="pypdfium2"),
    ".docx": Format(read_docx, aside=True, library="docx"),
    ".epub": Format(read_epub, aside=True),
}
