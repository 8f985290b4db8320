"""Read HTML that stands in Markdown."""

import re
from collections.abc import Sequence
from typing import Protocol

from markdown_it import MarkdownIt

from index.documents.model import BlockKind, Mark, Paragraph
from index.documents.readers.composer import Composer
from index.documents.readers.html import read_page, words_of_html
from index.documents.readers.markdown.inline_rules import ICON

# HTML that is more than one paragraph.
_STRUCTURE = re.compile(r"<(?:table|ul|ol|dl|pre|h[1-6]|details|math)\b", re.IGNORECASE)

_BLANK_LINE = re.compile(r"\n[ \t]*\n")

# Markdown inside of lines, and the elements in which its signs are text.
_HAS_MARKDOWN = re.compile(r"`[^`\n]+`|\]\(|\*\*\w|__\w|:[a-z]+-[\w-]+:")
_VERBATIM = re.compile(r"<(/?)(?:pre|code|math|script|style|svg)\b[^<>]*>", re.IGNORECASE)
_BROKEN_TAG = re.compile(r"</?[A-Za-z]")

# Markdown may stand between the tags of HTML that has blank lines.
_renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_renderer.disable("code")


class Blocks(Protocol):
    """What HTML is added to."""

    def add(
        self,
        text: str,
        kind: BlockKind = ...,
        marks: Sequence[Mark] = ...,
        *,
        continues: bool = ...,
    ) -> None:
        """Add a block."""

    def add_heading(self, level: int, text: str, anchor: str | None) -> None:
        """Open a section."""


class _Forwarding(Composer):
    """Hands on what the HTML reader composes."""

    def __init__(self, blocks: Blocks) -> None:
        super().__init__(title_on_top=False)
        self._blocks = blocks

    def add_heading(self, level: int, text: str, anchor: str | None = None) -> None:
        self._blocks.add_heading(level, text, anchor)

    def _append(self, paragraph: Paragraph) -> None:
        one = paragraph
        self._blocks.add(one.text, one.kind, one.marks, continues=one.continues)


def add_html_block(text: str, blocks: Blocks) -> None:
    """Add a block of HTML as Markdown knows it: one paragraph, unless it has a structure."""
    if _STRUCTURE.search(text):
        add_whole_html(text, blocks)
        return
    composer = Composer(title_on_top=False)
    read_page(_with_markdown_read(text), composer)
    _, paragraphs = composer.reading()
    if not paragraphs:
        blocks.add(words_of_html(text))
        return
    marks: list[Mark] = []
    offset = 0
    for one in paragraphs:
        marks += [mark.moved(offset) for mark in one.marks]
        offset += len(one.text) + 1
    blocks.add(" ".join(one.text for one in paragraphs), "text", marks)


def add_whole_html(text: str, blocks: Blocks) -> None:
    """Add HTML as the HTML reader reads it; Markdown between its tags is read too."""
    if _BLANK_LINE.search(text):
        text = _renderer.render("\n".join(line.lstrip() for line in text.split("\n")))
    else:
        text = _with_markdown_read(text)
    read_page(text, _Forwarding(blocks))


def _with_markdown_read(text: str) -> str:
    """Return HTML with the Markdown inside of its lines as HTML, which MDX and MkDocs show so."""
    if not _HAS_MARKDOWN.search(text):
        return text
    parts: list[str] = []
    position, depth = 0, 0
    for tag in _VERBATIM.finditer(text):
        if depth == 0:
            parts.append(_rendered(text[position : tag.start()]))
            position = tag.start()
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth == 0:
            parts.append(text[position : tag.end()])
            position = tag.end()
    rest = text[position:]
    return "".join((*parts, rest if depth else _rendered(rest)))


def _rendered(text: str) -> str:
    """Return lines of HTML with their Markdown as HTML; as they are if a tag is broken."""
    (line,) = _renderer.parseInline(ICON.sub("", text))
    words = (one for one in line.children or [] if one.type == "text")
    if any(_BROKEN_TAG.search(one.content) for one in words):
        return text
    return str(_renderer.renderer.render([line], _renderer.options, {}))
