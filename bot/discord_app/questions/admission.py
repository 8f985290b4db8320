"""Admits or refuses questions: by roles, cooldown, and room in the queue."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.discord_app.context.access import refusal
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.questions.models import IncomingQuestion
from bot.discord_app.questions.state.fair_queue import FairQueue, QueueFullError
from bot.operations.health.metrics import QuestionOutcome
from bot.rendering import notices


class RefusedError(Exception):
    """A question is not answered.

    Attributes:
        reason: Why, in the asker's language.
        outcome: What the metrics count the question as; None for an edit, whose answer stays.
    """

    def __init__(self, reason: str, outcome: QuestionOutcome | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome


class Admission:
    """Admits questions that the rules of their server allow, if the queue has room."""

    def __init__(self, runtime: Runtime, queue: FairQueue) -> None:
        self._cooldowns = runtime.cooldowns
        self._queue = queue

    @contextmanager
    def admit(self, question: IncomingQuestion) -> Iterator[None]:
        """Check a question, unless it is an edit, and count it as pending while the block runs.

        Raises:
            RefusedError: The channel or the server's rules forbid it, or the queue is full.
        """
        if not question.is_edit:
            self.check(question)
        try:
            with self._queue.reserve(question.origin.queue_id, question.asker.id):
                yield
        except QueueFullError as full:
            reason = notices.busy(question.origin.say, own=full.own)
            raise _refused(question, reason, "busy") from full

    def check(self, question: IncomingQuestion) -> None:
        """Check whether the person may ask here now, and count the question for the cooldown.

        Raises:
            RefusedError: They may not.
        """
        if question.channel.mode == "off":
            raise _refused(question, question.origin.say(notices.TURNED_OFF), "refused")
        if reason := self.refusal(question, counts=question.counts_before_search):
            raise _refused(question, reason, "refused")

    def refusal(self, question: IncomingQuestion, *, counts: bool) -> str | None:
        """Return why a person may not ask now; None if they may.

        Args:
            question: The question.
            counts: Whether the cooldown counts the question if it is allowed.
        """
        return refusal(
            question.asker,
            question.origin.guild_id,
            question.server,
            self._cooldowns,
            question.origin.say,
            counts=counts,
        )


def _refused(question: IncomingQuestion, reason: str, outcome: QuestionOutcome) -> RefusedError:
    """Return the error for a question; one that was not addressed counts as silent."""
    if question.is_edit:
        return RefusedError(reason, None)
    return RefusedError(reason, outcome if question.is_addressed else "silent")
