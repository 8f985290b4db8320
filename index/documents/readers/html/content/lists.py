"""Lists of a page: one block with a line for each item, or a block for each item."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from index.documents.readers.html.content.block import Block, Flow, JoinedText
from index.documents.readers.html.content.numerals import written_number

_INTEGER = re.compile(r"\s*([+-]?\d{1,9})")

# The styles of CSS and the classes of Sphinx.
_STYLES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "loweralpha": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "upperalpha": "A",
    "lower-roman": "i",
    "lowerroman": "i",
    "upper-roman": "I",
    "upperroman": "I",
}
_STYLE = re.compile(r"\b(?:lower|upper)-?(?:alpha|latin|roman)\b")


class Numbering:
    """Gives the items of one list their numbers.

    Attributes:
        is_compact: Whether a paragraph in an item is all of it, as Sphinx says by a class.
    """

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.is_compact = "simple" in attributes.get("class", "").split()
        self._is_ordered = tag == "ol"
        self._type = "1"
        self._step = 1
        self._next = 1
        self._n_items = 0
        self._counts_items = False
        self._waiting: list[tuple[int, Block]] = []
        if self._is_ordered and attributes:
            style = _STYLE.search(f"{attributes.get('style', '')} {attributes.get('class', '')}")
            self._type = attributes.get("type") or (_STYLES[style[0]] if style else "1")
            self._step = -1 if "reversed" in attributes else 1
            self._counts_items = self._step < 0 and "start" not in attributes
            self._next = 0 if self._counts_items else _integer(attributes.get("start"), 1)

    def next_item(self, value: str | None) -> str:
        """Return what stands before the next item, such as "3. "; "" without numbers."""
        if not self._is_ordered:
            return ""
        number = _integer(value, self._next)
        self._next = number + self._step
        self._n_items += 1
        return self._prefix(number)

    def begun(self, block: Block) -> None:
        """Remember a block that begins with an item, if its number is not known yet."""
        if self._counts_items:
            self._waiting.append((self._next + 1, block))

    def finish(self) -> None:
        """Number the items of a list that counts down to 1."""
        for number, block in self._waiting:
            block.item = self._prefix(number + self._n_items)

    def _prefix(self, number: int) -> str:
        return f"{written_number(number, self._type)}. "


class ListNest:
    """An outermost list with the lists in it.

    Attributes:
        flow: The blocks of all items in order.
        parent: Where the blocks of the list are added when it ends.
        is_loose: Whether a block inside of an item is separate, so that all are.
        numberings: Those of the lists that are open, outermost first.
    """

    def __init__(self, parent: Flow) -> None:
        self.flow = Flow()
        self.parent = parent
        self.is_loose = False
        self.numberings: list[Numbering] = []

    @property
    def is_compact(self) -> bool:
        """Whether the paragraphs in the innermost list that is open are its items."""
        return bool(self.numberings) and self.numberings[-1].is_compact

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks that the list becomes."""
        kept = [block for block in self.flow.blocks if not block.is_dropped]
        if self.is_loose:
            yield from _items(kept)
        elif kept:
            yield _lines(kept)


def _lines(blocks: Sequence[Block]) -> Block:
    """Return one block with a line for each item."""
    joined = JoinedText()
    for block in blocks:
        if block.item is not None:
            joined.add(f"\n{block.item}" if joined.length else block.item)
        elif joined.length:
            joined.add(" ")
        joined.add(block.text, block.marks)
    first = blocks[0]
    return replace(first, text=joined.text(), kind="list", marks=joined.marks, item=None, depth=0)


def _items(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield a block for each item, followed by the other blocks in it."""
    top = 0
    for block in blocks:
        if block.level:
            yield block
            top = 0
        elif block.item is None or block.kind != "text":
            yield replace(block, continues=block.continues or bool(top and block.item is None))
        else:
            is_nested = 0 < top < block.depth
            top = top if is_nested else block.depth
            joined = JoinedText()
            joined.add(block.item)
            joined.add(block.text, block.marks)
            yield replace(
                block,
                text=joined.text(),
                kind="item",
                marks=joined.marks,
                continues=block.continues or is_nested,
                item=None,
            )


def _integer(text: str | None, default: int) -> int:
    found = _INTEGER.match(text) if text else None
    return int(found[1]) if found else default
