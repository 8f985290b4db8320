"""Select the blocks of a page that are its text."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.documents.readers.html.content.block import Block, share_of_links

# A page's main part is its text, unless it holds fewer characters than this part of the page.
_MIN_SHARE_OF_MAIN = 0.2
_MIN_MAIN_CHARS = 500

_MIN_PROSE_CHARS = 80

_MAX_CONTROL_CHARS = 60
_CONTROL = re.compile(
    r"(?:[\u00ab\u2039\u2190<]\s*)?(?:previous|prev|next|back to top|skip to (?:main )?content"
    r"|edit (?:this )?page|edit on \w+|edit source|view page source|view source|show source"
    r"|improve this page|suggest edits?|report an? issue|permalink|copy|\[edit\]|\[source\])\b",
    re.IGNORECASE,
)


def has_prose(blocks: Sequence[Block]) -> bool:
    """Return whether a block is longer than those of navigation are."""
    return any(
        len(block.text) >= _MIN_PROSE_CHARS and share_of_links([block]) < 0.5
        for block in blocks
        if not block.level and not block.is_dropped
    )


def select_blocks(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that are text, in order.

    Only those of the page's main part are, if it has one. Links that are controls are left out,
    and names of tabs and panels without content.
    """
    blocks = [block for block in blocks if not block.is_dropped and not _is_control(block)]
    in_main = sum(len(block.text) for block in blocks if block.is_in_main)
    total = sum(len(block.text) for block in blocks)
    if in_main >= _MIN_MAIN_CHARS or in_main > total * _MIN_SHARE_OF_MAIN:
        blocks = [block for block in blocks if block.is_in_main]
    return _with_content(blocks)


def _with_content(blocks: Sequence[Block]) -> list[Block]:
    """Leave out labels that no block continues; join the first one to its lead-in."""
    selected: list[Block] = []
    following: Block | None = None
    for block in reversed(blocks):
        if block.is_label and (following is None or following.is_label or not following.continues):
            continue
        selected.append(block)
        following = block
    selected.reverse()
    for number in range(1, len(selected)):
        above = selected[number - 1]
        if selected[number].is_label and not above.level and above.text.endswith(":"):
            selected[number] = replace(selected[number], continues=True)
    return selected


def _is_control(block: Block) -> bool:
    if block.level or block.kind != "text" or len(block.text) > _MAX_CONTROL_CHARS:
        return False
    if not block.marks or not _CONTROL.match(block.text):
        return False
    return share_of_links([block]) > 0.7
