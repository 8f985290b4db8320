"""The formats of files: their suffixes, readers and optional libraries."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

from index.documents.limits import Limits
from index.documents.model import Content, Reading

# Some constructs take the Markdown parser quadratic time: 100 kB of them take 2 s, 400 kB half a
# minute (2 cores, markdown-it-py 4.3). An article has 20 kB.
_LONG_TEXT_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files.

    Attributes:
        read: Converts a file's bytes to its content; raises ValueError, which says why it cannot.
        min_isolated_bytes: Files of this size or more are read in a separate process, because a
            hostile file may hang or crash the reader.
        library: The library of the extra `pandoc` if the reader needs it, or None.
    """

    read: Callable[[bytes, Limits], Content]
    min_isolated_bytes: int = 0
    library: str | None = None

    def is_installed(self) -> bool:
        """Return whether the library is installed, without importing it."""
        return self.library is None or importlib.util.find_spec(self.library) is not None


# A reader is imported when the first file of its format is read, because questions need no reader.


def _read_plain_text(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.plain_text import read_plain_text

    del limits
    return _read_text(data, lambda text, _: read_plain_text(text))


def _read_markdown(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.markdown import read_markdown

    del limits
    return _read_text(data, lambda text, url: read_markdown(text, url=url))


def _read_mdx(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.markdown import read_markdown

    del limits
    return _read_text(data, lambda text, url: read_markdown(text, mdx=True, url=url))


def _read_text(data: bytes, read: Callable[[str, str | None], Reading]) -> Content:
    """Decode a text, split off its front matter if it has any, and read the rest."""
    from index.documents.readers.charset import decode
    from index.documents.readers.front_matter import (
        dated,
        declared_language,
        declared_version,
        published_at,
        split_front_matter,
        titled,
    )

    decoded = decode(data)
    header, text = split_front_matter(decoded.text)
    url = published_at(header)
    title, paragraphs = read(text, url)
    return Content(
        titled(header) or title,
        paragraphs,
        url,
        dated(header),
        declared_language(header),
        decoded.remark,
        declared_version(header),
    )


def _read_html(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.html import read_html
    from index.documents.readers.messages import is_exported_page, read_exported_page

    return read_exported_page(data, limits) if is_exported_page(data) else read_html(data)


def _read_pdf(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.pdf import read_pdf

    return read_pdf(data, limits)


def _read_docx(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.docx import read_docx

    return read_docx(data, limits)


def _read_epub(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.epub import read_epub

    return Content(*read_epub(data, limits))


def _read_srt(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.subtitles import read_subtitles

    del limits
    return read_subtitles(data, "srt")


def _read_vtt(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.subtitles import read_subtitles

    del limits
    return read_subtitles(data, "vtt")


def _read_csv(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.spreadsheets import read_delimited

    del limits
    return read_delimited(data)


def _read_tsv(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.spreadsheets import read_delimited

    del limits
    return read_delimited(data, "\t")


def _read_xlsx(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.spreadsheets import read_workbook

    return read_workbook(data, limits)


def _read_rst(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.markup import read_restructured_text

    del limits
    return read_restructured_text(data)


def _read_ipynb(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.markup import read_notebook

    del limits
    return read_notebook(data)


def _read_json(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.messages import read_exported_json

    return read_exported_json(data, limits)


def _read_eml(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.messages import read_mail

    return read_mail(data, limits)


def _read_mbox(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.messages import read_mailbox

    return read_mailbox(data, limits)


def _read_odt(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.markup import read_open_document

    return Content(*read_open_document(data, limits))


def _read_rtf(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.markup import read_rtf

    return Content(*read_rtf(data, limits))


def _read_asciidoc(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.markup import read_asciidoc

    return read_asciidoc(data, limits)


def _read_xml(data: bytes, limits: Limits) -> Content:
    from index.documents.readers.markup import read_mediawiki

    return read_mediawiki(data, limits)


_PANDOC = "pypandoc"

FORMATS = {
    ".txt": Format(_read_plain_text, _LONG_TEXT_BYTES),
    ".md": Format(_read_markdown, _LONG_TEXT_BYTES),
    ".markdown": Format(_read_markdown, _LONG_TEXT_BYTES),
    ".mdx": Format(_read_mdx, _LONG_TEXT_BYTES),
    ".html": Format(_read_html),
    ".htm": Format(_read_html),
    ".pdf": Format(_read_pdf),
    ".docx": Format(_read_docx),
    ".epub": Format(_read_epub),
    ".rst": Format(_read_rst),
    ".ipynb": Format(_read_ipynb),
    ".csv": Format(_read_csv),
    ".tsv": Format(_read_tsv),
    ".xlsx": Format(_read_xlsx),
    ".json": Format(_read_json),
    ".eml": Format(_read_eml),
    ".mbox": Format(_read_mbox),
    ".srt": Format(_read_srt),
    ".vtt": Format(_read_vtt),
    ".odt": Format(_read_odt, library=_PANDOC),
    ".rtf": Format(_read_rtf, library=_PANDOC),
    ".adoc": Format(_read_asciidoc, library=_PANDOC),
    ".asciidoc": Format(_read_asciidoc, library=_PANDOC),
    ".xml": Format(_read_xml, library=_PANDOC),
}


def readable_suffixes() -> list[str]:
    """Return the suffixes of files that can be read with the installed libraries, such as ".md"."""
    return [suffix for suffix, one in FORMATS.items() if one.is_installed()]
