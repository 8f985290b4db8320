"""Blocks of a page before they are paragraphs of a document."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from index.documents.model import BlockKind, Mark


@dataclass(slots=True)
class Block:
    """A heading, or what becomes a paragraph.

    Attributes:
        text: As a browser shows it; code keeps its indentation.
        kind: See `Paragraph`.
        marks: See `Paragraph`.
        level: That of a heading, from 1; 0 for a paragraph.
        anchor: The id of a heading, of a term or of a post that begins with it.
        continues: See `Paragraph`.
        is_label: Whether it only names the blocks that follow and continue it.
        is_in_main: Whether it lies in the part of the page that is its content.
        is_dropped: Whether it turned out not to be text of the page.
        item: The number of the list item that begins with it; "" if the list has no numbers; None
            if no item begins with it.
        depth: How many lists it is nested in.
    """

    text: str
    kind: BlockKind = "text"
    marks: list[Mark] = field(default_factory=list)
    level: int = 0
    anchor: str | None = None
    continues: bool = False
    is_label: bool = False
    is_in_main: bool = False
    is_dropped: bool = False
    item: str | None = None
    depth: int = 0


class Flow:
    """Where blocks are added to: the page, a list, or a cell of a table."""

    __slots__ = ("blocks",)

    def __init__(self, blocks: list[Block] | None = None) -> None:
        self.blocks: list[Block] = [] if blocks is None else blocks


class JoinedText:
    """Texts that are joined to one, with their marks."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self._parts: list[str] = []
        self.length = 0

    def add(self, text: str, marks: Iterable[Mark] = ()) -> None:
        """Add a text; the offsets of its marks are those in the text."""
        if marks:
            by = self.length
            self.marks += [one.moved(by) for one in marks]
        self._parts.append(text)
        self.length += len(text)

    def text(self) -> str:
        """Return the whole text."""
        return "".join(self._parts)


def share_of_links(blocks: Iterable[Block]) -> float:
    """Return which part of the characters of some blocks is in links."""
    linked = total = 0
    for block in blocks:
        total += len(block.text)
        linked += sum(mark.end - mark.start for mark in block.marks if mark.kind == "link")
    return linked / total if total else 0.0
