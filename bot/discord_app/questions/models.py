"""The question that arrived on Discord, and the result of its search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import discord

from bot.answering import Answer, Turn, makes_sense_alone
from bot.database import ChannelSettings, LoggedOutcome, ServerSettings, StoredQuestion
from bot.discord_app.context.origin import Origin
from bot.operations.health.metrics import QuestionOutcome

Trigger = Literal["addressed", "post", "thread", "overheard", "command"]

# In a thread of the bot everybody is in one conversation.
_EVERYBODY = 0


def speaker(asker_id: int, *, shared: bool, private: bool) -> int:
    """Return the id of a conversation's owner, see `IncomingQuestion.speaker`."""
    who = _EVERYBODY if shared else asker_id
    return ~who if private else who


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingQuestion:
    """A question from Discord.

    Attributes:
        text: The question without Discord's markup.
        origin: The channel, its server and its language.
        asker: The person who asked.
        trigger: Why the bot treats it as a question; None for an edited message that is no longer
            a question.
        server: The settings of the server.
        channel: The settings of the channel.
        message_id: The message that asks; None for commands.
        reply_to: The message that it replies to, or None.
        words_by: The id of the person whose words the text is, if the asker passed their message
            on; None if it is the asker's.
        context: The message of another person that it replies to; None if it continues the asker's
            conversation.
        shared: Whether everybody who asks in the channel is in one conversation.
        private: Whether only the asker sees the answer.
        typed: The question as it was typed, to show above the answer; None if Discord shows it.
        within: What the asker named as the texts to ask; None if they named none.
        locale: The language of the asker's client; None if Discord does not tell it.
        is_edit: Whether it is an edited message.
        former: The row of the message that an earlier form of it has in the database, or None.
    """

    text: str
    origin: Origin
    asker: discord.Member | discord.User
    trigger: Trigger | None
    server: ServerSettings
    channel: ChannelSettings
    message_id: int | None = None
    reply_to: int | None = None
    words_by: int | None = None
    context: tuple[Turn, ...] | None = None
    shared: bool = False
    private: bool = False
    typed: str | None = None
    within: str | None = None
    locale: str | None = None
    is_edit: bool = False
    former: StoredQuestion | None = None

    @property
    def speaker(self) -> int:
        """The id of the conversation's owner in its channel.

        Questions with private answers are a separate conversation, so that public answers reveal
        nothing of it.
        """
        return speaker(self.asker.id, shared=self.shared, private=self.private)

    @property
    def author_id(self) -> int:
        """The id of the person whose words the text is; they may have them deleted."""
        return self.asker.id if self.words_by is None else self.words_by

    @property
    def is_addressed(self) -> bool:
        """Whether the asker waits for an answer, even for one that found nothing."""
        return self.trigger in ("addressed", "command")

    @property
    def is_opening_post(self) -> bool:
        """Whether it opens a forum post, whose thread has the id of its first message."""
        return self.trigger == "post" and self.message_id == self.origin.channel_id

    @property
    def may_ask_people(self) -> bool:
        """Whether it may be meant for the people around: it addresses nobody and is no opening."""
        return self.trigger in ("overheard", "post") and not self.is_opening_post

    def is_answered_by(self, outcome: LoggedOutcome) -> bool:
        """Return whether to show a result with this outcome to the asker."""
        if self.is_addressed:
            return True
        if self.trigger is None or outcome == "nothing_found":
            return False
        may_hesitate = self.trigger == "thread" or self.channel.confidence == "hesitant"
        return may_hesitate or outcome == "answered"

    @property
    def counts_before_search(self) -> bool:
        """Whether the cooldown counts it before the search; other questions count when answered."""
        return self.is_addressed or self.is_edit

    def asked_within(self, history: Sequence[Turn]) -> str | None:
        """Return what names the texts to ask; None for all that may be read there.

        A follow-up is asked of the texts of the turn before it: a reply, a question in a thread of
        the bot, or one that needs the turn before it, such as "and why?" or "more".
        """
        if self.within is not None or not history:
            return self.within
        is_chained = self.reply_to is not None or self.trigger == "thread"
        follows = is_chained or not makes_sense_alone(self.text)
        return history[-1].within if follows else None

    def moved_to(self, channel_id: int) -> "IncomingQuestion":
        """Return the question with its conversation moved to a thread."""
        return replace(self, origin=replace(self.origin, channel_id=channel_id), shared=True)


@dataclass(frozen=True, slots=True)
class Hints:
    """Suggestions for a person whose question found nothing.

    Attributes:
        headings: The nearest titles and sections of the texts; may be empty.
        words: Words of the texts that resemble misspelt words of the question; may be empty.
        looked_in: What names the texts that were searched; empty for all that the server has.
        has_others: Whether there are other texts that may be read there.
    """

    headings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    looked_in: tuple[str, ...] = ()
    has_others: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search for a question.

    Attributes:
        answer: The answer to show.
        history: The turns before the question, as they were searched with.
        hints: Suggestions for an answer that found nothing.
        n_deletions: The number of deletions before the history was read.
        asks_people: Whether the question is meant for the people around, not for the texts.
        within: What names the texts that were asked; None for all that may be read there.
    """

    answer: Answer
    history: tuple[Turn, ...] = ()
    hints: Hints = Hints()
    n_deletions: int = 0
    asks_people: bool = False
    within: str | None = None

    @property
    def outcome(self) -> QuestionOutcome:
        """What the metrics count the question as once this is shown."""
        if self.answer.reason is not None:
            return self.answer.reason
        return "hesitant" if self.answer.hesitant else "answered"

    @property
    def logged_outcome(self) -> LoggedOutcome:
        """What is stored as its outcome."""
        if not self.answer.answered:
            return "nothing_found"
        return "hesitant" if self.answer.hesitant else "answered"

    def is_fit_for(self, question: IncomingQuestion) -> bool:
        """Return whether to show it to the asker."""
        return not self.asks_people and question.is_answered_by(self.logged_outcome)
