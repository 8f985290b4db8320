"""Read the visible text of HTML, by events of lxml's parser, in linear time."""

import re
from collections.abc import Mapping
from typing import Any, cast

from lxml import etree

from index.documents.model import Reading
from index.documents.readers.charset import decode_text
from index.documents.readers.composer import Composer

# The declaration of the encoding in HTML and XHTML; HTML requires it in the first 1,024 bytes.
_DECLARED_ENCODING = re.compile(
    rb"""<(?:meta\b[^>]{0,500}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?\s*([\w-]+)""",
    re.IGNORECASE,
)
_DECLARATION_BYTES = 4096

# The parser gets the text in pieces, so that it does not hold a second copy of all of it.
_PIECE_CHARS = 1 << 16

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_CELLS = frozenset(("td", "th"))

# Never shown as text.
_UNSEEN = frozenset(
    "script style template noscript svg math iframe object audio video canvas map head".split()
)

# Shown, but not part of the text: navigation and controls.
_FURNITURE = frozenset("nav aside form button select textarea datalist dialog".split())
_FURNITURE_ROLES = frozenset("navigation banner contentinfo complementary search".split())

# A header or footer inside one of these belongs to the text.
_PARTS_OF_PAGE = frozenset("article main section".split())

# Tags that separate paragraphs; all other tags are inline.
_BLOCKS = frozenset(
    """html body div p article section main header footer blockquote figure figcaption dl dt dd
    details summary address fieldset legend center hr pre li tr caption thead tbody tfoot""".split()
)

_OUTSIDE_LINES = _BLOCKS | _HEADINGS | _LISTS | _CELLS | {"table"}

# White space as HTML defines it; a non-breaking space does not belong to it.
_WHITE_SPACE = re.compile(r"[ \t\n\f\r]+")
_STYLED_AWAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b")


def read_html(data: bytes) -> Reading:
    """Return the title and the paragraphs of a page.

    Headings become sections as in Markdown. A list without blocks in its items, a table and
    preformatted text are one paragraph each and keep their lines. Hidden text is left out, and so
    are navigation, asides, forms, and the header and footer of the page.

    Returns:
        The title from <title>, else the first level-one heading, else None; and the paragraphs.

    Raises:
        ValueError: The bytes are not a text in any known encoding.
    """
    composer = Composer()
    title = read_page(decode_html(data), composer)
    return composer.reading(title or composer.first_heading)


def read_page(text: str, composer: Composer) -> str | None:
    """Add the headings and paragraphs of a page to a document; return its <title> or None."""
    page = _Page(composer)
    _parse(text, page)
    page.close_open_blocks()
    return _collapse("".join(page.title)) or None


def words_of_html(text: str) -> str:
    """Return the visible text of a piece of HTML on one line; tags separate words."""
    words = _Words()
    _parse(text, words)
    return " ".join("".join(words.parts).split())


def decode_html(data: bytes) -> str:
    """Decode by byte-order mark, else as the page declares, else like any text.

    Raises:
        ValueError: The bytes are not a text in any known encoding.
    """
    declared = _DECLARED_ENCODING.search(data[:_DECLARATION_BYTES])
    return decode_text(data, declared=declared[1].decode("ascii", "ignore") if declared else None)


def _parse(text: str, target: "_VisibleContent") -> None:
    # lxml calls the methods that a target has, but its type stubs require all of them.
    parser = etree.HTMLParser(target=cast("Any", target), huge_tree=True)
    for start in range(0, len(text), _PIECE_CHARS):
        parser.feed(text[start : start + _PIECE_CHARS])
    if text:
        parser.close()


def _collapse(text: str) -> str:
    return _WHITE_SPACE.sub(" ", text.translate(_INVISIBLE)).strip()


class _VisibleContent:
    """A target of the parser that passes on visible elements; each start has an end."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self._hidden = 0
        self._in_title = False
        self._in_drawing = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle an opening tag."""
        self._in_drawing += tag == "svg"
        self._in_title = tag == "title" and not self._in_drawing and not self.title
        if self._hidden or self.hides(tag, attributes):
            self._hidden += 1
        else:
            self.opened(tag)

    def end(self, tag: str) -> None:
        """Handle a closing tag, written or implied."""
        self._in_title = False
        self._in_drawing -= tag == "svg"
        if self._hidden:
            self._hidden -= 1
        else:
            self.closed(tag)

    def data(self, data: str) -> None:
        """Handle characters."""
        if self._in_title:
            self.title.append(data)
        elif not self._hidden:
            self.shown(data)

    def close(self) -> None:
        """End the page."""

    def hides(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Return whether an element and everything inside it is hidden."""
        return tag in _UNSEEN or (
            bool(attributes)
            and (
                "hidden" in attributes
                or attributes.get("aria-hidden") == "true"
                or _STYLED_AWAY.search(attributes.get("style", "")) is not None
            )
        )

    def opened(self, tag: str) -> None:
        """Handle the start of a visible element."""

    def closed(self, tag: str) -> None:
        """Handle the end of a visible element."""

    def shown(self, data: str) -> None:
        """Handle visible characters."""


class _Words(_VisibleContent):
    """Collects visible characters, with a space for each tag."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def opened(self, tag: str) -> None:
        del tag
        self.parts.append(" ")

    closed = opened

    def shown(self, data: str) -> None:
        self.parts.append(data)


class _Page(_VisibleContent):
    """Composes the headings and paragraphs of a page.

    The outermost list or table is a group, whose lines are one paragraph. If it contains a separate
    block, each of its lines is a paragraph.
    """

    def __init__(self, composer: Composer) -> None:
        super().__init__()
        self._composer = composer
        self._parts: list[str] = []
        self._group: str | None = None
        self._group_depth = 0
        self._lines: list[str] = []
        self._cells: list[str] = []
        self._preformatted = 0
        self._parts_of_page = 0

    def hides(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in _FURNITURE or attributes.get("role") in _FURNITURE_ROLES:
            return True
        if tag in ("header", "footer") and not self._parts_of_page:
            return True
        return super().hides(tag, attributes)

    def opened(self, tag: str) -> None:
        if tag not in _OUTSIDE_LINES and tag != "br":
            return
        self._parts_of_page += tag in _PARTS_OF_PAGE
        self._edge(tag, opens=True)
        if tag in _LISTS or tag == "table":
            self._open_group(tag)
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "br":
            self._parts.append("\n" if self._preformatted else " ")

    def closed(self, tag: str) -> None:
        if tag not in _OUTSIDE_LINES:
            return
        self._parts_of_page -= tag in _PARTS_OF_PAGE
        if tag in _HEADINGS:
            self._composer.add_heading(int(tag[1]), self._take())
            return
        self._edge(tag, opens=False)
        if tag == "pre":
            self._preformatted -= 1
        elif tag in _LISTS or tag == "table":
            self._close_group()

    def shown(self, data: str) -> None:
        self._parts.append(data)

    def close_open_blocks(self) -> None:
        """End the paragraph that is open, and the group."""
        self._split_group()
        self._composer.add_paragraph(self._take())

    def _edge(self, tag: str, *, opens: bool) -> None:
        """End a paragraph, line or cell at the start or end of an element."""
        if tag in _HEADINGS or tag in ("pre", "blockquote"):
            self.close_open_blocks()
        elif self._group is None:
            if tag != "br":
                self._composer.add_paragraph(self._take())
        elif tag in _CELLS or tag == "caption":
            self._cells.append(self._take())
        elif tag in ("li", "tr") or tag in _LISTS:
            self._end_line()
        elif tag == "p" and opens and self._is_second_paragraph():
            self.close_open_blocks()
        elif tag in _BLOCKS:
            self._parts.append(" ")

    def _is_second_paragraph(self) -> bool:
        """Return whether a paragraph that begins in a group is a separate block."""
        return self._group != "table" or bool("".join(self._parts).strip())

    def _open_group(self, tag: str) -> None:
        kind = "table" if tag == "table" else "list"
        if not self._group_depth:
            self._group = kind
        elif kind == "table" or self._group == "table":  # the outer table is only layout
            self.close_open_blocks()
        self._group_depth += 1

    def _close_group(self) -> None:
        self._group_depth -= 1
        if self._group_depth == 0:
            self._end_line()
            self._composer.add_paragraph("\n".join(self._lines))
            self._lines, self._group = [], None

    def _end_line(self) -> None:
        cells = [*self._cells, self._take()]
        line = " | ".join(cell for cell in cells if cell)
        self._cells = []
        if line and self._group is not None:
            self._lines.append(line)
        else:
            self._composer.add_paragraph(line)

    def _split_group(self) -> None:
        """Make a paragraph of each line of the group, and of each later block in it."""
        for line in (*self._lines, *self._cells):
            self._composer.add_paragraph(line)
        self._lines, self._cells, self._group = [], [], None

    def _take(self) -> str:
        """Return the characters since the last edge."""
        if not self._parts:
            return ""
        text = "".join(self._parts)
        self._parts = []
        return text.translate(_INVISIBLE).strip("\n") if self._preformatted else _collapse(text)
