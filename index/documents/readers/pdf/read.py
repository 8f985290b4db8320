"""Read PDF: pdfium returns the lines of each page, `layout` joins them to paragraphs."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.documents.limits import Limits
from index.documents.model import Content, Mark
from index.documents.readers.composer import Composer
from index.documents.readers.pdf.address import address_of
from index.documents.readers.pdf.columns import arrange
from index.documents.readers.pdf.headings import SizedHeading, find_headings
from index.documents.readers.pdf.layout import Chunk, Line, join_paragraphs, without_running_lines
from index.documents.reasons import DAMAGED, ENCRYPTED, too_large

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

# Titles that programs set by default.
_NO_TITLE = re.compile(
    r"microsoft (word|powerpoint|excel)\b|untitled|\(anonymous\)"
    r"|.*\.(docx?|pdf|tex|dvi|indd|qxd|rtf|odt)$",
    re.IGNORECASE,
)

_SECTION_NUMBER = re.compile(r"^\s*(?:chapter\s+)?[\d.]+[:.)]?\s+(?=\S)", re.IGNORECASE)

# Levels of nested sections; no book has a deeper outline.
_MAX_OUTLINE_DEPTH = 15

_NO_TEXT = "it holds no text (a scan?)"

# Of the pages without text so many are named.
_MAX_NAMED = 10

_WORD = re.compile(r"\S+")

# Words with a narrower gap between them stand together, relative to the height of the line.
_MIN_GAP = 0.5

# pdfium joins the halves of a word broken at a line end, with a special character for the hyphen.
_LINE = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_HYPHEN_SIGNS = str.maketrans({"\x02": "-", "\ufffe": "-", "\u00ad": "-"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufff0-\uffff]+")


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
        pages.append(list(_lines(page, number)))
        if not pages[-1] and _has_picture(page):
            without_text.append(number)
    pages = [arrange(page) for page in without_running_lines(pages)]
    if not any(pages):
        raise ValueError(f"{_NO_TEXT}; make its text readable by OCR, such as with ocrmypdf")
    title = str(document.get_metadata_value("Title")).strip()
    title = "" if _NO_TITLE.match(title) else title
    outline = _outline(document)
    headings = [] if outline else find_headings(pages)
    # The only heading in the largest letters is a title.
    composer = Composer(title_on_top=not title and sum(one.level == 1 for one in headings) == 1)
    _compose(pages, outline, headings, composer, address)
    return Content(*composer.reading(title), remark=_remark(without_text))


def _has_picture(page: "PdfPage") -> bool:
    import pypdfium2

    kinds = [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    return next(iter(page.get_objects(filter=kinds, max_depth=2)), None) is not None


def _remark(without_text: list[int]) -> str | None:
    """Return the pages that hold only a picture, as words; None if there are none."""
    if not without_text:
        return None
    named = ", ".join(map(str, without_text[:_MAX_NAMED]))
    more = len(without_text) - _MAX_NAMED
    rest = f" and {more:,} more" if more > 0 else ""
    pages = "page" if len(without_text) == 1 else "pages"
    return f"{pages} {named}{rest} without text (scans?); make it readable by OCR"


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
    outline: dict[int, list[tuple[int, str]]],
    sized: list[SizedHeading],
    composer: Composer,
    address: str | None,
) -> None:
    """Add the headings of the outline, or those known by their size, and what is between them."""
    lines: list[Line] = []
    begun_by = {id(one.lines[0]): one for one in sized}
    of_headings = {id(line) for one in sized for line in one.lines}

    def url_of(page: int) -> str | None:
        return f"{address}#page={page}" if address and "#" not in address else address

    def add_paragraphs() -> None:
        for text, page in join_paragraphs(lines):
            composer.add_paragraph(text, page, url=url_of(page))
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
            elif id(line) in of_headings:
                if one := begun_by.get(id(line)):
                    add_paragraphs()
                    composer.add_heading(one.level, one.text)
            elif line.table:
                add_paragraphs()
                value = "header" if line.table == "header" else ""
                marks = [Mark("table", 0, len(line.text), value)]
                composer.add_paragraph(
                    line.text, number, kind="table", marks=marks, url=url_of(number)
                )
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
    box_of = _Boxes(text_page)
    for match in _LINE.finditer(text):
        line = _CONTROL.sub("", match[0].translate(_HYPHEN_SIGNS)).rstrip()
        if not line.strip():
            continue
        left, bottom, _, top = box_of(match.start() + len(match[0]) - len(match[0].lstrip()))
        right = box_of(match.start() + len(match[0].rstrip()) - 1)[2]
        chunks = tuple(_chunks(match, box_of, _MIN_GAP * (top - bottom)))
        yield Line(line.strip(), number, left, right, bottom, top - bottom, chunks)
    text_page.close()


def _chunks(line: re.Match[str], box_of: "_Boxes", min_gap: float) -> list[Chunk]:
    """Return the words of a line, those close to each other together.

    The result is empty for text that does not run from left to right.
    """
    chunks: list[Chunk] = []
    for match in _WORD.finditer(line[0]):
        text = _CONTROL.sub("", match[0].translate(_HYPHEN_SIGNS))
        left = box_of(line.start() + match.start())[0]
        right = box_of(line.start() + match.end() - 1)[2]
        if chunks and left < chunks[-1].left:
            return []
        if chunks and left - chunks[-1].right < min_gap:
            before = chunks.pop()
            text, left = f"{before.text} {text}", before.left
        if text:
            chunks.append(Chunk(text, left, right))
    return chunks


class _Boxes:
    """Finds the boxes of the characters of a page, by raw calls because there are so many."""

    def __init__(self, text_page: "PdfTextPage") -> None:
        import pypdfium2

        self._page = text_page.raw
        self._index_of = pypdfium2.raw.FPDFText_GetCharIndexFromTextIndex
        self._find = pypdfium2.raw.FPDFText_GetLooseCharBox
        self._rectangle = pypdfium2.raw.FS_RECTF()

    def __call__(self, offset: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of a character in points; zeros if it has no box."""
        box = self._rectangle
        if not self._find(self._page, self._index_of(self._page, offset), box):
            return 0.0, 0.0, 0.0, 0.0
        return box.left, box.bottom, box.right, box.top
