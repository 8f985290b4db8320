"""Turn the tokens inside a block into its text and its marks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from markdown_it.token import Token

from index.documents.model import Mark, MarkKind
from index.documents.readers.markdown.inline_rules import DROPPED, FOOTNOTE, WIKILINK
from index.documents.readers.markdown.tags import TAG, Tag, parse_tag

_MAX_ADDRESS_CHARS = 2_000

_TOKEN_MARKS: dict[str, MarkKind] = {"strong": "strong", "link": "link"}
_TAG_MARKS: dict[str, MarkKind] = {
    "strong": "strong", "b": "strong", "code": "literal", "kbd": "literal", "tt": "literal",
    "a": "link",
}  # fmt: skip
_BESIDE_PICTURES = frozenset(
    ("image", "softbreak", "hardbreak", "link_open", "link_close", DROPPED, "strong_close")
)
_STRUCK_TAGS = frozenset(("del", "s", "strike"))
_UNSEEN_TAGS = frozenset(("script", "style"))

_BARE_ADDRESS = re.compile(r"https?://[^\s<>\"`|]+")
_AFTER_ADDRESS = ".,;:!?'*_)]}"

# The id of a block in Obsidian.
_BLOCK_ID = re.compile(r"(?:^|\s)\^(?=[\w-]*[A-Za-z])[A-Za-z0-9-]{2,}$")

# Two spaces are left, as some people write them between sentences.
_WIDE_GAP = re.compile(r" {3,}")

# The language before code inside a line, as MkDocs highlights it.
_CODE_LANGUAGE = re.compile(r"(?:#!|:::)[A-Za-z][\w+-]*[ ]+(?=\S)")

# What stands between an icon, or another thing that is not shown, and the text.
_AFTER_ICON = re.compile(r"\s*[-\u2013\u2014]\s+")

_CLOSES_UP = (".", ",", ";", ":", "!", "?", ")")

# Labels of a component inside a line, such as <Badge text="new" />.
_LABELS = ("text", "label")


@dataclass(slots=True)
class InlineText:
    """A text without its markup.

    Attributes:
        text: The words as a reader sees them.
        marks: Its parts with a form of their own; a link without a known address has "".
        notes: The names of the footnotes that it refers to.
        anchor: The id that it gives itself by <a name="..."> or {#...}, or None.
    """

    text: str
    marks: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    anchor: str | None = None

    def without_start(self, n_chars: int) -> "InlineText":
        """Return it without so many characters at its start."""
        if not n_chars:
            return self
        marks = [
            Mark(m.kind, max(m.start - n_chars, 0), m.end - n_chars, m.value)
            for m in self.marks
            if m.end > n_chars
        ]
        return InlineText(self.text[n_chars:], marks, self.notes, self.anchor)

    def stripped(self) -> "InlineText":
        """Return it without white space around it."""
        blank = len(self.text) - len(self.text.lstrip())
        one = self.without_start(blank)
        text = one.text.rstrip()
        if len(text) == len(one.text):
            return one
        marks = [fitted for mark in one.marks if (fitted := _fitted(mark, text))]
        return InlineText(text, marks, self.notes, self.anchor)


def joined(texts: Sequence[InlineText], separator: str) -> InlineText:
    """Return texts as one, with a separator between them."""
    parts: list[str] = []
    marks: list[Mark] = []
    notes: list[str] = []
    offset = 0
    for one in texts:
        parts.append(one.text)
        marks += [Mark(m.kind, m.start + offset, m.end + offset, m.value) for m in one.marks]
        notes += one.notes
        offset += len(one.text) + len(separator)
    return InlineText(separator.join(parts), marks, notes)


def without_pictures(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens of a paragraph without the pictures after its last word or sentence.

    What is said in place of them stands for no word of the text, as inside of a sentence.
    """
    end = len(tokens)
    while end and (tokens[end - 1].type in _BESIDE_PICTURES or _is_blank(tokens[end - 1])):
        end -= 1
    is_over = end == 0 or (tokens[end - 1].type != "text" or _ends_text(tokens[end - 1].content))
    has_picture = any(token.type == "image" for token in tokens[end:])
    if not has_picture or not is_over:
        return tokens
    return [*tokens[:end], *(token for token in tokens[end:] if token.type.endswith("_close"))]


def _is_blank(token: Token) -> bool:
    return token.type == "text" and not token.content.strip()


def _ends_text(text: str) -> bool:
    return text.rstrip().endswith((".", "!", "?", ":"))


def inline_text(tokens: Sequence[Token], url: str | None = None) -> InlineText:
    """Return what a reader sees of the tokens inside a block.

    Args:
        tokens: The children of an inline token.
        url: The address of the document, with which relative addresses are resolved, or None.
    """
    builder = _Builder(url)
    builder.add(tokens)
    return builder.result()


class _Builder:
    def __init__(self, url: str | None) -> None:
        self._url = url
        self._parts: list[str] = []
        self._length = 0
        self._last = ""  # the last character
        self._marks: list[Mark] = []
        self._open: list[tuple[str, MarkKind, int, str]] = []
        self._notes: list[str] = []
        self._anchor: str | None = None
        self._struck = 0
        self._unseen = 0
        self._dropped = False

    def add(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.type == "text":
                self._text(_WIDE_GAP.sub(" ", token.content))
            elif token.type == "code_inline":
                start = self._length
                self._text(_CODE_LANGUAGE.sub("", token.content, count=1))
                self._mark("literal", start)
            elif token.type == WIKILINK:
                start = self._length
                self._text(token.content)
                self._mark("link", start)
            elif token.type in ("softbreak", "hardbreak"):
                self._text(" ")
            elif token.type == "image":
                self.add(token.children or [])
            elif token.type in ("s_open", "s_close"):
                self._struck += token.nesting
                self._dropped = True
            elif token.type == "html_inline":
                self._html(token.content)
            elif token.type == FOOTNOTE:
                self._notes.append(token.content)
                self._dropped = True
            elif token.type == DROPPED:
                self._anchor = self._anchor or token.content or None
                self._dropped = True
            elif kind := _TOKEN_MARKS.get(token.tag if token.tag != "a" else "link"):
                if token.nesting == 1:
                    self._open_mark(token.tag, kind, str(token.attrs.get("href", "")))
                else:
                    self._close_mark(token.tag)

    def result(self) -> InlineText:
        text = "".join(self._parts)
        if "^" in text and (found := _BLOCK_ID.search(text.rstrip())):
            text = text[: found.start()]
        marks = [one for mark in self._marks if (one := _fitted(mark, text))]
        marks += _bare_addresses(text, marks)
        marks.sort(key=lambda mark: (mark.start, -mark.end))
        return InlineText(text, marks, self._notes, self._anchor).stripped()

    def _text(self, text: str) -> None:
        if self._struck or self._unseen or not text:
            return
        if self._dropped:
            if not self._parts and (dash := _AFTER_ICON.match(text)):
                text = text[dash.end() :]
            if text[:1] == " " and self._last in ("", " "):
                text = text.lstrip(" ")
            elif text.startswith(_CLOSES_UP) and self._last == " ":
                self._unsay_space()
            self._dropped = not text
        if text:
            self._parts.append(text)
            self._length += len(text)
            self._last = text[-1]

    def _unsay_space(self) -> None:
        self._parts[-1] = self._parts[-1][:-1]
        self._length -= 1
        self._last = ""

    def _html(self, written: str) -> None:
        found = TAG.match(written)
        if not found:
            self._dropped = True  # a comment
            return
        tag = parse_tag(found)
        name = tag.name.lower() if tag.name[0].islower() else tag.name
        if tag.name.lower() == "br":
            self._text(" ")
        elif name in _STRUCK_TAGS:
            self._struck = max(self._struck + (-1 if tag.closes else 1), 0)
            self._dropped = True
        elif name in _UNSEEN_TAGS:
            self._unseen = max(self._unseen + (-1 if tag.closes else 1), 0)
        elif kind := _TAG_MARKS.get(name):
            self._marked_tag(name, tag, kind)
        elif tag.name[0].isupper() and tag.is_empty:
            self._component(tag)
        else:
            self._dropped = True

    def _marked_tag(self, name: str, tag: Tag, kind: MarkKind) -> None:
        if tag.closes:
            self._close_mark(name)
            return
        if name == "a" and (anchor := tag.attributes.get("name") or tag.attributes.get("id")):
            self._anchor = self._anchor or anchor
            self._dropped = True
        if not tag.is_empty:
            self._open_mark(name, kind, tag.attributes.get("href", ""))

    def _component(self, tag: Tag) -> None:
        label = next((tag.attributes[one] for one in _LABELS if tag.attributes.get(one)), "")
        if label:
            self._text(label)
        else:
            self._dropped = True

    def _open_mark(self, name: str, kind: MarkKind, address: str) -> None:
        self._open.append((name, kind, self._length, address))

    def _close_mark(self, name: str) -> None:
        for position in range(len(self._open) - 1, max(len(self._open) - 9, -1), -1):
            opened, kind, start, address = self._open[position]
            if opened == name:
                del self._open[position]
                self._mark(kind, start, address)
                return

    def _mark(self, kind: MarkKind, start: int, address: str = "") -> None:
        value = web_address(address, self._url) or "" if kind == "link" else ""
        if start < self._length:
            self._marks.append(Mark(kind, start, self._length, value))


def _fitted(mark: Mark, text: str) -> Mark | None:
    """Return a mark without the white space at its ends; None if nothing is left."""
    part = text[mark.start : mark.end]
    start = mark.start + len(part) - len(part.lstrip())
    end = start + len(part.strip())
    if (start, end) == (mark.start, mark.end):
        return mark
    return Mark(mark.kind, start, end, mark.value) if start < end else None


def web_address(written: str, url: str | None) -> str | None:
    """Return the http or https address that a link leads to; None if it is not known.

    Args:
        written: As it stands in the text.
        url: The address of the text itself, or None.
    """
    try:
        parts = urlsplit(written)
        if not parts.scheme and url and written and not parts.path.endswith((".md", ".mdx")):
            written = urljoin(url, written)
            parts = urlsplit(written)
    except ValueError:  # a broken IPv6 address
        return None
    is_safe = len(written) <= _MAX_ADDRESS_CHARS and written.isprintable() and " " not in written
    return written if is_safe and parts.scheme in ("http", "https") and parts.hostname else None


def _bare_addresses(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Return a mark for each address that stands in the text itself."""
    if "://" not in text:
        return []
    taken = sorted((m.start, m.end) for m in marks if m.kind in ("link", "literal"))
    found = []
    number = 0
    for match in _BARE_ADDRESS.finditer(text):
        start = match.start()
        while number < len(taken) and taken[number][1] <= start:
            number += 1
        is_taken = number < len(taken) and taken[number][0] < match.end()
        address = match[0].rstrip(_AFTER_ADDRESS)
        if not is_taken and (value := web_address(address, None)):
            found.append(Mark("link", start, start + len(address), value))
    return found
