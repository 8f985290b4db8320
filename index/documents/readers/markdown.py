"""Read Markdown: headings become sections, paragraphs lose their markup."""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.documents.model import Mark, Reading
from index.documents.readers.composer import Composer
from index.documents.readers.html import words_of_html

_markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_markdown(text: str) -> Reading:
    r"""Return the title and the paragraphs of a Markdown text with "\n" line ends.

    A level-one heading at the beginning is the title. A list without blank lines between its items,
    a table and a code block are one paragraph each and keep their lines. In a list with blank
    lines each paragraph is separate.

    Returns:
        The title or None, and the paragraphs in order, numbered from 1.
    """
    composer = Composer()
    for kind, content in _blocks(_markdown.parse(text)):
        if kind.startswith("h"):
            composer.add_heading(int(kind[1]), content)
        elif kind == "p":
            composer.add_paragraph(content)
        elif kind == "list":
            composer.add_paragraph(content, kind="list")
        elif kind == "table":
            content = content.strip()
            composer.add_paragraph(
                content, kind="table", marks=[Mark("table", 0, len(content), "header")]
            )
        else:
            content = content.rstrip()
            composer.add_paragraph(
                content,
                kind="code",
                marks=[Mark("code", 0, len(content), kind.removeprefix("code"))],
            )
    return composer.reading()


def _blocks(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Yield ("h1" to "h6", heading) and ("p", paragraph) in the order of the text."""
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "heading_open":
            yield token.tag, _inline_text(tokens[position + 1])
        elif token.type == "inline" and tokens[position - 1].type == "paragraph_open":
            yield "p", _inline_text(token)
        elif token.type in ("fence", "code_block"):
            yield "code" + token.info.strip().split(" ")[0], token.content
        elif token.type == "html_block":
            yield "p", words_of_html(token.content)
        elif token.type == "table_open" or _is_tight_list(tokens, position):
            end = _closing(tokens, position)
            kind = "table" if token.type == "table_open" else "list"
            yield kind, "\n".join(_lines(tokens[position:end]))
            position = end
        position += 1


def _is_tight_list(tokens: list[Token], position: int) -> bool:
    """Return whether the token opens a list whose items are single blocks of text."""
    if tokens[position].type not in ("bullet_list_open", "ordered_list_open"):
        return False
    inside = tokens[position : _closing(tokens, position)]
    return all(
        token.hidden if token.type == "paragraph_open" else token.type not in _BLOCKS_OF_THEIR_OWN
        for token in inside
    )


_BLOCKS_OF_THEIR_OWN = frozenset(
    ("fence", "code_block", "html_block", "table_open", "heading_open", "blockquote_open")
)


def _closing(tokens: list[Token], position: int) -> int:
    """Return the position of the token that closes the block opened at `position`."""
    opening = tokens[position]
    for end in range(position + 1, len(tokens)):
        if tokens[end].level == opening.level and tokens[end].nesting == -1:
            return end
    return len(tokens)


def _lines(tokens: list[Token]) -> Iterator[str]:
    """Yield one line for each list item or table row, with the numbers of ordered lists."""
    cells: list[str] = []
    prefix = ""
    for token in tokens:
        if token.type == "list_item_open":
            prefix = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "inline":
            cells.append(_inline_text(token))
        if token.type in ("paragraph_close", "tr_close"):
            yield prefix + " | ".join(cells)
            cells, prefix = [], ""


def _inline_text(token: Token) -> str:
    """Return the words of an inline token as a reader sees them."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "image":
            parts.append(_inline_text(child))
        elif child.type in ("softbreak", "hardbreak") or child.content.lower().startswith("<br"):
            parts.append(" ")
    return "".join(parts).strip()
