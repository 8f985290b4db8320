"""Choose the row of a table that answers, where its names of columns fit the question best."""

from index import Hit, Mark, Passage, Sentence, extract_words, stem


def answering_sentence(hit: Hit, question: str) -> Sentence | None:
    """Return the sentence, row or line of a hit that answers a question; None if none does.

    The names of columns, and a line that ends with a colon above a table, have many words of a
    question, but the answer stands in a row. So the row is chosen that has most of its words, or
    the first of such rows. If no row has any, nothing is better than what the search chose.

    Args:
        hit: A hit of a search for the question.
        question: What was asked.
    """
    passage, chosen = hit.passage, hit.sentence
    table = _table_announced_by(chosen, passage) if chosen else None
    if table is None:
        return chosen
    asked = set(_stems(extract_words(question, passage.language), passage))
    rows = [one for one in passage.sentences if _is_row(one, table)]
    held = [len(asked.intersection(_stems(row.words, passage))) for row in rows]
    return rows[held.index(max(held))] if any(held) else chosen


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
