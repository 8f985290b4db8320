"""The items of lists, with their numbers."""

from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token

from index.documents.readers.markdown.inline_text import InlineText, joined

_BLOCKS_OF_THEIR_OWN = frozenset(
    ("fence", "code_block", "html_block", "table_open", "heading_open", "blockquote_open")
)
_OPENS_LIST = ("bullet_list_open", "ordered_list_open")


class Numbers:
    """The numbers of the items of a list, as a reader sees them: each is one more."""

    def __init__(self, opening: Token) -> None:
        is_ordered = opening.type == "ordered_list_open"
        self._next = int(opening.attrs.get("start", 1)) if is_ordered else None

    def next(self, item: Token) -> str:
        """Return the number of the next item, with the sign and the space after it, or ""."""
        if self._next is None:
            return ""
        number = f"{self._next}{item.markup} "
        self._next += 1
        return number


def is_tight_list(tokens: Sequence[Token]) -> bool:
    """Return whether the items of a list are single blocks of text."""
    return all(
        token.hidden if token.type == "paragraph_open" else token.type not in _BLOCKS_OF_THEIR_OWN
        for token in tokens
    )


def lines_of_list(
    tokens: Sequence[Token], text_of: Callable[[Token], InlineText]
) -> Iterator[InlineText]:
    """Yield one line for each item of a list, with the numbers of ordered lists."""
    numbers: list[Numbers] = []
    prefix = ""
    for token in tokens:
        if token.type in _OPENS_LIST:
            numbers.append(Numbers(token))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            prefix = numbers[-1].next(token)
        elif token.type == "inline":
            line = without_box(text_of(token))
            if line.text:
                yield joined([InlineText(prefix), line], "") if prefix else line
            prefix = ""


def without_box(line: InlineText) -> InlineText:
    """Return the text of a task without its box."""
    is_task = line.text[:4].lower() in ("[ ] ", "[x] ")
    return line.without_start(4) if is_task else line
