"""Read Word documents: styles determine title and sections, tables and lists keep their lines."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.documents.limits import Limits
from index.documents.model import Reading
from index.documents.readers.archive import Archive
from index.documents.readers.composer import Composer

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import BaseStyle
    from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

# Text that was deleted or moved, and the alternative form of a drawing.
_UNSEEN = frozenset((f"{_W}del", f"{_W}moveFrom", _ALTERNATIVE))

_CHARACTERS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}

# The outline level of body text.
_BODY_LEVEL = 9

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)

# About two lines. Longer items, such as numbered clauses, become paragraphs.
_MAX_ITEM_CHARS = 200


def read_docx(data: bytes, limits: Limits) -> Reading:
    """Return the title and the paragraphs of a Word document.

    A run of short list items is one paragraph, and so is a table; both keep their lines. Automatic
    numbers are not part of the text.

    Returns:
        The title from the document's properties, else the text in the style "Title", else a
        level-one heading at the beginning, else None; and the paragraphs in order.

    Raises:
        ValueError: The file is damaged, encrypted, or exceeds a limit.
    """
    import docx
    from docx.opc.exceptions import OpcError

    Archive(data, limits)
    try:
        return _read(docx.Document(io.BytesIO(data)))
    # python-docx does not convert the errors that a broken package causes.
    except (AttributeError, IndexError, KeyError, SyntaxError, TypeError, OpcError) as error:
        raise ValueError("it is damaged or of another format than its name says") from error


def _read(document: "Document") -> Reading:
    blocks = list(_kinds_and_texts(document))
    styled = next((text for kind, text in blocks if kind == "title" and text), "")
    title = (document.core_properties.title or "").strip() or styled
    composer = Composer(title_on_top=not title)
    items: list[str] = []
    for kind, text in blocks:
        if kind == "item":
            items += [text] if text else []
            continue
        _add_items(items, composer)
        items = []
        if kind.isdigit():
            composer.add_heading(int(kind), text)
        elif kind != "title" or text != styled:
            composer.add_paragraph(text)
    _add_items(items, composer)
    return composer.reading(title)


def _kinds_and_texts(document: "Document") -> Iterator[tuple[str, str]]:
    """Yield ("1" to "9", heading), ("title", ...), ("item", ...) or ("", paragraph or table)."""
    kinds = {style.style_id: _kind_of_style(style) for style in document.styles}
    for block in _blocks(document.element.body):
        if block.tag == f"{_W}tbl":
            yield "", _table_text(block)
        else:
            yield _kind(block, kinds), _text(block)


def _add_items(items: list[str], composer: Composer) -> None:
    short = all(len(item) <= _MAX_ITEM_CHARS for item in items)
    for text in ["\n".join(items)] if short else items:
        composer.add_paragraph(text)


def _blocks(element: "etree._Element") -> "Iterator[etree._Element]":
    """Yield the paragraphs and tables in order, including those in content controls."""
    for child in element:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag not in _UNSEEN:
            yield from _blocks(child)


def _table_text(table: "etree._Element") -> str:
    """Return one line for each row of a table and of the tables in its cells."""
    lines = []
    for row in table.iter(f"{_W}tr"):
        cells = (
            " ".join(_text(block) for block in cell.iter(f"{_W}p") if _is_in(block, row))
            for cell in row.iter(f"{_W}tc")
            if _is_in(cell, row)
        )
        lines.append(" | ".join(cell.strip() for cell in cells))
    return "\n".join(line for line in lines if line.strip(" |"))


def _is_in(element: "etree._Element", row: "etree._Element") -> bool:
    """Return whether this is the innermost row around an element."""
    return next(element.iterancestors(f"{_W}tr"), None) is row


def _text(element: "etree._Element") -> str:
    return " ".join("".join(_characters(element)).split())


def _characters(element: "etree._Element") -> Iterator[str]:
    """Yield the characters of a paragraph; a space separates the text of a box in it."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag not in _UNSEEN:
            if child.tag == f"{_W}p":
                yield " "
            yield from _characters(child)


def _kind(paragraph: "etree._Element", kinds: dict[str, str]) -> str:
    level = _property(paragraph, "outlineLvl")
    if level is not None and level.isdigit() and int(level) < _BODY_LEVEL:
        return str(int(level) + 1)
    if kind := kinds.get(_property(paragraph, "pStyle") or ""):
        return kind
    return "item" if _property(paragraph, "numPr/{*}numId") not in (None, "0") else ""


def _property(paragraph: "etree._Element", name: str) -> str | None:
    element = paragraph.find(f"{_W}pPr/{{*}}{name}")
    return None if element is None else element.get(f"{_W}val")


def _kind_of_style(style: "BaseStyle") -> str:
    """Return the kind of paragraphs of a style: its own, or that of a style it is based on."""
    seen: set[str] = set()
    based_on: BaseStyle | None = style
    while based_on is not None and based_on.style_id not in seen:
        seen.add(based_on.style_id)
        name = (based_on.name or "").lower()
        if heading := _HEADING.fullmatch(name):
            return heading[1]
        if name == "title":
            return name
        if name.startswith("list ") and name != "list paragraph":
            return "item"
        based_on = getattr(based_on, "base_style", None)
    return ""
