"""Choose the sentence that answers where what announces it fits the question best."""

from index import Hit, Mark, Passage, Sentence, extract_words, stem

_QUESTION_MARKS = ("?", "\uff1f", "\u061f", "\u037e")


def answering_sentence(hit: Hit, question: str) -> Sentence | None:
    """Return the sentence, row or line of a hit that answers a question; None if none does.

    What announces an answer has many words of a question, but does not answer it:

    - the names of a table's columns, and a line that ends with a colon above it: the row answers
      that has most words of the question, or the first of such rows;
    - a question of the text: the sentence after it answers.

    Args:
        hit: A hit of a search for the question.
        question: What was asked.
    """
    passage, chosen = hit.passage, hit.sentence
    if chosen is None:
        return None
    if table := _table_announced_by(chosen, passage):
        return _fitting_row(table, passage, question) or chosen
    if passage.text[chosen.start : chosen.end].rstrip(' *_"\u201d\u00bb').endswith(_QUESTION_MARKS):
        return next((one for one in passage.sentences if one.start >= chosen.end), chosen)
    return chosen


def _fitting_row(table: Mark, passage: Passage, question: str) -> Sentence | None:
    """Return the row with most words of a question; None if no row has any."""
    asked = set(_stems(extract_words(question, passage.language), passage))
    rows = [one for one in passage.sentences if _is_row(one, table)]
    held = [len(asked.intersection(_stems(row.words, passage))) for row in rows]
    return rows[held.index(max(held))] if any(held) else None


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


def _stems(words: list[str] | tuple[str, ...], passage: Passage) -> list[str]:
    return [stem(word, passage.language) for word in words]
