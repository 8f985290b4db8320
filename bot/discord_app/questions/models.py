"""A question as it arrived on Discord, and what came of it."""

from dataclasses import dataclass

from bot.answering.answer import Answer
from bot.answering.conversation import Turn
from bot.database import ChannelSettings
from bot.discord_app.context.origin import Where
from bot.discord_app.questions.addressing import Way
from bot.operations.health.metrics import Outcome

# In a thread of the bot everybody talks about the same question.
_EVERYBODY = 0


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question as it arrived.

    Attributes:
        question: What was asked, in words.
        where: Where, and who may hear of it.
        user_id: Who asked.
        message_id: The message that asks; None for commands.
        reply_to: The message that it replies to, or None.
        shared: Whether all who ask there are in one conversation.
        alone: Whether only who asked sees the answer.
    """

    question: str
    where: Where
    user_id: int
    message_id: int | None = None
    reply_to: int | None = None
    shared: bool = False
    alone: bool = False

    @property
    def speaker(self) -> int:
        """Whose conversation it belongs to.

        What a person asks for their eyes only is one of its own, so that nothing of it comes up
        where others read along.
        """
        who = _EVERYBODY if self.shared else self.user_id
        return ~who if self.alone else who


@dataclass(frozen=True, slots=True)
class Hints:
    """What helps somebody on whose question found nothing.

    Attributes:
        headings: Titles and sections of the texts that are nearest to it; may be empty.
        words: Words of the texts that misspelt ones may have meant; may be empty.
    """

    headings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What came of an inquiry.

    Attributes:
        answer: What to show.
        before: The turns that it was understood from.
        hints: For an answer that found nothing.
        n_deletions: How many people had their data deleted before the search began.
    """

    answer: Answer
    before: tuple[Turn, ...]
    hints: Hints = Hints()
    n_deletions: int = 0

    @property
    def outcome(self) -> Outcome:
        """What the question counts as once this is shown."""
        if self.answer.reason is not None:
            return self.answer.reason
        return "hesitant" if self.answer.hesitant else "answered"

    def suits(self, way: Way | None, channel: ChannelSettings) -> bool:
        """Say whether it is fit to be shown for that way of asking; None asks nothing."""
        if way == "addressed":
            return True
        if way is None or not self.answer.answered:
            return False
        return not self.answer.hesitant or way == "thread" or channel.confidence == "hesitant"
