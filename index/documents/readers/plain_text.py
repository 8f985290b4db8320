"""Read plain text: the title, and the paragraphs between blank lines."""

import re
from itertools import pairwise

from index.analysis.sentences import ends_sentence, is_abbreviation
from index.documents.model import Paragraph, Reading

# Longer than any headline; a longer first line is a paragraph.
_MAX_TITLE_CHARS = 150

# A fact a line: so many lines, and so many if they are sentences.
_MIN_FACTS = 3
_MIN_SENTENCES = 6

_GOES_ON = (",", ";", "-", "\u2013", "\u2014", ":", "(")

_LIST_ITEM = re.compile(
    r"(?:[-*+\u2013\u2014\u2022\u2023\u25a0\u25a1\u25aa\u25ab\u25b6\u25ba\u25cb\u25cf\u25e6\u2013\u2713\u2714\u27a2\uf0a7\uf0b7]|\(?\d{1,3}[.)]|\(?[a-z]\))\s"
)


def read_plain_text(text: str) -> Reading:
    r"""Return the title and the paragraphs of a text with "\n" line ends.

    The first block is the title if more text follows, it is one short line, and it either does not
    read as a sentence or is repeated by the next block. That repetition is dropped. In a block with
    one fact a line, each line is a paragraph.

    Returns:
        The title or None, and the paragraphs in order, numbered from 1.
    """
    blocks = _blocks(text)
    title = None
    if len(blocks) > 1 and _is_title(blocks[0], following=blocks[1]):
        title = _join_lines(blocks[0])
        stands_twice = len(blocks) > 2 and blocks[0] == blocks[1]
        blocks = blocks[2 if stands_twice else 1 :]
    texts = [text for lines in blocks for text in _texts(lines)]
    return title, tuple(Paragraph(n, text) for n, text in enumerate(texts, start=1))


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


def _texts(lines: list[str]) -> list[str]:
    return lines if _is_fact_a_line(lines) else [_join_lines(lines)]


def _is_fact_a_line(lines: list[str]) -> bool:
    """Return whether each line stands for itself, and none was wrapped to the next.

    No line begins like the rest of a sentence or ends in the middle of one, and a third of the
    lines are so short that the next word would have had room; of wrapped ones nearly none is. Lines
    that are sentences may also be a paragraph with a sentence a line, so of those there must be
    several.
    """
    if len(lines) < _MIN_FACTS or any(map(is_list_item, lines)):
        return False
    if any(line[0].islower() or line.endswith(_GOES_ON) for line in lines):
        return False
    width = max(map(len, lines))
    pairs = list(pairwise(lines))
    with_room = sum(
        len(line) + 1 + len(following.split(maxsplit=1)[0]) <= width for line, following in pairs
    )
    if with_room * 3 < len(pairs):
        return False
    n_sentences = sum(map(ends_sentence, lines))
    return n_sentences * 2 < len(lines) or len(lines) >= _MIN_SENTENCES


def _join_lines(lines: list[str]) -> str:
    """Undo hard wrapping, but keep the lines of a list."""
    joined = lines[0]
    for line in lines[1:]:
        joined += ("\n" if is_list_item(line) else " ") + line
    return joined


def is_list_item(line: str) -> bool:
    """Return whether a line begins with a bullet, number or letter of a list."""
    return _LIST_ITEM.match(line) is not None
