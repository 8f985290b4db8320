"""What became of each question: answered once, by which words, how soon, and in which outage."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.rendering.wording import APOLOGY, FAILED
from tests.trials.load import REFUSALS
from tests.trials.support.figures import percentile


@dataclass(frozen=True)
class Question:
    """A question and what answered it.

    Attributes:
        shard: The shard of its server, or of direct messages.
        owner: The server; 0 for direct messages.
        at: When it was asked, in monotonic seconds.
        asked_at: The time of day then, as in the logs.
        is_command: Whether it was asked by `/ask`.
        expected: What an answer holds, in lower case.
        replies: The answers as people see them.
        answered_s: Seconds to the first of them; None without one.
    """

    shard: int
    owner: int
    at: float
    is_command: bool
    expected: str
    replies: tuple[str, ...] = ()
    answered_s: float | None = None
    asked_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())


@dataclass
class Outage:
    """A time in which shards could not be reached.

    Attributes:
        name: What happened.
        shards: Whose.
        began: When, in monotonic seconds.
        loses_messages: Whether nobody resumes the sessions, so that Discord sends no message again.
        ended: When the shards could be reached again.
        settled: When all their servers answered from their own texts again.
    """

    name: str
    shards: frozenset[int]
    began: float
    loses_messages: bool
    ended: float = math.inf
    settled: float = math.inf

    # What a busy machine has not answered by then is lost with it.
    under_way_s = 60.0

    def phase(self, question: Question) -> str | None:
        """Return in which part of it a question was asked; None if it was not."""
        if question.shard not in self.shards or question.at > self.settled:
            return None
        if question.at > self.ended:
            return f"{self.name}: asked before all texts were there"
        if question.at >= self.began:
            return f"{self.name}: asked meanwhile"
        was_waiting = question.at >= self.began - self.under_way_s and not question.replies
        return f"{self.name}: asked before, and not answered yet" if was_waiting else None

    def excuses(self, question: Question) -> bool:
        """Return whether a question asked in it may stay without an answer.

        Discord itself refuses the answer to a command that waited for 3 s.
        """
        return question.at <= self.ended and (self.loses_messages or question.is_command)

    def disturbs(self, shard: int, began: float) -> bool:
        """Return whether it lasted at some time from a moment until now."""
        return shard in self.shards and self.settled >= began


@dataclass
class Row:
    """The figures of the questions of one part of the trial."""

    asked: int = 0
    answered: int = 0
    refused: int = 0
    undeliverable: int = 0
    lost: int = 0
    doubled: int = 0
    leaked: int = 0
    other_texts: int = 0
    seconds: list[float] = field(default_factory=list)

    def line(self, name: str) -> str:
        """Return the figures in a line of a table."""
        counts = (
            self.asked,
            self.answered,
            self.refused,
            self.undeliverable,
            self.lost,
            self.doubled,
            self.leaked,
            self.other_texts,
        )
        times = [percentile(self.seconds, share) for share in (0.5, 0.95, 1.0)]
        return (
            f"{name:<58}"
            + "".join(f"{count:>8}" for count in counts)
            + "".join(f"{time:>8.2f}" for time in times)
        )


HEADER = f"{'questions':<58}" + "".join(
    f"{name:>8}"
    for name in (
        *("asked", "once", "refused", "undeliv", "lost", "doubled", "leaked", "others"),
        *("p50 s", "p95 s", "max s"),
    )
)

STEADY = "no outage"


def tally(
    questions: Iterable[Question],
    outages: Sequence[Outage],
    owners: Mapping[int, frozenset[int]],
) -> dict[str, Row]:
    """Count the questions in rows, by the part of the trial in which they were asked.

    Args:
        questions: All questions.
        outages: What happened to the machines.
        owners: The servers whose words the answers to a question hold, by its place in order.
    """
    rows: dict[str, Row] = {STEADY: Row()}
    for number, question in enumerate(questions):
        phases = ((outage, outage.phase(question)) for outage in outages)
        outage, phase = next(((one, name) for one, name in phases if name), (None, STEADY))
        row = rows.setdefault(phase, Row())
        row.asked += 1
        _count(row, question, excused=outage is not None and outage.excuses(question))
        row.leaked += bool(owners.get(number, frozenset()) - {question.owner})
    return rows


def _count(row: Row, question: Question, *, excused: bool) -> None:
    replies = Counter(question.replies)
    answers = [reply for reply in question.replies if not reply.startswith((APOLOGY, FAILED))]
    if replies.total() > 1:
        row.doubled += 1
    elif not answers and excused:
        row.undeliverable += 1
    elif not answers:
        row.lost += 1
    elif answers[0].startswith(REFUSALS):
        row.refused += 1
    else:
        row.answered += 1
        row.other_texts += question.expected not in answers[0].lower()
        if question.answered_s is not None:
            row.seconds.append(question.answered_s)
