"""Group the blocks of a document that a reader needs to see together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.documents.model import Paragraph
from index.passages.passage import asked_heading, is_question

# A longer text before code says more than what the code is for. In the 103 pages of Ghostty's
# documentation three in four of such texts are shorter.
_MAX_LEAD_IN_CHARS = 400

# Below a heading the blocks up to this length are one passage: manuals explain an option in several
# blocks of a line. With 0, 600 and 1,000 the answers of 14, 19 and 20 of the 40 questions about
# Ghostty can be read.
_MAX_SECTION_CHARS = 800

# A text up to this length is no paragraph of prose: those of SQuAD 2.0 have 700 characters.
_MAX_SHORT_CHARS = 300

_ENDS_LEAD_IN = (":", "\uff1a")
_ASKS = re.compile(r"(?:Q|Question)\s?\d*[:.]\s", re.IGNORECASE)
_HAS_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that are one passage if they are not too long.

    Attributes:
        blocks: At least one, in order.
        lead_in: The line above an item of a list that says what is listed, or None.
    """

    blocks: tuple[Paragraph, ...]
    lead_in: str | None = None


def group_blocks(blocks: Sequence[Paragraph]) -> Iterator[Group]:
    """Yield groups of blocks, in order; each block is in one of them.

    One group are: a lead-in and the code, list or table below it; a question and its answer; all
    blocks below a heading that is a question; code at the beginning of a section and the text
    that explains it. Of the other blocks those that follow each other below one heading are a
    group, as long as they are short. Without headings each block is a group.
    """
    held: list[Paragraph] = []
    for group in _groups(blocks):
        is_alone = group.blocks[0].kind == "item" or is_fragment(group)
        if held and not is_alone and _is_same_short_section([*held, *group.blocks]):
            held += group.blocks
            continue
        if held:
            yield Group(tuple(held))
        held = [] if is_alone else [*group.blocks]
        if is_alone:
            yield group
    if held:
        yield Group(tuple(held))


def _groups(blocks: Sequence[Paragraph]) -> Iterator[Group]:
    """Yield the groups of `group_blocks` before short ones of a section are joined."""
    group: list[Paragraph] = []
    lead_in: str | None = None
    for block in blocks:
        if group and _belongs(block, group):
            group.append(block)
            continue
        if group:
            yield Group(tuple(group), lead_in if group[0].kind == "item" else None)
            lead_in = _lead_in_of_items(group, lead_in)
        group = [block]
    if group:
        yield Group(tuple(group), lead_in if group[0].kind == "item" else None)


def is_fragment(group: Group) -> bool:
    """Return whether a group says nothing by itself: no word, or only a list of links."""
    *above, last = group.blocks
    if not any(_HAS_WORD.search(block.text) for block in group.blocks):
        return True
    is_led = all(map(is_lead_in, above))
    return last.kind in ("list", "item") and is_led and _is_all_links(last)


def is_lead_in(block: Paragraph) -> bool:
    """Return whether a block is a text that announces what follows."""
    return block.kind in ("text", "item") and block.text.endswith(_ENDS_LEAD_IN)


def _is_same_short_section(blocks: Sequence[Paragraph]) -> bool:
    """Return whether blocks are short and below one heading.

    Paragraphs of prose are not short, and an item of a list stands for itself.
    """
    heading = blocks[0].section, blocks[0].anchor  # two headings may say the same
    return (
        blocks[0].section is not None
        and all((one.section, one.anchor) == heading and one.kind != "item" for one in blocks)
        and all(len(one.text) <= _MAX_SHORT_CHARS for one in blocks if one.kind == "text")
        and sum(len(one.text) for one in blocks) <= _MAX_SECTION_CHARS
    )


def _belongs(block: Paragraph, group: list[Paragraph]) -> bool:
    """Return whether a block is read together with the blocks before it."""
    first, before = group[0], group[-1]
    if block.continues:
        return True
    if block.section != before.section:
        return False
    if asked_heading(block.section) or _is_answer(block, first):
        return True
    if block.kind == "text":
        # An error message, then what is said about it.
        return first.kind == "code" and all(one.kind == "code" for one in group)
    if is_lead_in(before):
        return True
    if block.kind != "code" or first.kind == "code" != before.kind:
        return False
    is_short = before.kind in ("text", "item") and len(before.text) <= _MAX_LEAD_IN_CHARS
    return is_short or (before.kind == "code" and first.kind != "code")


def _is_answer(block: Paragraph, first: Paragraph) -> bool:
    """Return whether a block belongs to a question that is written as a text."""
    if _is_written_question(block):
        return False
    return _is_written_question(first)


def _is_written_question(block: Paragraph) -> bool:
    if block.kind != "text":
        return False
    is_strong = any(
        mark.kind == "strong" and mark.start == 0 and mark.end == len(block.text)
        for mark in block.marks
    )
    return bool(_ASKS.match(block.text)) or (is_strong and is_question(block.text))


def _lead_in_of_items(group: list[Paragraph], lead_in: str | None) -> str | None:
    """Return the lead-in of the items that follow a group."""
    if group[0].kind == "item":
        return lead_in
    return next((block.text for block in group if is_lead_in(block)), None)


def _is_all_links(block: Paragraph) -> bool:
    links = [mark for mark in block.marks if mark.kind == "link"]
    outside = list(block.text)
    for link in links:
        outside[link.start : link.end] = " " * (link.end - link.start)
    return bool(links) and not _HAS_WORD.search("".join(outside))
