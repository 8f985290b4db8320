"""Read question sets: questions with the paragraphs that answer them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import QuestionSetError
from index import AnySearcher


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the paragraphs that answer it.

    Attributes:
        identifier: The set's id; a conversation's turns add "/1", "/2" and so on.
        kind: The set's own grouping, for example "typo".
        text: As it is asked.
        gold: The (source, paragraph) pairs that answer it, best first; may be empty.
        turn: 0 for a single question, else its number in its conversation, from 1.
        answer: The part of the first gold paragraph that answers; None if the set does not say.
        is_judged: Whether it counts; a turn that does not is asked for the sake of later turns.
    """

    identifier: str
    kind: str
    text: str
    gold: tuple[tuple[str, int], ...]
    turn: int = 0
    answer: str | None = None
    is_judged: bool = True

    @property
    def conversation(self) -> str:
        """The id of the conversation; a single question is one of its own."""
        return self.identifier.rpartition("/")[0] if self.turn else self.identifier


def load_question_set(path: Path, searcher: AnySearcher) -> list[list[Question]]:
    """Read a question set for an index.

    Returns:
        Conversations in the order of the file, each a list of turns; a single question is a
        conversation of one turn.

    Raises:
        QuestionSetError: The file is not a question set, or names a paragraph that is not in the
            index.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise QuestionSetError(f"{path}: cannot be read as JSON ({error})") from error
    if not isinstance(entries, list) or not entries:
        raise QuestionSetError(f"{path}: a question set is a list of questions")
    paragraphs = {passage.source: passage.paragraph_end for passage in searcher.passages}
    conversations = []
    for position, entry in enumerate(entries, start=1):
        try:
            conversations.append(_conversation(entry, paragraphs))
        except (KeyError, TypeError, ValueError) as error:
            name = entry.get("id") if isinstance(entry, dict) else None
            where = f"question {position}" + (f" ({name})" if name else "")
            raise QuestionSetError(f"{path}: {where}: {_reason(error)}") from error
    return conversations


def split_by_document(
    conversations: Iterable[Sequence[Question]],
) -> dict[str, list[Sequence[Question]]]:
    """Return the conversations that are about one document, by its source.

    Conversations without any gold paragraph, or with gold paragraphs of several documents, are left
    out.
    """
    by_source: dict[str, list[Sequence[Question]]] = {}
    for turns in conversations:
        sources = {source for question in turns for source, _ in question.gold}
        if len(sources) == 1:
            by_source.setdefault(sources.pop(), []).append(turns)
    return by_source


def sentence_holds(answer: str | None, text: str, sentence: tuple[int, int] | None) -> bool:
    """Return whether a sentence of a text holds the answer; white space does not matter.

    An answer that goes beyond the sentence counts if the two share at least half of the
    shorter one's characters, as they do if the sentence lies within the answer.
    """
    if not answer or not sentence:
        return False
    start, end = sentence
    pattern = r"\s+".join(re.escape(word) for word in answer.split())
    return any(
        2 * (min(end, found.end()) - max(start, found.start()))
        >= min(end - start, found.end() - found.start())
        for found in re.finditer(pattern, text)
    )


def _conversation(entry: dict[str, Any], n_paragraphs: Mapping[str, int]) -> list[Question]:
    identifier, kind = str(entry["id"]), str(entry["kind"])
    if "turns" not in entry:
        return [_question(identifier, kind, entry, n_paragraphs)]
    return [
        _question(f"{identifier}/{number}", kind, {**entry, **turn}, n_paragraphs, turn=number)
        for number, turn in enumerate(entry["turns"], start=1)
    ]


def _question(
    identifier: str,
    kind: str,
    fields: dict[str, Any],
    n_paragraphs: Mapping[str, int],
    turn: int = 0,
) -> Question:
    paragraphs = fields["gold"]
    if not isinstance(paragraphs, list):
        raise TypeError('its "gold" is not a list of paragraph numbers')
    source = fields.get("source") or (_only_source(n_paragraphs) if paragraphs else "")
    also = ((str(place), number) for place, number in fields.get("also", ()))
    gold = (*((source, paragraph) for paragraph in paragraphs), *also)
    for place, number in gold:
        if not 1 <= number <= n_paragraphs.get(place, 0):
            raise ValueError(f"the index has no paragraph {number} of {place}")
    if not isinstance(fields["question"], str):
        raise TypeError("its question is not a text")
    answer = fields.get("answer") or None
    if not isinstance(answer, str | None):
        raise TypeError("its answer is not a text")
    is_judged = fields.get("judged") is not False
    return Question(identifier, kind, fields["question"], gold, turn, answer, is_judged)


def _only_source(n_paragraphs: Mapping[str, int]) -> str:
    if len(n_paragraphs) > 1:
        raise ValueError('it needs a "source", because the corpus has several documents')
    return next(iter(n_paragraphs))


def _reason(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)
