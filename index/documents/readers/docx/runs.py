"""The characters of a Word paragraph that are shown, with their marks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.documents.model import Mark, MarkKind
from index.documents.readers.docx.styles import PLAIN, Style, is_bold_run, is_unseen_run
from index.documents.readers.docx.xml import UNSEEN, M, R, W, value_of
from index.documents.readers.html.content.line import Line

if TYPE_CHECKING:
    from lxml import etree

_CHARACTERS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}noBreakHyphen": "-"}
_BREAKS = frozenset((f"{W}br", f"{W}cr"))
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}

# What stands before the parts of a formula on one line, as the reader of HTML writes it.
_IN_FORMULAS = {f"{M}sup": "^", f"{M}sub": "_", f"{M}den": "/", f"{M}rad": "\u221a"}

# Properties, instructions of fields, readings above characters, and parts of text boxes.
_NO_TEXT = UNSEEN | {f"{W}{name}" for name in ("pPr", "rPr", "instrText", "delText", "rt", "p")}


@dataclass(frozen=True, slots=True)
class Inline:
    """The text of a paragraph.

    Attributes:
        text: With single spaces; that of code keeps its lines.
        marks: Links and bold text.
        notes: Kind and id of the footnotes and endnotes that it refers to.
        boxes: The contents of the text boxes in it.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    boxes: "tuple[etree._Element, ...]" = ()

    def after(self, before: str) -> "Inline":
        """Return it with other characters before its own."""
        moved = tuple(mark.moved(len(before)) for mark in self.marks)
        return Inline(before + self.text, moved, self.notes, self.boxes)


@dataclass(slots=True)
class RunReader:
    """Reads the runs of paragraphs.

    Attributes:
        styles: The styles by id.
        links: The addresses of hyperlinks by the id of their relationship.
    """

    styles: Mapping[str, Style]
    links: Mapping[str, str]

    def read(self, paragraphs: "Iterable[etree._Element]", *, is_code: bool = False) -> Inline:
        """Return the text of paragraphs that are one, because the ends of others were deleted."""
        found = _Found()
        found.line.preformatted += is_code
        for paragraph in paragraphs:
            style = self.styles.get(value_of(paragraph, "pPr/pStyle") or "", PLAIN)
            self._read(paragraph, found, is_unseen=style.is_unseen)
        text, _ = found.line.take()
        text = text.rstrip()
        marks = (*_marks("strong", found.strong, text), *_marks("link", found.linked, text))
        ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
        return Inline(text, tuple(ordered), tuple(found.notes), tuple(found.boxes))

    def _read(self, element: "etree._Element", found: "_Found", *, is_unseen: bool) -> None:
        for child in element:
            if child.tag == f"{W}r":
                self._read_run(child, found, is_unseen=is_unseen)
            elif child.tag == f"{W}hyperlink":
                start = found.line.length
                self._read(child, found, is_unseen=is_unseen)
                address = self.links.get(child.get(f"{R}id", ""), "")
                found.linked.append((start, found.line.length, address))
            elif child.tag == f"{M}t":
                found.line.add(child.text or "")
            elif child.tag not in _NO_TEXT and not is_placeholder(child):
                found.line.add(_IN_FORMULAS.get(str(child.tag), ""))
                self._read(child, found, is_unseen=is_unseen)

    def _read_run(self, run: "etree._Element", found: "_Found", *, is_unseen: bool) -> None:
        if is_unseen_run(run, self.styles, by_default=is_unseen):
            return
        start = found.line.length
        self._read_characters(run, found)
        if is_bold_run(run, self.styles):
            found.strong.append((start, found.line.length, ""))

    def _read_characters(self, element: "etree._Element", found: "_Found") -> None:
        for child in element:
            if child.tag == f"{W}t":
                found.line.add(child.text or "")
            elif child.tag in _CHARACTERS:
                found.line.add(_CHARACTERS[child.tag])
            elif child.tag in _BREAKS:
                found.line.add("\n")
            elif child.tag in _NOTES:
                found.notes.append((_NOTES[child.tag], child.get(f"{W}id", "")))
            elif child.tag == f"{W}txbxContent":
                found.boxes.append(child)
            elif child.tag not in _NO_TEXT:
                self._read_characters(child, found)


@dataclass(slots=True)
class _Found:
    line: Line = field(default_factory=Line)
    strong: list[tuple[int, int, str]] = field(default_factory=list)
    linked: list[tuple[int, int, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: "list[etree._Element]" = field(default_factory=list)


def is_placeholder(element: "etree._Element") -> bool:
    """Return whether a content control shows what is to be entered, or is a list of contents."""
    properties = element.find(f"{W}sdtPr") if element.tag == f"{W}sdt" else None
    if properties is None:
        return False
    gallery = value_of(properties, "docPartObj/docPartGallery")
    is_empty = properties.find(f"{W}showingPlcHdr") is not None
    return is_empty or gallery == "Table of Contents"


def _marks(kind: MarkKind, spans: Iterable[tuple[int, int, str]], text: str) -> Iterator[Mark]:
    """Yield the marks of spans; those with only a blank between them are one."""
    open_mark: Mark | None = None
    for begin, stop, value in spans:
        start, end = begin, min(stop, len(text))
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start >= end:
            continue
        if open_mark and open_mark.value == value and not text[open_mark.end : start].strip():
            open_mark = Mark(kind, open_mark.start, end, value)
        else:
            if open_mark:
                yield open_mark
            open_mark = Mark(kind, start, end, value)
    if open_mark:
        yield open_mark
