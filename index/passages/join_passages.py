"""Join passages that stand next to each other in a text into one that is shown."""

from collections.abc import Sequence
from dataclasses import replace

from index.analysis.languages.scripts import is_unspaced
from index.analysis.sentences import ends_sentence
from index.documents.model import Mark
from index.passages.passage import Passage, Sentence
from index.passages.split_passages import BETWEEN_BLOCKS


def stand_together(before: Passage, after: Passage) -> bool:
    """Return whether a passage goes on in one section where the one before it ends.

    They are parts of one block, or no block stands between them. Paragraphs of a text without
    headings stand alone.

    Args:
        before: A passage.
        after: The passage that follows it in the index.
    """
    if (before.source, before.section, before.url) != (after.source, after.section, after.url):
        return False
    if _is_cut(before, after):
        return True
    return before.section is not None and after.paragraph == before.paragraph_end + 1


def join_passages(passages: Sequence[Passage]) -> tuple[Passage, list[int]]:
    """Return passages as one, and the offset in its text at which each of them begins.

    Args:
        passages: At least one, in the order of the text; each stands together with the next one.
    """
    if len(passages) == 1:
        return passages[0], [0]
    joined = passages[0]
    offsets = [0]
    for passage in passages[1:]:
        joined = _join(joined, passage)
        offsets.append(len(joined.text) - len(passage.text))
    held = [(one.paragraph, one.fingerprint) for one in passages]
    blocks = dict.fromkeys([*held, *(block for one in passages for block in one.blocks)])
    return replace(joined, blocks=tuple(blocks)), offsets


def _join(before: Passage, after: Passage) -> Passage:
    text = before.text + _between(before, after)
    lead_ins = [before.lead_in]
    if after.lead_in and after.lead_in not in before.text:
        lead_ins.append(after.lead_in)
    return replace(
        before,
        text=text + after.text,
        sentences=before.sentences + tuple(_moved(one, len(text)) for one in after.sentences),
        introduced=before.introduced + after.introduced,
        completed=before.completed + after.completed,
        n_blocks=after.paragraph_end - before.paragraph + 1,
        marks=_joined_marks(before, after, len(text)),
        lead_in="\n".join(dict.fromkeys(filter(None, lead_ins))) or None,
    )


def _moved(sentence: Sentence, by: int) -> Sentence:
    return replace(sentence, start=sentence.start + by, end=sentence.end + by)


def _is_cut(before: Passage, after: Passage) -> bool:
    """Return whether a passage begins in the block with which the one before it ends."""
    return after.start > 0 and after.paragraph == before.paragraph_end


def _between(before: Passage, after: Passage) -> str:
    """Return the white space between two passages; blank lines of code stay if they are known."""
    if not _is_cut(before, after):
        return BETWEEN_BLOCKS
    last = before.text.rsplit(BETWEEN_BLOCKS, 1)[-1]
    first = after.text.split(BETWEEN_BLOCKS, 1)[0]
    n_chars = after.start - before.start - len(before.text) if before.n_blocks == 1 else None
    mark = _mark_at_end(before)
    is_prose = "\n" not in last + first and ends_sentence(last)
    if is_prose and mark is None:
        is_spaced = n_chars if n_chars is not None else not is_unspaced(first[:1])
        return " " if is_spaced else ""
    is_next_line = n_chars in (None, 1) or (mark is not None and mark.kind == "table")
    return "\n" if is_next_line else BETWEEN_BLOCKS


def _mark_at_end(passage: Passage) -> Mark | None:
    """Return the mark of the code or table with which a passage ends."""
    end = len(passage.text)
    at_end = (one for one in passage.marks if one.kind in ("code", "table") and one.end == end)
    return next(at_end, None)


def _joined_marks(before: Passage, after: Passage, offset: int) -> tuple[Mark, ...]:
    """Return the marks of both passages; those of one block of code or one table become one."""
    marks = [*before.marks, *(mark.moved(offset) for mark in after.marks)]
    last = _mark_at_end(before) if _is_cut(before, after) else None
    rests = (one for one in marks if last and one.start == offset and one.kind == last.kind)
    if last is not None and (rest := next(rests, None)) is not None:
        marks[marks.index(last)] = replace(last, end=rest.end)
        marks.remove(rest)
    return tuple(marks)
