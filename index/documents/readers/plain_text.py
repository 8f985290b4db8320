"""Read plain text: the title, and the paragraphs between blank lines."""

import re

from index.analysis.sentences import ends_sentence, is_abbreviation
from index.documents.model import Paragraph, Reading

# Longer than any headline; a longer first line is a paragraph.
_MAX_TITLE_CHARS = 150

_LIST_ITEM = re.compile(r"(?:[-*+\u2022\u2023\u2013\u2014]|\(?\d{1,3}[.)]|\(?[a-z]\))\s")


def read_plain_text(text: str) -> Reading:
    r"""Return the title and the paragraphs of a text with "\n" line ends.

    The first block is the title if more text follows, it is one short line, and it either does not
    read as a sentence or is repeated by the next block. That repetition is dropped.

    Returns:
        The title or None, and the paragraphs in order, numbered from 1.
    """
    blocks = _blocks(text)
    title = None
    if len(blocks) > 1 and _is_title(blocks[0], following=blocks[1]):
        title = _join_lines(blocks[0])
        stands_twice = len(blocks) > 2 and blocks[0] == blocks[1]
        blocks = blocks[2 if stands_twice else 1 :]
    paragraphs = (Paragraph(n, _join_lines(lines)) for n, lines in enumerate(blocks, start=1))
    return title, tuple(paragraphs)


def _blocks(text: str) -> list[list[str]]:
    """Return the runs of non-blank lines, each line without white space around it."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if stripped := line.strip():
            blocks[-1].append(stripped)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _is_title(block: list[str], *, following: list[str]) -> bool:
    if len(block) != 1 or len(block[0]) > _MAX_TITLE_CHARS:
        return False
    line = block[0]
    if block == following or line.endswith("?") or is_abbreviation(line.split()[-1]):
        return True
    return not ends_sentence(line) and not line.endswith((":", ";", ",")) and not is_list_item(line)


def _join_lines(lines: list[str]) -> str:
    """Undo hard wrapping, but keep the lines of a list."""
    joined = lines[0]
    for line in lines[1:]:
        joined += ("\n" if is_list_item(line) else " ") + line
    return joined


def is_list_item(line: str) -> bool:
    """Return whether a line begins with a bullet, number or letter of a list."""
    return _LIST_ITEM.match(line) is not None
