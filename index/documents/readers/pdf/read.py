"""Read PDF: pdfium returns the lines of each page, `layout` joins them to paragraphs."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.documents.limits import Limits
from index.documents.model import Reading
from index.documents.readers.composer import Composer
from index.documents.readers.pdf.layout import Line, join_paragraphs, without_running_lines

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

# Titles that programs set by default.
_NO_TITLE = re.compile(
    r"microsoft (word|powerpoint|excel)\b|untitled|.*\.(docx?|pdf|tex|dvi|indd|qxd|rtf|odt)$",
    re.IGNORECASE,
)

_SECTION_NUMBER = re.compile(r"^\s*(?:chapter\s+)?[\d.]+[:.)]?\s+(?=\S)", re.IGNORECASE)

# Levels of nested sections; no book has a deeper outline.
_MAX_OUTLINE_DEPTH = 15

# pdfium joins the halves of a word broken at a line end, with a special character for the hyphen.
_LINE = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_HYPHEN_SIGNS = str.maketrans({"\x02": "-", "\ufffe": "-", "\u00ad": "-"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufff0-\uffff]+")


def read_pdf(data: bytes, limits: Limits) -> Reading:
    """Return the title and the paragraphs of a PDF, with the page that each begins on.

    The titles of the outline become sections. A section begins at the line with the same text,
    which is then not part of a paragraph, or at the top of the page if no line has this text.

    Raises:
        ValueError: The file is damaged, encrypted, without text, or has more pages than the limit.
    """
    import pypdfium2

    try:
        return _read(pypdfium2.PdfDocument(data), limits)
    except pypdfium2.PdfiumError as error:
        encrypted = "password" in str(error).lower()
        reason = "encrypted" if encrypted else "damaged or of another format than its name says"
        raise ValueError(f"it is {reason}") from error


def _read(document: "PdfDocument", limits: Limits) -> Reading:
    if len(document) > limits.max_pages:
        raise ValueError(f"it has more than {limits.max_pages:,} pages")
    pages = without_running_lines([list(_lines(page, n)) for n, page in _pages(document)])
    if not any(pages):
        raise ValueError("it holds no text (a scan?)")
    composer = Composer(title_on_top=False)
    _compose(pages, _outline(document), composer)
    title = str(document.get_metadata_value("Title")).strip()
    return composer.reading(None if _NO_TITLE.match(title) else title)


def _pages(document: "PdfDocument") -> "Iterator[tuple[int, PdfPage]]":
    """Yield each page with its number, from 1; it is closed before the next one is opened."""
    for number in range(len(document)):
        page = document[number]
        try:
            yield number + 1, page
        finally:
            page.close()


def _compose(
    pages: list[list[Line]], outline: dict[int, list[tuple[int, str]]], composer: Composer
) -> None:
    """Add the headings of the outline and the paragraphs between them."""
    lines: list[Line] = []

    def add_paragraphs() -> None:
        for text, page in join_paragraphs(lines):
            composer.add_paragraph(text, page)
        lines.clear()

    for number, page in enumerate(pages, start=1):
        entries = outline.get(number, [])
        shown = {_letters(line.text) for line in page}
        for level, title in (entry for entry in entries if _letters(entry[1]) not in shown):
            add_paragraphs()
            composer.add_heading(level, title)
        headings = {_letters(title): (level, title) for level, title in entries}
        for line in page:
            if heading := headings.pop(_letters(line.text), None):
                add_paragraphs()
                composer.add_heading(*heading)
            else:
                lines.append(line)
    add_paragraphs()


def _letters(text: str) -> str:
    """Return the letters of a heading in lower case, without its number and white space."""
    return "".join(_SECTION_NUMBER.sub("", text).split()).casefold()


def _outline(document: "PdfDocument") -> dict[int, list[tuple[int, str]]]:
    """Return level (from 1) and title of the entries of the outline, by page (from 1)."""
    entries: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for bookmark in document.get_toc(max_depth=_MAX_OUTLINE_DEPTH):
        target = bookmark.get_dest()
        page = None if target is None else target.get_index()
        title = " ".join(_CONTROL.sub(" ", bookmark.get_title()).split())
        if page is not None and title:
            entries[page + 1].append((bookmark.level + 1, title))
    return entries


def _lines(page: "PdfPage", number: int) -> Iterator[Line]:
    """Yield the non-blank lines of a page, in the order of its text."""
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    for match in _LINE.finditer(text):
        line = _CONTROL.sub("", match[0].translate(_HYPHEN_SIGNS)).rstrip()
        if not line.strip():
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        end = match.start() + len(match[0].rstrip()) - 1
        left, bottom, _, top = _box(text_page, start)
        right = _box(text_page, end)[2]
        yield Line(line.strip(), number, left, right, bottom, top - bottom)
    text_page.close()


def _box(text_page: "PdfTextPage", offset: int) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a character in points; zeros if it has no box."""
    import pypdfium2

    position = pypdfium2.raw.FPDFText_GetCharIndexFromTextIndex(text_page, offset)
    try:
        left, bottom, right, top = text_page.get_charbox(position, loose=True)
    except (pypdfium2.PdfiumError, IndexError):  # a character without a box, such as a break
        return 0.0, 0.0, 0.0, 0.0
    return left, bottom, right, top
