"""Made-up people, places and questions for the tests of the stores."""

import dataclasses
from datetime import UTC, datetime

from bot.database import QuestionRecord, UnansweredGroup
from index import PassageRef

ADA, BEN, CYD = "a" * 32, "b" * 32, "c" * 32
BELL = PassageRef("harbour.txt", 4, 2**32 - 1)
TIDE = PassageRef("harbour.txt", 2, 7)

QUESTION = QuestionRecord(
    guild_id=1,
    channel_id=2,
    private=False,
    asker=ADA,
    question="Why did the bell ring?",
    context=("What sank?", "When?"),
    outcome="answered",
    milliseconds=3.25,
    message_id=2**63 - 1,
    answer_id=2**62,
    places=(BELL, TIDE),
    likeness="bell ring",
    within="v2",
)


def asked(question=QUESTION.question, **changes) -> QuestionRecord:
    """Return a question without a likeness of its own, and some fields changed."""
    return dataclasses.replace(QUESTION, question=question, **{"likeness": "", **changes})


def open_group(*questions, **changes) -> UnansweredGroup:
    """Return a group of open questions with the longest numbers, and some fields changed."""
    group = UnansweredGroup(
        id=2**63 - 1,
        ids=(1,),
        questions=questions,
        count=12345,
        newest_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        channel_id=2**63 - 1,
        message_id=2**63 - 1,
        channel_ids=frozenset({1}),
    )
    return dataclasses.replace(group, **changes)
