"""Split a document into the passages that are retrieved and quoted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from index.analysis.languages.codes import ENGLISH
from index.analysis.names import NamesInParagraph, follow_names
from index.analysis.sentences import ends_sentence, split_sentences
from index.analysis.terms import extract_words
from index.documents.model import Document, Mark, Paragraph
from index.passages.group_blocks import Group, group_blocks, is_lead_in, says_nothing
from index.passages.passage import Passage, Sentence, fingerprint, is_question

# About 250 words: such a passage fits into a Discord message (2,000 characters) together with its
# source and two short quotes. Most paragraphs of news and encyclopedias are shorter (median 118
# words in SQuAD 2.0), so they are not split.
MAX_PASSAGE_CHARS = 1500

# Some ten rows: a row is found by its own cells, so few others may lie beside it.
_MAX_TABLE_CHARS = 600

# Code up to this length is not cut, so that a reader can copy it.
_MAX_WHOLE_CODE_CHARS = 800

# A longer line of a list is cut between its sentences.
_MAX_WHOLE_LINE_CHARS = 800

# A shorter part would be a scrap: the last lines of code or of a list, or the first one of code
# before a line that is too long by itself.
_MIN_PART_CHARS = 80

_OF_LINES = ("code", "list", "table")

# A longer term or summary is not shown above each part of what is said about it.
_MAX_TERM_CHARS = 200

BETWEEN_BLOCKS = "\n\n"

# The number of an item, as Markdown writes it.
_NUMBER = re.compile(r"^\d{1,9}[.)]\s+")


class _Span(NamedTuple):
    """A sentence, a row or a line: half-open character offsets in a block of the group."""

    block: int
    start: int
    end: int


def split_passages(
    document: Document, max_chars: int = MAX_PASSAGE_CHARS, language: str = ENGLISH
) -> Iterator[Passage]:
    """Yield the passages of a document in the order of the text; words are read in the language.

    The blocks of a group of at most `max_chars` characters are one passage. Longer ones are split
    at the ends of sentences, list items, rows and lines of code into as few parts of at most
    `max_chars` as possible; those of tables are shorter. A single sentence or line is never split,
    so such a part may be longer, and code only if it is long. A lead-in stays with what follows it,
    and later parts know the lead-in, question or term above them. Groups that say nothing are
    left out; a document may have no other.
    """
    texts = ["" if block.kind == "code" else block.text for block in document.paragraphs]
    names = follow_names(texts)
    blocks = document.paragraphs
    for group in group_blocks(blocks):
        first = group.blocks[0].number - blocks[0].number
        after = first + len(group.blocks)
        if says_nothing(group, blocks[after] if after < len(blocks) else None):
            continue
        of_group = names[first : first + len(group.blocks)]
        yield from _passages(document, group, of_group, max_chars, language)


def _passages(
    document: Document,
    group: Group,
    names: Sequence[NamesInParagraph],
    max_chars: int,
    language: str,
) -> Iterator[Passage]:
    for part in _parts(group.blocks, max_chars, language):
        pieces = _pieces(group.blocks, part)
        first, last = part[0].block, part[-1].block
        block = group.blocks[first]
        text = BETWEEN_BLOCKS.join(piece.text for piece in pieces)
        sentences, marks = _in_passage(part, pieces)
        in_blocks = names[first : last + 1]
        yield Passage(
            document.source,
            document.title,
            block.section,
            block.number,
            block.page,
            pieces[0].start,
            text,
            tuple(_sentence(text, start, end, language) for start, end in sentences),
            tuple(word for one in in_blocks for word in one.introduced),
            tuple(word for one in in_blocks for word in one.completed),
            _url(document, group.blocks, first),
            last - first + 1,
            tuple(marks),
            _lead_in(group, part[0]),
            _header(block, pieces[0].start),
            _blocks_that_begin(group.blocks, part, text),
            block.date or document.date,
            language,
            block.time,
        )


def _url(document: Document, blocks: Sequence[Paragraph], number: int) -> str | None:
    """Return the address of a block, which is most often one in the document."""
    if blocks[number].url:
        return blocks[number].url
    url, anchor = document.url, _anchor(blocks, number)
    return f"{url}#{anchor}" if url and anchor and "#" not in url else url


def _anchor(blocks: Sequence[Paragraph], number: int) -> str | None:
    """Return the id of the term or post that a block is in, else of the heading above it."""
    own = (block.own_anchor for block in _continued(blocks, number) if block.own_anchor)
    return next(own, blocks[number].anchor)


def _continued(blocks: Sequence[Paragraph], number: int) -> Iterator[Paragraph]:
    """Yield a block, then those above it that it goes on with, back to a term or question."""
    yield blocks[number]
    while number > 0 and blocks[number].continues:
        number -= 1
        yield blocks[number]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a block, and the offset in it where the part starts."""

    block: Paragraph
    start: int
    text: str


def _pieces(blocks: Sequence[Paragraph], part: Sequence[_Span]) -> list[_Piece]:
    pieces = []
    for number in range(part[0].block, part[-1].block + 1):
        spans = [span for span in part if span.block == number]
        text = blocks[number].text
        start = spans[0].start
        if blocks[number].kind in ("code", "table"):  # with an indentation or an empty first cell
            start = text.rfind("\n", 0, start) + 1
        pieces.append(_Piece(blocks[number], start, text[start : spans[-1].end]))
    return pieces


def _in_passage(
    part: Sequence[_Span], pieces: Sequence[_Piece]
) -> tuple[list[tuple[int, int]], list[Mark]]:
    """Return the sentences and the marks of a part, with their offsets in the passage."""
    sentences: list[tuple[int, int]] = []
    marks: list[Mark] = []
    offset = 0
    for number, piece in enumerate(pieces, start=part[0].block):
        moved = offset - piece.start
        sentences += [(s.start + moved, s.end + moved) for s in part if s.block == number]
        end = offset + len(piece.text)
        for mark in piece.block.marks:
            start, stop = max(mark.start + moved, offset), min(mark.end + moved, end)
            if start < stop:
                is_later_part = mark.kind == "table" and mark.start < piece.start
                value = "" if is_later_part else mark.value
                marks.append(replace(mark, start=start, end=stop, value=value))
        offset = end + len(BETWEEN_BLOCKS)
    return sentences, marks


def _lead_in(group: Group, first: _Span) -> str | None:
    """Return the text that stands above a part and says what it is about."""
    head = group.blocks[0]
    if head.lead_in:
        return head.lead_in
    above = group.blocks[first.block - 1] if first.block > 0 else None
    if above is not None and is_lead_in(above):
        return above.text
    if first.block > 0 and (is_lead_in(head) or is_question(head.text)):
        return head.text
    *_, term = _continued(group.blocks, first.block)
    is_below_term = term is not group.blocks[first.block] and len(term.text) <= _MAX_TERM_CHARS
    return term.text if is_below_term else group.lead_in


def _header(block: Paragraph, start: int) -> str | None:
    """Return the header row of a table whose first row is not in the part."""
    if block.header:
        return block.header
    table = next((mark for mark in block.marks if mark.kind == "table"), None)
    if table is None or table.value != "header" or start <= table.start:
        return None
    return block.text[table.start : table.end].split("\n", 1)[0]


def _blocks_that_begin(
    blocks: Sequence[Paragraph], part: Sequence[_Span], text: str
) -> tuple[tuple[int, int], ...]:
    begun = [
        blocks[number]
        for number in range(part[0].block, part[-1].block + 1)
        if number > part[0].block or not blocks[number].text[: part[0].start].strip()
    ]
    texts = [(block.number, block.text) for block in begun]
    # Before format 6 an item of a list with blank lines had no number.
    unnumbered = ((one.number, _NUMBER.sub("", one.text)) for one in begun if one.kind == "item")
    texts += [pair for pair in unnumbered if pair not in texts]
    if texts == [(blocks[part[0].block].number, text)]:
        return ()
    return tuple((number, fingerprint(one)) for number, one in texts)


def _parts(blocks: Sequence[Paragraph], max_chars: int, language: str) -> Iterator[list[_Span]]:
    """Yield the spans of each passage of a group."""
    first = blocks[0]
    if len(blocks) == 1 and first.kind == "text" and len(first.text) <= max_chars:
        # Most paragraphs; the way below gives the same.
        whole = [_Span(0, start, end) for start, end in _spans(first, language)]
        yield from [whole] if whole else []
        return
    above: list[_Span] = []
    part: list[_Span] = []
    n_chars = 0
    for run in _unbreakable_runs(blocks, min(max_chars, _MAX_WHOLE_CODE_CHARS), language):
        added = _length(run, part[-1] if part else None)
        in_table = blocks[run[-1].block].kind == "table"
        most = min(_MAX_TABLE_CHARS, max_chars) if in_table else max_chars
        is_scrap = n_chars < _MIN_PART_CHARS and blocks[run[0].block].kind == "code"
        if part and n_chars + added > most and not (is_scrap and added > most):
            if above:
                yield above
            above, part, n_chars = part, [], 0
            added = _length(run, None)
        part += run
        n_chars += added
    is_rest = above and blocks[part[0].block].kind in _OF_LINES and part[0].start > 0
    if is_rest and n_chars < min(_MIN_PART_CHARS, max_chars // 10):
        above, part = above + part, []
    yield from (one for one in (above, part) if one)


def _length(run: Sequence[_Span], before: _Span | None) -> int:
    """Return by how many characters a run makes a passage longer that ends with `before`."""
    length = 0
    for span in run:
        if before is None:
            length += span.end - span.start
        elif before.block == span.block:
            length += span.end - before.end
        else:
            length += len(BETWEEN_BLOCKS) + span.end - span.start
        before = span
    return length


def _unbreakable_runs(
    blocks: Sequence[Paragraph], max_whole_code: int, language: str
) -> Iterator[list[_Span]]:
    """Group the spans of blocks into runs that are not split.

    A run of a text ends with a sentence's final mark, and one of a list with an item. A lead-in is
    in one run with the beginning of what follows, and a header row with the first row.
    """
    run: list[_Span] = []
    for number, block in enumerate(blocks):
        spans = _spans(block, language)
        following = blocks[number + 1] if number < len(blocks) - 1 else None
        has_header = any(mark.value == "header" for mark in block.marks if mark.kind == "table")
        for position, (start, end) in enumerate(spans):
            run.append(_Span(number, start, end))
            after = spans[position + 1][0] if position < len(spans) - 1 else None
            if block.kind in ("text", "item"):
                ends = ends_sentence(block.text[start:end])
                if after is None:
                    ends = following is None or (ends and following.kind != "code")
            elif block.kind == "list":
                ends = after is None or _ends_item(block.text, end, after)
            elif block.kind == "code":
                ends = after is None or len(block.text) > max_whole_code
            else:
                ends = after is None or not (has_header and position == 0)
            if ends:
                yield run
                run = []
    if run:
        yield run


def _ends_item(text: str, end: int, after: int) -> bool:
    """Return whether an item of a list ends between two sentences, or is too long to be kept."""
    first, last = text.rfind("\n", 0, end) + 1, text.find("\n", end)
    is_long = (len(text) if last < 0 else last) - first > _MAX_WHOLE_LINE_CHARS
    return "\n" in text[end:after] or is_long


def _spans(block: Paragraph, language: str) -> list[tuple[int, int]]:
    if block.kind not in ("code", "table"):
        return split_sentences(block.text, language)
    spans = []
    start = 0
    for line in block.text.split("\n"):
        if stripped := line.strip():
            first = start + line.find(stripped)
            spans.append((first, first + len(stripped)))
        start += len(line) + 1
    return spans


def _sentence(text: str, start: int, end: int, language: str) -> Sentence:
    return Sentence(start, end, tuple(extract_words(text[start:end], language)))
