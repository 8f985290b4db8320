"""Find the answer where what announces it fits the question best."""

from index.arrays import Scores
from index.documents.model import Mark
from index.passages.passage import QUESTION_MARKS, Passage, Sentence


def announced_answer(chosen: Sentence, passage: Passage, covered: Scores) -> Sentence:
    """Return the sentence, row or line that a sentence announces; the sentence itself if none.

    What announces an answer has many words of a question, but does not answer it:

    - the names of a table's columns, and a line that ends with a colon above it: the row answers
      that covers most of the question, or the first of such rows;
    - a question of the text: the sentence after it answers.

    Args:
        chosen: A sentence of the passage.
        passage: The passage.
        covered: How much of the question each sentence covers, 0 or more.
    """
    if table := _table_announced_by(chosen, passage):
        rows = [n for n, one in enumerate(passage.sentences) if _is_row(one, table)]
        best = max(rows, key=covered.__getitem__, default=None)
        return chosen if best is None or not covered[best] else passage.sentences[best]
    if passage.text[chosen.start : chosen.end].rstrip(' *_"\u201d\u00bb').endswith(QUESTION_MARKS):
        return next((one for one in passage.sentences if one.start >= chosen.end), chosen)
    return chosen


def _table_announced_by(sentence: Sentence, passage: Passage) -> Mark | None:
    """Return the table whose header row a sentence is, or that follows it after a colon."""
    for mark in passage.marks:
        if mark.kind != "table":
            continue
        is_header = mark.value == "header" and sentence.start == mark.start
        between = passage.text[sentence.start : mark.start].rstrip()
        is_lead_in = sentence.end <= mark.start and between.endswith(":")
        is_last_above = not passage.text[sentence.end : mark.start].strip()
        if is_header or (is_lead_in and is_last_above):
            return mark
    return None


def _is_row(sentence: Sentence, table: Mark) -> bool:
    """Return whether a sentence is a row of a table, and not its header row."""
    first = table.start + 1 if table.value == "header" else table.start
    return first <= sentence.start < table.end
