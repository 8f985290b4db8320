"""Answer what was asked on Discord, whatever way it came, and keep note of it."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakValueDictionary

from discord.utils import time_snowflake

from bot.answering import Answer, answer_question, extend_history, further_quotes
from bot.conversation import Turn, without_announcement
from bot.database import Asked, Outcome, QuotedPlace
from bot.discord_app.deletions import Deletions
from bot.discord_app.known_lessons import KnownLessons
from bot.discord_app.memory import DiscordMemory
from bot.discord_app.services import Services
from bot.discord_app.where import Where
from index import Searching, TaughtQuestion
from index.terms import extract_terms

logger = logging.getLogger(__name__)

# Searches are work for the processor: more at once than it has cores make each of them slower.
_MAX_SEARCHES = 4

# Questions are deleted while they are answered, a few at a time.
_MAX_WITHDRAWN = 10_000

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
    """

    question: str
    where: Where
    user_id: int
    message_id: int | None = None
    reply_to: int | None = None
    shared: bool = False

    @property
    def speaker(self) -> int:
        """Whose conversation it belongs to.

        What a person asks privately is one of its own, so that nothing of it comes up in public.
        """
        who = _EVERYBODY if self.shared else self.user_id
        return ~who if self.where.private else who


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
    def is_sure(self) -> bool:
        """Whether it is fit to be shown to somebody who did not ask the bot."""
        return self.answer.answered and not self.answer.hesitant


class Asker:
    """Holds the conversations and asks the index, off the event loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._memory = DiscordMemory()
        self._deletions = Deletions()
        self._lessons = KnownLessons(services.database, services.attempts)
        self._withdrawn: OrderedDict[int, None] = OrderedDict()
        self._searches = asyncio.Semaphore(_MAX_SEARCHES)
        # One lock for each person in a channel, gone when nobody holds or awaits it.
        self._turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    def turn(self, inquiry: Inquiry) -> asyncio.Lock:
        """Return the lock under which a person's questions in a channel follow one another."""
        key = (inquiry.where.channel_id, inquiry.speaker)
        return self._turns.setdefault(key, asyncio.Lock())

    def is_answer(self, message_id: int) -> bool:
        """Say whether a message is an answer that is still remembered."""
        return self._memory.is_answer(message_id)

    async def answer(self, inquiry: Inquiry) -> Found:
        """Search for what was asked, in its conversation."""
        n_deletions = self._deletions.count
        before = await self._history(inquiry)
        found = await self.answer_after(inquiry.question, before, inquiry.where.guild_id)
        return replace(found, n_deletions=n_deletions)

    async def answer_after(self, question: str, before: list[Turn], guild_id: int | None) -> Found:
        """Search for a question that follows some turns, in the texts of a server."""
        n_deletions = self._deletions.count
        taught = await self._lessons.taught(guild_id)

        def search() -> Found:
            searcher = self._searcher(guild_id, taught)
            answer = answer_question(question, before, searcher)
            hints = _hints(answer, searcher) if answer.reason == "nothing_found" else Hints()
            return Found(answer, tuple(before), hints, n_deletions)

        async with self._searches:
            found = await asyncio.to_thread(search)
        answer = found.answer
        logger.info(
            "Answered with %d quotes (%s), best score %.2f, in %.1f ms",
            len(answer.quotes),
            answer.reason or "found",
            answer.quotes[0].score if answer.quotes else 0.0,
            answer.milliseconds,
        )
        logger.debug("The question was %r", question)
        return found

    async def further(self, asked: Asked, n_seen: int) -> Answer:
        """Return the quotes of a recorded question that follow the first `n_seen`."""
        taught = await self._lessons.taught(asked.guild_id)
        turns = [*(Turn(question) for question in asked.context), Turn(asked.question)]

        def search() -> Answer:
            return further_quotes(turns, n_seen, self._searcher(asked.guild_id, taught))

        async with self._searches:
            return await asyncio.to_thread(search)

    async def searcher(self, guild_id: int | None) -> Searching:
        """Return what a server's questions are searched in."""
        taught = await self._lessons.taught(guild_id)
        return await asyncio.to_thread(self._searcher, guild_id, taught)

    async def note(self, inquiry: Inquiry, found: Found) -> int | None:
        """Record a question that was searched for; return its number, None where it is not kept."""
        asked = self.record_of(inquiry, found)
        if asked is None:
            return None
        questions, attempts = self._services.database.questions, self._services.attempts
        question_id = await attempts.write(lambda: questions.record(asked), None)
        if question_id is not None and self._is_deleted(inquiry, found):
            await attempts.write(lambda: questions.delete(question_id), None)
            return None
        return question_id

    def record_of(self, inquiry: Inquiry, found: Found) -> Asked | None:
        """Return what is kept of a question.

        None for small talk, for pointing at quotes, and where somebody whose words it holds had
        their data deleted meanwhile.
        """
        answer, where = found.answer, inquiry.where
        if self._is_deleted(inquiry, found):
            return None
        if answer.turn is None or answer.turn.question != answer.question:
            return None
        outcome: Outcome = "nothing_found"
        if answer.answered:
            outcome = "hesitant" if answer.hesitant else "answered"
        return Asked(
            guild_id=where.guild_id,
            channel_id=where.channel_id,
            private=where.private,
            asker=self._services.people.hashed(inquiry.user_id),
            question=answer.question,
            context=tuple(turn.question for turn in found.before),
            outcome=outcome,
            milliseconds=answer.milliseconds,
            message_id=inquiry.message_id,
            answer_id=None,
            likeness=" ".join(sorted(set(extract_terms(without_announcement(answer.question))))),
            places=tuple(
                QuotedPlace(place.source, place.paragraph, place.fingerprint)
                for place in answer.turn.shown
            ),
        )

    async def sent(
        self, inquiry: Inquiry, found: Found, question_id: int | None, answer_id: int
    ) -> None:
        """Note which message answers, so that a reply to it continues the conversation."""
        if self._is_deleted(inquiry, found):
            return
        history = extend_history(found.before, found.answer)
        if history and history[-1].asked_by is None:
            person = self._services.people.hashed(inquiry.user_id)
            history[-1] = replace(history[-1], asked_by=person)
        self._memory.remember(inquiry.where.channel_id, inquiry.speaker, answer_id, history)
        if question_id is None:
            return
        questions = self._services.database.questions
        await self._services.attempts.write(
            lambda: questions.set_answer(question_id, answer_id), None
        )

    def forget_person(self, person: str) -> None:
        """Forget every conversation that somebody, named by their hash, took part in.

        Answers that are under way write down nothing of them any more; so the database comes after.
        """
        self._deletions.note(person)
        self._memory.forget_person(person)

    def forget_before(self, moment: datetime) -> None:
        """Forget the conversations whose last answer is older than a moment."""
        self._memory.forget_before(time_snowflake(moment))

    def withdraw(self, message_id: int) -> None:
        """Note that a message was deleted, so that no answer to it is sent any more."""
        self._withdrawn[message_id] = None
        if len(self._withdrawn) > _MAX_WITHDRAWN:
            self._withdrawn.popitem(last=False)

    def is_withdrawn(self, message_id: int) -> bool:
        """Say whether a message was deleted lately."""
        return message_id in self._withdrawn

    def _is_deleted(self, inquiry: Inquiry, found: Found) -> bool:
        """Say whether somebody whose words these are had them deleted since they were asked."""
        people = [turn.asked_by for turn in found.before]
        people.append(self._services.people.hashed(inquiry.user_id))
        return self._deletions.concern(people, found.n_deletions)

    async def _history(self, inquiry: Inquiry) -> list[Turn]:
        """Return the turns before a question; those of an answer of long ago from the database."""
        memory, reply_to = self._memory, inquiry.reply_to
        if reply_to is not None and not memory.is_answer(reply_to):
            questions = self._services.database.questions
            asked = await self._services.attempts.read(lambda: questions.by_answer(reply_to), None)
            if asked is not None and asked.channel_id == inquiry.where.channel_id:
                last = Turn(asked.question, asked_by=asked.asker)
                return [*(Turn(question) for question in asked.context), last]
        return memory.history(inquiry.where.channel_id, inquiry.speaker, reply_to)

    def _searcher(self, guild_id: int | None, taught: tuple[TaughtQuestion, ...]) -> Searching:
        searcher = self._services.texts.searcher(guild_id)
        return searcher.with_taught(taught) if taught else searcher


def _hints(answer: Answer, searcher: Searching) -> Hints:
    return Hints(
        tuple(searcher.nearest_headings(answer.question)),
        tuple(searcher.did_you_mean(answer.question)),
    )
