"""Find the headings that the outline of a PDF names on its pages."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from index.documents.readers.pdf.headings import SizedHeading
from index.documents.readers.pdf.layout import Line

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# Levels of nested sections; no book has a deeper outline.
_MAX_DEPTH = 15

# A heading stands in so many lines at most.
_MAX_LINES = 3

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufff0-\uffff]+")
_SECTION_NUMBER = re.compile(r"^\s*(?:chapter\s+)?[\d.]+[:.)]?\s+(?=\S)", re.IGNORECASE)

# Level and title of the entries for each page; both are counted from 1.
Outline = Mapping[int, Sequence[tuple[int, str]]]


def outline_of(document: "PdfDocument") -> Outline:
    """Return the outline of a PDF."""
    entries: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for bookmark in document.get_toc(max_depth=_MAX_DEPTH):
        target = bookmark.get_dest()
        page = None if target is None else target.get_index()
        title = " ".join(_CONTROL.sub(" ", bookmark.get_title()).split())
        if page is not None and title:
            entries[page + 1].append((bookmark.level + 1, title))
    return entries


def headings_of(
    outline: Outline, pages: Sequence[Sequence[Line]]
) -> tuple[Outline, list[SizedHeading]]:
    """Return the entries that no line of their page shows, and the headings of the others."""
    missing: dict[int, list[tuple[int, str]]] = {}
    shown: list[SizedHeading] = []
    for number, page in enumerate(pages, start=1):
        entries = {_letters(title): (level, title) for level, title in outline.get(number, ())}
        found = list(_headings(page, dict(entries))) if entries else []
        known = {_letters(one.text) for one in found}
        missing[number] = [entry for key, entry in entries.items() if key not in known]
        shown += found
    return missing, shown


def _headings(page: Sequence[Line], entries: dict[str, tuple[int, str]]) -> Iterator[SizedHeading]:
    for position in range(len(page)):
        for n_lines in range(1, _MAX_LINES + 1):
            lines = page[position : position + n_lines]
            letters = _letters(" ".join(line.text for line in lines))
            if entry := entries.pop(letters, None):
                yield SizedHeading(*entry, tuple(lines))
                break


def _letters(text: str) -> str:
    """Return the letters of a heading in lower case, without its number and white space."""
    return "".join(_SECTION_NUMBER.sub("", text).split()).casefold()
