"""A question as it arrived on Discord, and the result of its search."""

from dataclasses import dataclass, replace
from typing import Literal

import discord

from bot.answering import Answer, Turn
from bot.database import ChannelSettings, ServerSettings, StoredQuestion
from bot.discord_app.context.origin import Origin
from bot.operations.health.metrics import QuestionOutcome

Trigger = Literal["addressed", "post", "thread", "overheard", "command"]

# In a thread of the bot everybody talks about the same question.
_EVERYBODY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingQuestion:
    """A question as it arrived.

    Attributes:
        text: The question in words, without Discord's markup.
        origin: The channel, its server and its language.
        asker: The person who asked.
        trigger: Why the bot takes it for a question; None for an edited message that asks nothing
            any more.
        server: The settings of the server.
        channel: The settings of the channel.
        message_id: The message that asks; None for commands.
        reply_to: The message that it replies to, or None.
        shared: Whether all who ask there are in one conversation.
        alone: Whether only the asker sees the answer.
        typed: The question as it was typed, to show above the answer; None where Discord shows it.
        is_edit: Whether the message was asked before and has other words now.
        former: What the database has of an edited message; None for other questions.
    """

    text: str
    origin: Origin
    asker: discord.Member | discord.User
    trigger: Trigger | None
    server: ServerSettings
    channel: ChannelSettings
    message_id: int | None = None
    reply_to: int | None = None
    shared: bool = False
    alone: bool = False
    typed: str | None = None
    is_edit: bool = False
    former: StoredQuestion | None = None

    @property
    def speaker(self) -> int:
        """The id of the conversation's owner in its channel.

        Questions whose answers only the asker sees are a conversation of their own, so that
        nothing of it comes up where others read along.
        """
        who = _EVERYBODY if self.shared else self.asker.id
        return ~who if self.alone else who

    @property
    def is_addressed(self) -> bool:
        """Whether the asker waits for an answer, even for one that found nothing."""
        return self.trigger in ("addressed", "command")

    @property
    def counts_before_search(self) -> bool:
        """Whether the cooldown counts it before the search; others count when they are answered."""
        return self.is_addressed or self.is_edit

    def moved_to(self, channel_id: int) -> "IncomingQuestion":
        """Return the question as it goes on in a thread of its own."""
        return replace(self, origin=replace(self.origin, channel_id=channel_id), shared=True)


@dataclass(frozen=True, slots=True)
class Hints:
    """What helps somebody whose question found nothing.

    Attributes:
        headings: Titles and sections of the texts that are nearest to it; may be empty.
        words: Words of the texts that misspelt ones may have meant; may be empty.
    """

    headings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search for a question.

    Attributes:
        answer: What to show.
        history: The turns that it was understood from.
        hints: For an answer that found nothing.
        n_deletions: How many deletions there were before the question was read in its history.
    """

    answer: Answer
    history: tuple[Turn, ...] = ()
    hints: Hints = Hints()
    n_deletions: int = 0

    @property
    def outcome(self) -> QuestionOutcome:
        """What the question counts as once this is shown."""
        if self.answer.reason is not None:
            return self.answer.reason
        return "hesitant" if self.answer.hesitant else "answered"

    def is_fit_for(self, question: IncomingQuestion) -> bool:
        """Return whether the asker is to see it."""
        if question.is_addressed:
            return True
        if question.trigger is None or not self.answer.answered:
            return False
        may_hesitate = question.trigger == "thread" or question.channel.confidence == "hesitant"
        return may_hesitate or not self.answer.hesitant
