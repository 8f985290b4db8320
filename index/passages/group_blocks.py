"""Group the blocks of a document that a reader needs to see together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.documents.model import Paragraph
from index.passages.passage import asked_heading, is_question

# A longer text before code says more than what the code is for. In the 103 pages of Ghostty's
# documentation three in four of such texts are shorter.
_MAX_LEAD_IN_CHARS = 400

# Up to this length a text right above a list or table is about it, also without a colon.
_MAX_LIST_LEAD_IN_CHARS = 200

# Below a heading the blocks up to this length are one passage: manuals explain an option in several
# blocks of a line. With 0, 600 and 1,000 the answers of 14, 19 and 20 of the 40 questions about
# Ghostty can be read. Short items of a list are one passage up to this length.
_MAX_SECTION_CHARS = 800

# A text up to this length is no paragraph of prose: those of SQuAD 2.0 have 700 characters.
_MAX_SHORT_CHARS = 300

# Up to this length a bullet names a thing, a bold line what is below it, and a lead-in says nothing
# but that something follows.
_MAX_LABEL_CHARS = 100

# A text with a link up to this length mostly says where to read on.
_MAX_REFERENCE_CHARS = 160

# A remark such as "Available since: 1.2" or "See the guide for more." says nothing without the
# blocks around it, which make the passage at most so long.
_MAX_WITH_REMARK_CHARS = 1500

# A sentence that only says where to read on has at most so many words, or only such ones beside its
# links.
_MAX_POINTER_WORDS = 6
_SEE = re.compile(
    r"(?:please )?(?:see|read|refer to|check(?: out)?|visit|described|explained|documented"
    r"|it'?s here|here)\b"
)
_POINTER_WORDS = frozenset(
    """a about also and another are at be below by can check detailed details described docs
    documentation documented explained following for found from full further guide here how in info
    information instructions is it its link list manual more of on or our out page pages please
    read refer s section see that the there these this to visit wiki with""".split()
)
_LABELS = frozenset(
    ("see also", *"note notes warning tip hint important caution danger info attention".split())
)
_ENDS_LEAD_IN = (":", "\uff1a")
_ASKS = re.compile(r"(?:(?:Q|Question)\s?\d*[:.]|Error:)\s", re.IGNORECASE)
_ERROR = re.compile(r"Error:\s", re.IGNORECASE)
_HAS_WORD = re.compile(r"[^\W_]")
_NUMBER = re.compile(r"(?:\d{1,9}|[A-Za-z])[.)]\s+")
_LATER_NUMBER = re.compile(r"(?<!\d)(?:[2-9]|1\d)\d*+[.)]\s")

# So far above an item the code that it explains can be.
_MAX_NUMBERED_NOTES = 30

# In code a note such as "# (1)!" refers to an item of the list below, as in Material for MkDocs.
_NUMBERED_NOTE = re.compile(r"(?:#|//|/\*|<!--|--|;|%)\s*\((\d{1,3})\)")
_WORD = re.compile(r"[^\W_]+")
_ENDS_INSIDE = re.compile(r"[.!?]\s")


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

    One group are: a lead-in or label and the code, list or table below it; a question and its
    answer; all blocks below a heading that is a question; code at the beginning of a section and
    the text that explains it. Of the other blocks those that follow each other below one heading
    are a group, as long as they are short; and so are the steps of a procedure and short items of
    a list. A remark of a line belongs to what is before it. In a text without headings a bold line
    is one; without such lines and links each other block is a group.
    """
    first_heading = next((block.number for block in blocks if block.section), 0)
    held: Group | None = None
    ends_with_item = False
    for group in _groups(blocks):
        first = group.blocks[0]
        is_on_page = first.section or first.kind == "item" or first.number < first_heading
        is_on_page = is_on_page or _n_links(first) > 0
        is_below = held is not None and _is_below_label(first, held)
        if held and (is_on_page or is_below) and _joins(held, group, ends_with_item=ends_with_item):
            held = Group((*held.blocks, *group.blocks), held.lead_in)
        else:
            if held is not None:
                yield held
            held = group
        ends_with_item = any(block.kind == "item" for block in group.blocks)
    if held is not None:
        yield held


def _groups(blocks: Sequence[Paragraph]) -> Iterator[Group]:
    """Yield the groups of `group_blocks` before short ones are joined."""
    group: list[Paragraph] = []
    lead_in: str | None = None
    for block in blocks:
        if group and _belongs(block, group):
            group.append(block)
            continue
        if group:
            yield Group(tuple(group), lead_in)
        lead_in = _lead_in_of(block, group, lead_in)
        group = [block]
    if group:
        yield Group(tuple(group), lead_in)


def says_nothing(group: Group, following: Paragraph | None) -> bool:
    """Return whether a group is a fragment, leads elsewhere, or announces what is not below it.

    The last is a sentence such as "There are four types of errors:" above other headings or a
    picture, in a text with headings.

    Args:
        group: The group.
        following: The block after it, or None at the end of the text.
    """
    return is_fragment(group) or _leads_elsewhere(group) or _announces_nothing(group, following)


def _leads_elsewhere(group: Group) -> bool:
    """Return whether a group is only a label, or a sentence such as "See the page X." in a section.

    To a question of a heading that is an answer.
    """
    only = group.blocks[0]
    if len(group.blocks) > 1 or only.kind != "text" or only.section is None:
        return False
    if asked_heading(only.section):
        return False
    text = only.text.rstrip(":.! ").lower()
    if text in _LABELS:
        return True
    is_short = len(only.text) <= _MAX_LABEL_CHARS and not _ENDS_INSIDE.search(only.text)
    if not is_short or "\n" in only.text:
        return False
    n_words = len(_WORD.findall(text))
    return bool(_SEE.match(text)) and (n_words <= _MAX_POINTER_WORDS or _says_only_where(only))


def _says_only_where(block: Paragraph) -> bool:
    outside = _outside_links(block).lower()
    return _n_links(block) > 0 and _POINTER_WORDS.issuperset(_WORD.findall(outside))


def _announces_nothing(group: Group, following: Paragraph | None) -> bool:
    only = group.blocks[0]
    if len(group.blocks) > 1 or only.section is None or not is_lead_in(only):
        return False
    if _ENDS_INSIDE.search(only.text) or "\n" in only.text:
        return False
    if following is not None and following.section == only.section:
        return False
    return len(only.text) <= _MAX_LABEL_CHARS


def is_fragment(group: Group) -> bool:
    """Return whether a group says nothing by itself: no word, or only a list of links."""
    *above, last = group.blocks
    if not any(_HAS_WORD.search(block.text) for block in group.blocks):
        return True
    is_led = all(is_lead_in(block) or _is_label(block) for block in above)
    is_list = last.kind in ("list", "item") or _n_links(last) > 1
    return is_list and is_led and _is_all_links(last)


def is_lead_in(block: Paragraph) -> bool:
    """Return whether a block is a text that announces what follows."""
    return block.kind in ("text", "item") and block.text.endswith(_ENDS_LEAD_IN)


def _is_label(block: Paragraph) -> bool:
    """Return whether a block names what follows: a bold line, or a list of one item."""
    if block.kind not in ("text", "list") or len(block.text) > _MAX_LABEL_CHARS:
        return False
    if "\n" in block.text or block.text.endswith((".", "!", "?")):
        return False
    return block.kind == "list" or _is_strong(block)


def _is_strong(block: Paragraph) -> bool:
    end = len(block.text.rstrip(":"))
    marks = (mark for mark in block.marks if mark.kind == "strong")
    return any(mark.start == 0 and mark.end >= end for mark in marks)


def _joins(held: Group, group: Group, *, ends_with_item: bool) -> bool:
    """Return whether a group is read together with the groups before it."""
    if is_fragment(group) or is_fragment(held) or not _is_same_heading(held, group):
        return False
    if group.blocks[0].kind == "item":
        return ends_with_item and _is_next_item(held, group)
    length = _length(held.blocks) + _length(group.blocks)
    if _is_remark(held):
        return True
    if _is_remark(group):
        return length <= _MAX_WITH_REMARK_CHARS
    blocks = (*held.blocks, *group.blocks)
    return (
        length <= _MAX_SECTION_CHARS
        and not any(one.kind == "item" for one in blocks)
        and all(len(one.text) <= _MAX_SHORT_CHARS for one in blocks if one.kind == "text")
    )


def _is_below_label(block: Paragraph, held: Group) -> bool:
    """Return whether a block is below a bold line that stands for a heading, and is none itself."""
    label = held.blocks[0]
    stands_for_heading = label.section is None and label.kind == "text" and _is_label(label)
    return stands_for_heading and not _is_label(block)


def _is_same_heading(held: Group, group: Group) -> bool:
    one, other = held.blocks[-1], group.blocks[0]
    if other.stands_alone:
        return False
    return (one.section, one.anchor) == (other.section, other.anchor)  # two may say the same


def _is_next_item(held: Group, group: Group) -> bool:
    """Return whether an item says too little by itself: a step of one text, or a short bullet."""
    above = next(one for one in reversed(held.blocks) if one.kind == "item")
    below = group.blocks[0]
    if _length(held.blocks) + _length(group.blocks) > _MAX_SECTION_CHARS:
        return False
    if _NUMBER.match(above.text) and _NUMBER.match(below.text):
        return held.blocks[-1] is above and len(group.blocks) == 1
    return max(len(above.text), _length(group.blocks)) <= _MAX_LABEL_CHARS


def _is_remark(group: Group) -> bool:
    """Return whether a group is a text of a line."""
    first = group.blocks[0]
    most = _MAX_REFERENCE_CHARS if _n_links(first) else _MAX_LABEL_CHARS
    return len(group.blocks) == 1 and first.kind == "text" and len(first.text) <= most


def _length(blocks: Sequence[Paragraph]) -> int:
    return sum(len(block.text) for block in blocks)


def _belongs(block: Paragraph, group: list[Paragraph]) -> bool:
    """Return whether a block is read together with the blocks before it."""
    first, before = group[0], group[-1]
    if block.continues:
        return True
    if block.stands_alone or block.section != before.section:
        return False
    if asked_heading(block.section) or _is_answer(block, first):
        return True
    if _explains_code(block, group):
        return True
    if all(_ERROR.match(one.text) for one in (block, before, first)):
        return True  # the same is said about several errors
    if _announces(before, block):
        return True
    if before.kind == "text" and first.kind != "code" and block.kind in ("list", "table", "item"):
        return len(before.text) <= _MAX_LIST_LEAD_IN_CHARS
    if before.kind == block.kind == "code" and _length([*group, block]) <= _MAX_SECTION_CHARS:
        return True  # what is typed, and what is printed
    if block.kind == "text":
        # An error message, then what is said about it.
        return first.kind == "code" and all(one.kind == "code" for one in group)
    if block.kind != "code" or first.kind == "code" != before.kind:
        return False
    is_short = before.kind in ("text", "item") and len(before.text) <= _MAX_LEAD_IN_CHARS
    return is_short or (before.kind == "code" and first.kind != "code")


def _explains_code(block: Paragraph, group: list[Paragraph]) -> bool:
    """Return whether a block is a list, or an item of one, whose number stands in code above."""
    number = _NUMBER.match(block.text)
    if block.kind not in ("list", "item") or number is None:
        return False
    written = number[0].rstrip(" .)")
    codes = (one.text for one in group[-_MAX_NUMBERED_NOTES:] if one.kind == "code")
    return any(written in _NUMBERED_NOTE.findall(code) for code in codes)


def _announces(above: Paragraph, block: Paragraph) -> bool:
    """Return whether a block is a lead-in or label of the one below it."""
    if _is_written_question(block):
        return False
    if block.kind == "text" and block.section is None:
        return above.kind == "text" and _is_label(above)
    return is_lead_in(above) or _is_label(above)


def _is_answer(block: Paragraph, first: Paragraph) -> bool:
    """Return whether a block belongs to a question that is written as a text."""
    if _is_written_question(block):
        return False
    return _is_written_question(first)


def _is_written_question(block: Paragraph) -> bool:
    if block.kind not in ("text", "list") or "\n" in block.text:
        return False
    return bool(_ASKS.match(block.text)) or (_is_strong(block) and is_question(block.text))


def _lead_in_of(block: Paragraph, above: Sequence[Paragraph], lead_in: str | None) -> str | None:
    """Return the line above the list to which an item belongs.

    Args:
        block: The first one of a group.
        above: The group before it.
        lead_in: The one of that group.
    """
    if block.kind != "item" or not above or above[-1].section != block.section:
        return None
    if above[0].kind == "item":
        return lead_in
    pairs = ((one, two) for one, two in pairwise(above) if two.kind == "item")
    return next((one.text for one, two in pairs if _is_lead_in_of(one, two)), None)


def _is_lead_in_of(above: Paragraph, item: Paragraph) -> bool:
    """Return whether a block stands above a list, not between two steps."""
    return is_lead_in(above) or not _LATER_NUMBER.match(item.text)


def _n_links(block: Paragraph) -> int:
    return sum(mark.kind == "link" for mark in block.marks)


def _is_all_links(block: Paragraph) -> bool:
    """Return whether a block holds only links; each line may say a word of its link."""
    lines = _outside_links(block).split("\n")
    return _n_links(block) > 0 and all(_says_little(line) for line in lines)


def _outside_links(block: Paragraph) -> str:
    """Return a text with spaces in the place of its links."""
    outside = list(block.text)
    for link in (mark for mark in block.marks if mark.kind == "link"):
        outside[link.start : link.end] = " " * (link.end - link.start)
    return "".join(outside)


def _says_little(outside: str) -> bool:
    """Return whether a line says at most a word such as "optional" beside its links."""
    words = _WORD.findall(_NUMBER.sub("", outside, count=1))
    return not words or (outside[:1].isspace() and len(words) == 1 and words[0].isalpha())
