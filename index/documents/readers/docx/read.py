"""Read Word documents: the blocks in their order, below the headings of their styles."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from index.documents.limits import Limits
from index.documents.model import Content, Mark, Reading
from index.documents.readers.archive import Archive
from index.documents.readers.composer import Composer
from index.documents.readers.docx.left_out import left_out
from index.documents.readers.docx.numbering import Item, Numbering
from index.documents.readers.docx.runs import Inline, RunReader, is_placeholder
from index.documents.readers.docx.styles import PLAIN, outline_level, read_styles
from index.documents.readers.docx.tables import cells_of, only_places, table_text
from index.documents.readers.docx.xml import UNSEEN, W, value_of
from index.documents.reasons import DAMAGED, STRICT

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.part import Part

# About two lines. Longer items, such as numbered clauses, become paragraphs.
_MAX_ITEM_CHARS = 200

_MAX_NESTED_TABLES = 4

# A large first letter is a paragraph of its own in the file.
_MAX_DROP_CAP_CHARS = 3


def read_docx(data: bytes, limits: Limits) -> Content:
    """Return the content of a Word document.

    A run of short list items is one paragraph, and so is a table; both keep their lines. Items and
    headings have the numbers that Word shows. Footnotes stand after the paragraph that refers to
    them, and text boxes after the one that they are anchored to. Tracked changes count as accepted;
    hidden and struck-out text and lists of contents are left out.

    The title is that of the document's properties, else the text in the style "Title", else a
    level-one heading at the beginning, else None. The remark counts what is left out.

    Raises:
        ValueError: The file is damaged, encrypted, or exceeds a limit.
    """
    import docx
    from docx.opc.exceptions import OpcError

    archive = Archive(data, limits)
    if archive.is_strict():
        raise ValueError(STRICT)
    try:
        document = docx.Document(io.BytesIO(data))
        reading = _DocumentReader(document).read()
        return Content(*reading, remark=left_out(document.element.body))
    # python-docx does not convert the errors that a broken package causes.
    except (AttributeError, LookupError, SyntaxError, TypeError, ValueError, OpcError) as error:
        raise ValueError(DAMAGED) from error


@dataclass(slots=True)
class _Group:
    """Items of a list, or lines of code, that are not added yet."""

    kind: str = ""
    items: list[tuple[Item, Inline]] = field(default_factory=list)


class _DocumentReader:
    def __init__(self, document: "Document") -> None:
        self._body = document.element.body
        self._part = document.part
        self._styles = read_styles(document.styles.element)
        self._numbering = Numbering(_root(self._part, "numbering"), self._styles)
        addresses = ((key, one.target_ref) for key, one in self._part.rels.items())
        self._runs = RunReader(self._styles, {k: a for k, a in addresses if _is_address(a)})
        self._notes = {
            (kind, note.get(f"{W}id", "")): note
            for kind in ("footnote", "endnote")
            for note in _children(_root(self._part, f"{kind}s"), kind)
        }
        self._styled_title = self._text_in_title_style()
        entered = " ".join((document.core_properties.title or "").split())
        self._title = entered or self._styled_title
        self._composer = Composer(title_on_top=not self._title)
        self._group = _Group()
        self._waiting: list[etree._Element] = []
        self._in_note = False

    def read(self) -> Reading:
        self._read_blocks(self._body)
        self._end_group()
        self._read_notes()
        return self._composer.reading(self._title)

    def _text_in_title_style(self) -> str:
        for block in _blocks(self._body):
            if block.tag == f"{W}p" and self._kind(block) == "title":
                return self._runs.read([block]).text
        return ""

    def _read_blocks(self, element: etree._Element, depth: int = 0) -> None:
        joined: list[etree._Element] = []
        for block in _blocks(element):
            if block.tag == f"{W}tbl":
                self._read_table(block, depth)
                continue
            joined.append(block)
            if not self._is_joined_with_next(block):
                self._read_paragraph(joined)
                joined = []
        if joined:
            self._read_paragraph(joined)

    def _is_joined_with_next(self, paragraph: etree._Element) -> bool:
        """Return whether the end of a paragraph was deleted, or it is a large first letter."""
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            return True
        frame = paragraph.find(f"{W}pPr/{W}framePr")
        is_drop_cap = frame is not None and frame.get(f"{W}dropCap") in ("drop", "margin")
        return is_drop_cap and len(self._runs.read([paragraph]).text) <= _MAX_DROP_CAP_CHARS

    def _read_paragraph(self, joined: list[etree._Element]) -> None:
        last = joined[-1]
        kind = self._kind(last)
        if kind == "contents":
            return
        inline = self._runs.read(joined, is_code=kind == "code")
        item = self._numbering.item(last)
        if kind == "code":
            self._add_to_group(kind, Item(0, ""), inline)
        elif kind.isdigit():
            self._end_group()
            self._read_notes()
            if inline.text:
                self._composer.add_heading(int(kind), _numbered(item, inline).text)
            self._wait_for_notes(inline)
        elif kind == "title" and inline.text == self._styled_title:
            pass
        elif item is not None or kind == "item":
            self._add_to_group("list", item or Item(0, ""), inline)
        else:
            self._end_group()
            self._add(inline)
        for box in inline.boxes:
            self._end_group()
            self._read_blocks(box)

    def _read_table(self, table: etree._Element, depth: int) -> None:
        self._end_group()
        if only_places(table, self._kind) or depth >= _MAX_NESTED_TABLES:
            for cell in cells_of(table):
                self._read_blocks(cell, depth + 1)
                self._end_group()
            return
        inlines: list[Inline] = []

        def text_of(cell: etree._Element) -> tuple[str, bool]:
            seen = [one for one in cell.iter(f"{W}p") if _is_seen(one, cell)]
            read = [self._runs.read([one]) for one in seen]
            inlines.extend(read)
            is_bold = all(_is_all_bold(one) for one in read if one.text)
            items = zip(map(self._numbering.item, seen), read, strict=True)
            numbered = [_numbered(item, inline).text for item, inline in items]
            return " ".join(filter(None, numbered)), is_bold

        text, marks = table_text(table, self._styles, text_of)
        self._composer.add_paragraph(text, kind="table", marks=marks)
        for inline in inlines:
            self._wait_for_notes(inline)
        self._read_notes()

    def _add_to_group(self, kind: str, item: Item, inline: Inline) -> None:
        if self._group.kind != kind:
            self._end_group()
            self._group = _Group(kind)
        if inline.text or kind == "code":
            self._group.items.append((item, inline))

    def _end_group(self) -> None:
        """Add the list or code that has ended."""
        group, self._group = self._group, _Group()
        if group.kind == "code":
            code = "\n".join(inline.text for _, inline in group.items).strip("\n")
            self._composer.add_paragraph(code, kind="code", marks=[Mark("code", 0, len(code))])
        elif group.items:
            self._add_list(group.items)
        for _, inline in group.items:
            self._wait_for_notes(inline)
        if group.items:
            self._read_notes()

    def _add_list(self, items: list[tuple[Item, Inline]]) -> None:
        lines = [_numbered(item, inline) for item, inline in items]
        if all(len(line.text) <= _MAX_ITEM_CHARS for line in lines):
            whole = _joined(lines)
            self._composer.add_paragraph(
                whole.text, kind="list", marks=whole.marks, continues=self._in_note
            )
            return
        top = min(item.level for item, _ in items)
        for (item, _), line in zip(items, lines, strict=True):
            self._composer.add_paragraph(
                line.text,
                kind="item",
                marks=line.marks,
                continues=self._in_note or (item.level > top and line is not lines[0]),
            )

    def _add(self, inline: Inline) -> None:
        self._composer.add_paragraph(
            inline.text, marks=inline.marks, continues=self._in_note and bool(inline.text)
        )
        self._wait_for_notes(inline)
        # A note between a lead-in and what it announces would part them.
        if inline.text and not inline.text.endswith(":"):
            self._read_notes()

    def _wait_for_notes(self, inline: Inline) -> None:
        if not self._in_note:
            notes = (self._notes.pop(one, None) for one in inline.notes)  # each is read once
            self._waiting += [note for note in notes if note is not None]

    def _read_notes(self) -> None:
        """Add the footnotes that were referred to."""
        waiting, self._waiting = self._waiting, []
        if self._in_note:
            return
        for note in waiting:
            self._in_note = True
            self._read_blocks(note)
            self._end_group()
            self._in_note = False

    def _kind(self, paragraph: etree._Element) -> str:
        style = self._styles.get(value_of(paragraph, "pPr/pStyle") or "", PLAIN)
        return outline_level(paragraph) or style.kind


def _root(part: "Part", name: str) -> etree._Element | None:
    """Return the root of the part with this kind of relationship, or None."""
    for relationship in part.rels.values():
        if relationship.reltype.endswith(f"/{name}") and not relationship.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            return etree.fromstring(relationship.target_part.blob, parser)
    return None


def _children(root: etree._Element | None, name: str) -> Iterator[etree._Element]:
    return iter(()) if root is None else root.iterfind(f"{W}{name}")


def _is_address(target: str) -> bool:
    return target.startswith(("http://", "https://"))


def _blocks(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs and tables in order, including those in content controls."""
    for child in element:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag not in UNSEEN and not is_placeholder(child):
            yield from _blocks(child)


def _is_seen(paragraph: etree._Element, cell: etree._Element) -> bool:
    """Return whether a paragraph in a cell is no part of what was deleted or is drawn twice."""
    for ancestor in paragraph.iterancestors():
        if ancestor is cell:
            return True
        if ancestor.tag in UNSEEN:
            return False
    return True


def _is_all_bold(inline: Inline) -> bool:
    return any(
        mark.kind == "strong" and mark.start == 0 and mark.end == len(inline.text)
        for mark in inline.marks
    )


def _numbered(item: Item | None, inline: Inline) -> Inline:
    """Return the text of a paragraph with the number that Word shows before it."""
    if item is None or not item.number:
        return inline
    return inline.after(f"{item.number} ") if inline.text else Inline(item.number)


def _joined(lines: Iterable[Inline]) -> Inline:
    text, marks = "", []
    for line in lines:
        before = f"{text}\n" if text else ""
        marks += [mark.moved(len(before)) for mark in line.marks]
        text = before + line.text
    return Inline(text, tuple(marks))
