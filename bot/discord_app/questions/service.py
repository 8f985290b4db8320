"""Answer what was asked on Discord, whatever way it came, and keep note of it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

from discord.utils import time_snowflake

from bot.answering.answer import Answer, answer_question, extend_history, further_quotes
from bot.answering.conversation import Turn, without_announcement
from bot.database import Asked, Outcome, QuotedPlace
from bot.discord_app.context.services import Services
from bot.discord_app.questions.models import Found, Hints, Inquiry
from bot.discord_app.questions.state.conversations import DiscordMemory
from bot.discord_app.questions.state.deleted_messages import Withdrawals
from bot.discord_app.questions.state.erased_people import Deletions
from bot.discord_app.questions.state.fair_queue import FairQueue
from bot.discord_app.questions.state.lesson_cache import KnownLessons
from bot.discord_app.questions.state.replies import Replies
from index import Searching, TaughtQuestion
from index.analysis.terms import extract_terms

logger = logging.getLogger(__name__)

# Searches share one interpreter with the event loop, which more of them keep waiting longer. With
# two of them, a search that takes long holds up only half.
_MAX_AT_ONCE = 2


class Asker:
    """Holds the conversations and asks the index, off the event loop.

    Attributes:
        replies: What the bot said to which message.
        withdrawals: Which messages were deleted.
        queue: The questions that are open, whose searches and records take turns.
    """

    def __init__(self, services: Services) -> None:
        self.replies = Replies()
        self.withdrawals = Withdrawals()
        self.queue = FairQueue(_MAX_AT_ONCE)
        services.metrics.waiting.set_function(lambda: self.queue.n_waiting)
        self._services = services
        self._memory = DiscordMemory()
        self._deletions = Deletions()
        self._lessons = KnownLessons(services.database, services.attempts)
        # One lock for each person in a channel, gone when nobody holds or awaits it.
        self._turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, inquiry: Inquiry) -> AsyncIterator[None]:
        """Let a person's questions in a channel follow one another, each as long as the block."""
        key = (inquiry.where.channel_id, inquiry.speaker)
        lock = self._turns.setdefault(key, asyncio.Lock())
        async with AsyncExitStack() as stack:
            with self.withdrawals.end(inquiry.message_id):
                await stack.enter_async_context(lock)
            yield

    def is_answer(self, message_id: int) -> bool:
        """Say whether a message is an answer that is still remembered."""
        return self._memory.is_answer(message_id)

    async def answer(self, inquiry: Inquiry) -> Found:
        """Search for what was asked, in its conversation."""
        n_deletions = self._deletions.count
        before = await self._history(inquiry)
        found = await self.answer_after(inquiry, before)
        return replace(found, n_deletions=n_deletions)

    async def answer_after(self, inquiry: Inquiry, before: list[Turn]) -> Found:
        """Search for what was asked after some turns, once it is its turn."""
        n_deletions = self._deletions.count
        question, where = inquiry.question, inquiry.where

        def search(taught: tuple[TaughtQuestion, ...]) -> Found:
            searcher = self._searcher(where.guild_id, taught)
            answer = answer_question(question, before, searcher)
            hints = _hints(answer, searcher) if answer.reason == "nothing_found" else Hints()
            return Found(answer, tuple(before), hints, n_deletions)

        async with AsyncExitStack() as stack:
            with self.withdrawals.end(inquiry.message_id):
                turn = self.queue.turn(where.crowd_id, inquiry.user_id)
                await stack.enter_async_context(turn)
            taught = await self._lessons.taught(where.guild_id)
            found = await asyncio.to_thread(search, taught)
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

    async def further(
        self, asked: Asked, n_seen: int, turn: AbstractAsyncContextManager[None]
    ) -> Answer:
        """Return the quotes of a recorded question that follow the first `n_seen`, in a turn."""
        last = Turn(asked.question, hesitant=asked.outcome == "hesitant")
        turns = [*(Turn(question) for question in asked.context), last]

        async with turn:
            searcher = await self.searcher(asked.guild_id)
            return await asyncio.to_thread(further_quotes, turns, n_seen, searcher)

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
        async with self.queue.turn(inquiry.where.crowd_id, inquiry.user_id):
            question_id = await attempts.write(lambda: questions.record(asked), None)
        if self._is_deleted(inquiry, found):
            await self.drop(question_id)
            return None
        return question_id

    async def note_anew(
        self, question_id: int | None, inquiry: Inquiry, found: Found
    ) -> int | None:
        """Record what an edited question asks now; `question_id` is the number it has, or None.

        Returns:
            Its number from now on; None where it is not kept, which it is not as small talk.
        """
        asked = self.record_of(inquiry, found)
        if question_id is None:
            return await self.note(inquiry, found)
        if asked is None:
            await self.drop(question_id)
            return None
        questions, attempts = self._services.database.questions, self._services.attempts
        is_kept = await attempts.write(lambda: questions.update(question_id, asked), False)
        if is_kept and self._is_deleted(inquiry, found):
            await self.drop(question_id)
            return None
        return question_id if is_kept else None

    async def drop(self, question_id: int | None) -> None:
        """Delete a recorded question; None is none."""
        if question_id is not None:
            questions, attempts = self._services.database.questions, self._services.attempts
            await attempts.write(lambda: questions.delete(question_id), False)

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
        history = self._history_after(inquiry, found)
        channel_id = inquiry.where.channel_id
        self._memory.remember(
            channel_id, inquiry.speaker, answer_id, history, lasting=inquiry.shared
        )
        await self._set_answer(question_id, answer_id)

    async def corrected(
        self, inquiry: Inquiry, found: Found, question_id: int | None, answer_id: int
    ) -> None:
        """Note that an answer was changed with its question."""
        if self._is_deleted(inquiry, found):
            return
        history = self._history_after(inquiry, found)
        self._memory.correct(inquiry.where.channel_id, inquiry.speaker, answer_id, history)
        await self._set_answer(question_id, answer_id)

    def forget_person(self, person: str) -> None:
        """Forget every conversation that somebody, named by their hash, took part in.

        Answers that are under way write down nothing of them any more; so the database comes after.
        """
        self._deletions.note(person)
        self._memory.forget_person(person)

    def forget_before(self, moment: datetime) -> None:
        """Forget the conversations whose last answer is older than a moment."""
        self._memory.forget_before(time_snowflake(moment))

    def _is_deleted(self, inquiry: Inquiry, found: Found) -> bool:
        """Say whether somebody whose words these are had them deleted since they were asked."""
        people = [turn.asked_by for turn in found.before]
        people.append(self._services.people.hashed(inquiry.user_id))
        return self._deletions.concern(people, found.n_deletions)

    async def _set_answer(self, question_id: int | None, answer_id: int) -> None:
        if question_id is not None:
            questions, attempts = self._services.database.questions, self._services.attempts
            await attempts.write(lambda: questions.set_answer(question_id, answer_id), None)

    def _history_after(self, inquiry: Inquiry, found: Found) -> list[Turn]:
        """Return the turns that the next question has behind it, the last one with its asker."""
        history = extend_history(found.before, found.answer)
        if history and history[-1].asked_by is None:
            person = self._services.people.hashed(inquiry.user_id)
            history[-1] = replace(history[-1], asked_by=person)
        return history

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
