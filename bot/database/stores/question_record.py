"""A question as a record, and as a row of its table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from bot.database.schema.tables import QuestionRow
from index import PassageRef

LoggedOutcome = Literal["answered", "hesitant", "nothing_found"]


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question and its outcome.

    Attributes:
        guild_id: The server; None for direct messages.
        channel_id: Where it was asked.
        private: Whether only some people can see it; it is never shown to others.
        asker: Keyed hash of the person.
        question: Its first 4,000 characters are stored.
        context: The questions before it in its conversation, oldest first.
        outcome: Whether it was answered.
        milliseconds: How long the answer took.
        message_id: The message that asks; None for a command.
        answer_id: The message that answers, or None.
        places: What was quoted, best first.
        likeness: Its stems, sorted and joined by blanks: similar questions have the same. If it is
            empty, the words themselves are compared.
        within: What names the texts that it was asked of; None for all that may be read there.
    """

    guild_id: int | None
    channel_id: int
    private: bool
    asker: str
    question: str
    context: tuple[str, ...]
    outcome: LoggedOutcome
    milliseconds: float
    message_id: int | None = None
    answer_id: int | None = None
    places: tuple[PassageRef, ...] = ()
    likeness: str = ""
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredQuestion(QuestionRecord):
    """A stored question, with its id and the time it was first recorded."""

    id: int
    asked_at: datetime


def stored_question(row: QuestionRow) -> StoredQuestion:
    """Return the question of a row."""
    return StoredQuestion(
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        private=row.private,
        asker=row.asker,
        question=row.question,
        context=tuple(row.context),
        outcome=cast(LoggedOutcome, row.outcome),
        milliseconds=row.milliseconds,
        message_id=row.message_id,
        answer_id=row.answer_id,
        places=tuple(PassageRef(*place) for place in row.places),
        likeness=row.likeness,
        within=row.within,
        id=row.id,
        asked_at=row.asked_at,
    )


def columns_of(asked: QuestionRecord) -> dict[str, Any]:
    """Return the columns of a question, by name."""
    return {
        "guild_id": asked.guild_id,
        "channel_id": asked.channel_id,
        "private": asked.private,
        "asker": asked.asker,
        "question": asked.question,
        "context": list(asked.context),
        "likeness": asked.likeness or " ".join(sorted(set(asked.question.casefold().split()))),
        "outcome": asked.outcome,
        "milliseconds": asked.milliseconds,
        "message_id": asked.message_id,
        "answer_id": asked.answer_id,
        "places": [(place.source, place.paragraph, place.fingerprint) for place in asked.places],
        "within": asked.within,
    }
