"""The pieces of an excerpt: text, code and tables, each shown in a form of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering import Quote
from index import Mark

_BLOCKS = ("code", "table")

_SPANS = ("literal", "link")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt: half-open character offsets in the quote's text.

    Attributes:
        start: Offset of its first character; of code and tables where a line begins.
        end: Offset after its last character.
        block: The mark of the code or the table that it is a part of; None for text.
    """

    start: int
    end: int
    block: Mark | None = None


def has_blocks(quote: Quote) -> bool:
    """Return whether a quote holds code or a table."""
    return any(mark.kind in _BLOCKS for mark in quote.marks)


def split_pieces(quote: Quote, start: int, end: int) -> list[Piece]:
    """Return the pieces of an excerpt in the order of the text; at least one.

    Code and tables begin with the whole of their first line, and a table that would lack only its
    header row begins with that. Around them white space belongs to no piece.
    """
    pieces = []
    at = start
    for mark in _blocks(quote):
        if mark.end <= at or mark.start >= end:
            continue
        first = _line_start(quote.text, mark, max(mark.start, start))
        pieces += _text(quote.text, at, first)
        at = min(mark.end, end)
        pieces.append(Piece(first, at, mark))
    if not pieces:
        return [Piece(start, end)]
    return [*pieces, *_text(quote.text, at, end)]


def spans_within(marks: Sequence[Mark], start: int, end: int) -> Iterator[Mark]:
    """Yield the links and the code inside lines that overlap a part, outermost first."""
    for mark in marks:
        if mark.kind in _SPANS and mark.start < end and mark.end > start:
            yield mark


def _blocks(quote: Quote) -> Iterator[Mark]:
    """Yield the marks of code and tables; one inside another is left out."""
    end = 0
    for mark in sorted(quote.marks, key=lambda mark: (mark.start, -mark.end)):
        if mark.kind in _BLOCKS and mark.start >= end and mark.start < mark.end:
            yield mark
            end = mark.end


def _line_start(text: str, mark: Mark, start: int) -> int:
    """Return where the line begins, or the table whose header row is all that is above."""
    first = max(mark.start, text.rfind("\n", mark.start, start) + 1)
    is_second = mark.value == "header" and "\n" not in text[mark.start : first].rstrip("\n")
    return mark.start if mark.kind == "table" and is_second else first


def _text(text: str, start: int, end: int) -> list[Piece]:
    part = text[start:end]
    if not part.strip():
        return []
    first = start + len(part) - len(part.lstrip())
    return [Piece(first, first + len(part.strip()))]
