"""Read Markdown: headings become sections, blocks lose their markup."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it.token import Token

from index.documents.model import BlockKind, Mark, Reading
from index.documents.readers.composer import Composer
from index.documents.readers.markdown.code_marks import without_marks
from index.documents.readers.markdown.html_parts import add_html_block, add_whole_html
from index.documents.readers.markdown.inline_rules import markdown_parser
from index.documents.readers.markdown.inline_text import (
    InlineText,
    inline_text,
    joined,
    without_pictures,
)
from index.documents.readers.markdown.lists import (
    Numbers,
    is_tight_list,
    lines_of_list,
    without_box,
)
from index.documents.readers.markdown.preparation.comments import name_in_comment
from index.documents.readers.markdown.preparation.page import Html, Label, Page
from index.documents.readers.markdown.preparation.prepare_page import prepare_page
from index.documents.readers.markdown.preparation.scripts import is_mdx
from index.documents.readers.markdown.slugs import Slugs
from index.documents.readers.markdown.tables import table_text

_parser = markdown_parser()

# What is said above a picture says nothing without it.
_LABEL_OF_PICTURE = re.compile(r"<span\b[^<>]*+>[^<>\n]{1,100}</span>")

# A title, or the name of a tab as VitePress writes it.
_CODE_LABEL = re.compile(
    r"""(?<![\w-])(?:title|filename)=(?:"([^"]*+)"|'([^']*+)')|\s\[([^\[\]]++)\]\s*+(?:\{[^{}]*+\})?$"""
)

# MDX has no code by indentation.
_mdx_parser = markdown_parser().disable("code")


def read_markdown(text: str, *, mdx: bool = False, url: str | None = None) -> Reading:
    r"""Return the title and the paragraphs of a Markdown text with "\n" line ends.

    A level-one heading at the beginning is the title. A list without blank lines between its items,
    a table and a code block are one paragraph each and keep their lines. In a list with blank
    lines each paragraph is separate. A footnote stands after the paragraph that refers to it.

    Args:
        text: Without front matter.
        mdx: Whether it is MDX; a text with imports is MDX in any case.
        url: The address where it is published, or None.

    Returns:
        The title or None, and the paragraphs in order, numbered from 1.
    """
    composer = Composer()
    add_markdown(text, composer, mdx=mdx or is_mdx(text.split("\n")), url=url)
    return composer.reading()


def add_markdown(
    text: str, composer: Composer, *, mdx: bool = False, url: str | None = None
) -> None:
    """Add the headings and paragraphs of a Markdown text to a document; see `read_markdown`."""
    page = prepare_page(text, mdx=mdx)
    reader = _Reader(page, {"mdx": mdx, "notes": page.notes}, url, composer)
    reader.read("\n".join(page.lines))


@dataclass(slots=True)
class _Item:
    """An item of a list whose items are separate blocks: its number, and whether it has a block."""

    number: str
    has_block: bool = False


@dataclass(slots=True)
class _Labelled:
    """What a label stands above: how far it reaches, and whether it has ended."""

    label: Label
    is_over: bool = False


class _Reader:
    def __init__(
        self, page: Page, env: dict[str, Any], url: str | None, composer: Composer
    ) -> None:
        self.composer = composer
        self._page = page
        self._env = env
        self._url = url
        self._slugs = Slugs()
        self._items: list[_Item] = []
        self._numbers: list[Numbers] = []
        self._labelled: list[_Labelled] = []
        self._label_of_sections: Label | None = None
        self._notes_read: set[str] = set()
        self._notes_below: list[str] = []
        self._in_note = False

    def read(self, text: str) -> None:
        """Add the blocks of a Markdown text."""
        parser = _mdx_parser if self._env["mdx"] else _parser
        tokens = parser.parse(text, self._env)
        position = 0
        while position < len(tokens):
            if tokens[position].type == "heading_open":
                self._read_notes_below()
            position = self._read_token(tokens, position) + 1
        self._read_notes_below()

    def add(
        self,
        text: str,
        kind: BlockKind = "text",
        marks: Sequence[Mark] = (),
        *,
        continues: bool = False,
    ) -> None:
        """Add a block; what is before it may say that it is read together with it."""
        if not text.strip():
            return
        continues = continues or self._in_note or any(item.has_block for item in self._items)
        continues = continues or any(not one.is_over for one in self._labelled)
        item = self._items[-1] if self._items else None
        if item and not item.has_block and kind == "text":
            kind = "item"
            marks = [
                Mark(m.kind, m.start + len(item.number), m.end + len(item.number), m.value)
                for m in marks
            ]
            text = item.number + text
        for one in self._items:
            one.has_block = True
        self.composer.add_paragraph(text, kind=kind, marks=marks, continues=continues)
        self._labelled = [one for one in self._labelled if one.label.scope != "next"]

    def add_heading(self, level: int, text: str, anchor: str | None) -> None:
        """Open a section."""
        self.composer.add_heading(level, text, anchor)
        for one in self._labelled:
            one.is_over = True

    def _read_token(self, tokens: list[Token], position: int) -> int:
        """Read the block that begins at a position, and return the position of its last token."""
        token = tokens[position]
        if token.type == "heading_open":
            self._read_heading(int(token.tag[1]), tokens[position + 1])
            if not _is_above_heading(tokens, position + 1):
                self._add_label_of_sections()
        elif token.type == "inline" and tokens[position - 1].type == "paragraph_open":
            if not _is_label_of_picture(tokens, position):
                self._read_paragraph(token, above_heading=_is_above_heading(tokens, position))
        elif token.type in ("fence", "code_block"):
            self._add_code(
                token, follows_code=position > 0 and tokens[position - 1].type == "fence"
            )
        elif token.type == "html_block":
            add_html_block(token.content, self)
        elif token.type == "table_open":
            end = _closing(tokens, position)
            self._add_inline(table_text(tokens[position:end], self._text), "table")
            return end
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            return self._read_list(tokens, position)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._numbers.pop()
            if not self._numbers:
                self._read_notes_below()
        elif token.type == "list_item_open":
            self._items.append(_Item(self._numbers[-1].next(token)))
        elif token.type == "list_item_close":
            self._items.pop()
        elif token.type == "blockquote_close":
            self._labelled = [one for one in self._labelled if not one.label.in_quote]
        return position

    def _add_code(self, token: Token, *, follows_code: bool) -> None:
        """Add code, below its label; a label after code is the one of another tab.

        A label is read together with the lead-in above it.
        """
        code = without_marks(self._page.restored(token.content), token.info).rstrip()
        label = _label_of_code(token.info) if code else ""
        self.add(label, continues=follows_code or self.composer.announces)
        marks = [Mark("code", 0, len(code), _language(token.info))]
        self.add(code, "code", marks, continues=bool(label))
        if not self._numbers:
            self._read_notes_below()

    def _read_list(self, tokens: list[Token], position: int) -> int:
        end = _closing(tokens, position)
        if not is_tight_list(tokens[position:end]):
            self._numbers.append(Numbers(tokens[position]))
            return position
        self._add_inline(
            joined(list(lines_of_list(tokens[position:end], self._said)), "\n"), "list"
        )
        return end

    def _read_heading(self, level: int, token: Token) -> None:
        heading = self._text(token)
        slug = self._slugs.add(heading.text)
        text = heading.text.removeprefix(":::").lstrip() or name_in_comment(token.content) or ""
        self.add_heading(level, text, heading.anchor or slug)

    def _read_paragraph(self, token: Token, *, above_heading: bool) -> None:
        part = self._page.part_at(token.content)
        if part is None:
            self._add_inline(without_box(self._said(token)), "text")
        elif isinstance(part, Html):
            add_whole_html(part.text, self)
        elif isinstance(part, Label):
            if above_heading and part.scope == "next":
                self._label_of_sections = part
            else:
                self._add_label(part)
        elif self._labelled:
            self._labelled.pop()

    def _add_label(self, label: Label) -> None:
        lines = [self._text(_parser.parseInline(line, self._env)[0]) for line in label.lines]
        if lines:
            label_text = joined(lines, "\n")
            self._notes_below += label_text.notes
            self.add(label_text.text, "text" if len(lines) == 1 else "list", label_text.marks)
        if label.scope != "none":
            self._labelled.append(_Labelled(label))

    def _add_label_of_sections(self) -> None:
        """Add the label of a tab that begins with a heading: it is no end of what is above."""
        label, self._label_of_sections = self._label_of_sections, None
        if label is not None:
            self._add_label(label)

    def _add_inline(self, block: InlineText, kind: BlockKind) -> None:
        self.add(block.text, kind, block.marks)
        if self._in_note:
            return
        waits_for_list = bool(self._notes_below and self._numbers)
        self._notes_below += block.notes
        is_lead_in = kind == "text" and block.text.endswith(":")
        if not is_lead_in and not waits_for_list:
            self._read_notes_below()

    def _read_notes_below(self) -> None:
        """Read the footnotes that wait for the end of what a lead-in announces."""
        names, self._notes_below = self._notes_below, []
        for name in names:
            if name not in self._notes_read:
                self._notes_read.add(name)
                self._read_note(self._page.notes[name])

    def _read_note(self, text: str) -> None:
        items, numbers = self._items, self._numbers
        self._items, self._numbers, self._in_note = [], [], True
        self.read(text)
        self._items, self._numbers, self._in_note = items, numbers, False

    def _said(self, token: Token) -> InlineText:
        """Return the text of a paragraph, without pictures at its end."""
        return inline_text(without_pictures(token.children or []), self._url)

    def _text(self, token: Token) -> InlineText:
        return inline_text(token.children or [], self._url)


def _closing(tokens: list[Token], position: int) -> int:
    """Return the position of the token that closes the block opened at `position`."""
    opening = tokens[position]
    for end in range(position + 1, len(tokens)):
        if tokens[end].level == opening.level and tokens[end].nesting == -1:
            return end
    return len(tokens)


def _is_above_heading(tokens: list[Token], position: int) -> bool:
    """Return whether the block whose text stands at a position is right above a heading."""
    return position + 2 < len(tokens) and tokens[position + 2].type == "heading_open"


def _is_label_of_picture(tokens: list[Token], position: int) -> bool:
    """Return whether a paragraph is a short text in <span>, and the next one is a picture."""
    written = tokens[position].content
    if not _LABEL_OF_PICTURE.fullmatch(written) or position + 3 >= len(tokens):
        return False
    below = tokens[position + 3].children or []
    has_picture = any(one.type == "image" for one in below)
    return has_picture and not inline_text(without_pictures(below)).text


def _label_of_code(info: str) -> str:
    """Return what a page shows above code: its title, or the name of its tab; or ""."""
    found = _CODE_LABEL.search(info)
    return next((one for one in found.groups() if one), "").strip() if found else ""


def _language(info: str) -> str:
    """Return the language of code: the first word after the fence."""
    words = info.strip().lstrip("{").split(maxsplit=1)
    word = words[0].lstrip(".").split("{")[0].split(",")[0].rstrip("}") if words else ""
    return word if word.isprintable() and "=" not in word and "`" not in word else ""
