"""Read PDF: pdfium returns the lines of each page, `layout` joins them to paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from index.documents.limits import Limits
from index.documents.model import BlockKind, Content, Mark
from index.documents.readers.composer import Composer
from index.documents.readers.pdf.address import address_of
from index.documents.readers.pdf.columns import arrange, whole_lines
from index.documents.readers.pdf.headings import SizedHeading, find_headings
from index.documents.readers.pdf.layout import Line, Words, join_paragraphs
from index.documents.readers.pdf.letters import is_garbled
from index.documents.readers.pdf.lines import lines_of_page
from index.documents.readers.pdf.listings import with_listings
from index.documents.readers.pdf.outline import Outline, headings_of, outline_of
from index.documents.readers.pdf.running_lines import without_contents, without_running_lines
from index.documents.readers.plain_text import is_list_item
from index.documents.reasons import DAMAGED, ENCRYPTED, too_large

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

# Titles that programs set by default.
_NO_TITLE = re.compile(
    r"microsoft (word|powerpoint|excel)\b|untitled|\(anonymous\)"
    r"|.*\.(docx?|pdf|tex|dvi|indd|qxd|rtf|odt)$",
    re.IGNORECASE,
)

_NO_TEXT = "it holds no text (a scan?)"
_NO_LETTERS = "its letters have no meaning, only shapes"

# Of the pages without text so many are named.
_MAX_NAMED = 10

# A shorter paragraph without a letter numbers a formula or page, or marks an axis.
_MAX_SIGN_CHARS = 8


def read_pdf(data: bytes, limits: Limits) -> Content:
    """Return the title and the paragraphs of a PDF, with the page that each begins on.

    The titles of the outline become sections. A section begins at the line with the same text,
    which is then not part of a paragraph, or at the top of the page if no line has this text.
    Without an outline, lines in larger letters are the headings.

    Raises:
        ValueError: The file is damaged, encrypted, without text, or has more pages than the limit.
    """
    import pypdfium2

    try:
        return _read(pypdfium2.PdfDocument(data), limits, address_of(data))
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ValueError(ENCRYPTED) from error
        raise ValueError(DAMAGED) from error


def _read(document: "PdfDocument", limits: Limits, address: str | None) -> Content:
    if len(document) > limits.max_pages:
        raise ValueError(too_large(f"it has more than {limits.max_pages:,} pages"))
    pages, without_text = [], []
    for number, page in _pages(document):
        pages.append(list(lines_of_page(page, number)))
        if not pages[-1] and _has_picture(page):
            without_text.append(number)
    garbled = [is_garbled(line.text for line in page) for page in pages]
    unreadable = [number for number, is_one in enumerate(garbled, start=1) if is_one]
    pages = [[] if is_one else page for page, is_one in zip(pages, garbled, strict=True)]
    if not any(pages):
        reason = _NO_LETTERS if unreadable else _NO_TEXT
        raise ValueError(f"{reason}; make its text readable by OCR, such as with ocrmypdf")
    pages = [without_contents(whole_lines(page)) for page in without_running_lines(pages)]
    pages = [arrange(page) for page in with_listings(pages)]
    title = str(document.get_metadata_value("Title")).strip()
    title = "" if _NO_TITLE.match(title) else title
    missing, headings = headings_of(outline_of(document), pages)
    has_outline = any(missing.values()) or bool(headings)
    found = find_headings(pages, only_bold=has_outline)
    # The only heading in the largest letters is a title.
    is_titled = not has_outline and sum(one.level == 1 for one in found) == 1
    composer = Composer(title_on_top=not title and is_titled)
    _compose(pages, missing, [*headings, *_below(headings, missing, found)], composer, address)
    return Content(*composer.reading(title), remark=_remark(without_text, unreadable))


def _below(
    headings: list[SizedHeading], missing: Outline, found: list[SizedHeading]
) -> Iterator[SizedHeading]:
    """Yield the headings that the outline does not name, on the levels below it."""
    named = {id(line) for one in headings for line in one.lines}
    levels = [one.level for one in headings]
    levels += [level for entries in missing.values() for level, _ in entries]
    for one in found:
        if named.isdisjoint(map(id, one.lines)):
            yield replace(one, level=max(levels, default=0) + one.level)


def _has_picture(page: "PdfPage") -> bool:
    import pypdfium2

    kinds = [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    return next(iter(page.get_objects(filter=kinds, max_depth=2)), None) is not None


def _remark(without_text: list[int], unreadable: list[int]) -> str | None:
    """Return the pages that are only a picture or cannot be read, as words; None without any."""
    kinds = (without_text, "without text (scans?)"), (unreadable, "in letters without a meaning")
    remarks = [f"{_named(numbers)} {kind}" for numbers, kind in kinds if numbers]
    return f"{'; '.join(remarks)}; make it readable by OCR" if remarks else None


def _named(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:_MAX_NAMED]))
    more = len(numbers) - _MAX_NAMED
    rest = f" and {more:,} more" if more > 0 else ""
    return f"{'page' if len(numbers) == 1 else 'pages'} {named}{rest}"


def _pages(document: "PdfDocument") -> "Iterator[tuple[int, PdfPage]]":
    """Yield each page with its number, from 1; it is closed before the next one is opened."""
    for number in range(len(document)):
        page = document[number]
        try:
            yield number + 1, page
        finally:
            page.close()


def _compose(
    pages: list[list[Line]],
    missing: Outline,
    headings: list[SizedHeading],
    composer: Composer,
    address: str | None,
) -> None:
    """Add the headings, those that no line shows on top of their page, and what is between them."""
    lines: list[Line] = []
    words = Words(line for page in pages for line in page)
    begun_by = {id(one.lines[0]): one for one in headings}
    of_headings = {id(line) for one in headings for line in one.lines}

    def url_of(page: int) -> str | None:
        return f"{address}#page={page}" if address and "#" not in address else address

    def add_paragraphs() -> None:
        for text, page in join_paragraphs(lines, words):
            if len(text) > _MAX_SIGN_CHARS or any(map(str.isalpha, text)):
                form: BlockKind = "list" if _is_list(text) else "text"
                composer.add_paragraph(text, page, kind=form, url=url_of(page))
        lines.clear()

    for number, page in enumerate(pages, start=1):
        for level, title in missing.get(number, ()):
            add_paragraphs()
            composer.add_heading(level, title)
        for line in page:
            if id(line) in of_headings:
                if one := begun_by.get(id(line)):
                    add_paragraphs()
                    composer.add_heading(one.level, one.text)
            elif line.form:
                add_paragraphs()
                kind: Literal["code", "table"] = "code" if line.form == "code" else "table"
                marks = [Mark(kind, 0, len(line.text), "header" if line.form == "header" else "")]
                composer.add_paragraph(
                    line.text, number, kind=kind, marks=marks, url=url_of(number)
                )
            else:
                lines.append(line)
    add_paragraphs()


def _is_list(text: str) -> bool:
    lines = text.split("\n")
    return len(lines) > 1 and all(map(is_list_item, lines))
