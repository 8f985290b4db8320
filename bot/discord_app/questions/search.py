"""Searches the texts of a server for a question, in a worker thread and in a fair order."""

import asyncio
import logging
from collections.abc import Sequence

from bot.answering import Answer, Turn, answer_question, asks_people, further_quotes
from bot.discord_app.context.origin import Origin
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.questions.models import Hints, IncomingQuestion, SearchResult
from bot.discord_app.questions.state.deletions import Deletions
from bot.discord_app.questions.state.fair_queue import FairQueue
from bot.discord_app.questions.state.lesson_cache import LessonCache
from bot.indexing.scope import EVERY_TEXT
from index import AnySearcher, TaughtQuestion

logger = logging.getLogger(__name__)


class QuestionSearch:
    """Searches with a server's lessons, outside of the event loop."""

    def __init__(self, runtime: Runtime, queue: FairQueue, deletions: Deletions) -> None:
        self._server_indexes = runtime.server_indexes
        self._pending_indexes = runtime.pending_indexes
        self._queue = queue
        self._deletions = deletions
        self._lessons = LessonCache(runtime.database, runtime.breaker)

    async def search(self, question: IncomingQuestion, history: Sequence[Turn]) -> SearchResult:
        """Wait for a slot, and return the answer to a question in its conversation."""
        origin, within = question.origin, question.asked_within(history)

        def search(taught: tuple[TaughtQuestion, ...]) -> SearchResult:
            searcher = self._opened(origin, taught, within)
            answer = answer_question(
                question.text, history, searcher, joins=True, language=question.locale
            )
            hints = Hints()
            if answer.reason == "nothing_found":
                others = self._others(origin, within) if within is not None else set()
                hints = _hints(answer, searcher, origin, within, has_others=bool(others))
            begins = question.may_ask_people and not (history and history[-1].shown)
            to_people = begins and asks_people(question.text, answer)
            return SearchResult(answer, tuple(history), hints, asks_people=to_people, within=within)

        await self._pending_indexes.wait(origin.guild_id)
        slot = self._queue.slot(question.origin.queue_id, question.asker.id)
        async with self._deletions.waiting_for(slot, question.message_id):
            taught = await self._lessons.taught(origin.guild_id)
            result = await asyncio.to_thread(search, taught)
        _log(question, result.answer)
        return result

    async def further(
        self, turns: Sequence[Turn], n_seen: int, origin: Origin, locale: str | None
    ) -> Answer:
        """Return the next quotes for the last turn, after the first `n_seen`.

        Args:
            turns: At least one, oldest first.
            n_seen: How many hits have been shown.
            origin: Where they were shown.
            locale: The locale that they were chosen for, or None.
        """
        searcher = await self.searcher(origin, turns[-1].within)
        return await asyncio.to_thread(
            further_quotes, turns, n_seen, searcher, joins=True, language=locale
        )

    async def of_version(
        self, turns: Sequence[Turn], version: str, origin: Origin, locale: str
    ) -> tuple[Answer, Hints]:
        """Ask the last turn of a version of the texts that it was asked of.

        Args:
            turns: At least one, oldest first.
            version: The version.
            origin: Where the person chose it.
            locale: The language of their client.

        Returns:
            The answer, and suggestions if it found nothing.
        """
        *before, last = turns
        searcher = await self.searcher(origin, last.within)

        def search() -> tuple[Answer, Hints]:
            answer = answer_question(
                last.question, before, searcher, joins=True, versions=[version], language=locale
            )
            found = answer.reason != "nothing_found"
            asked = searcher.of_versions([version])
            return answer, Hints() if found else _hints(answer, asked, origin, last.within)

        return await asyncio.to_thread(search)

    async def elsewhere(
        self, turns: Sequence[Turn], origin: Origin, locale: str
    ) -> tuple[Answer, Hints]:
        """Ask the last turn of the other texts that may be read there.

        Args:
            turns: At least one, oldest first.
            origin: Where the person asks for them.
            locale: The language of their client.

        Returns:
            The answer, and suggestions if it found nothing.
        """
        readable = await self.searcher(origin)
        *before, last = turns

        def search() -> tuple[Answer, Hints]:
            searcher = readable.within(self._others(origin, last.within))
            answer = answer_question(last.question, before, searcher, joins=True, language=locale)
            found = answer.reason != "nothing_found"
            return answer, Hints() if found else _hints(answer, searcher, origin, None)

        return await asyncio.to_thread(search)

    async def searcher(self, origin: Origin, within: str | None = None) -> AnySearcher:
        """Return the searcher over the texts that may be read somewhere, and their lessons.

        Args:
            origin: Where they are read.
            within: What names those that are searched; None for all.
        """
        taught = await self._lessons.taught(origin.guild_id)
        return await asyncio.to_thread(self._opened, origin, taught, within)

    def _opened(
        self, origin: Origin, taught: tuple[TaughtQuestion, ...], within: str | None
    ) -> AnySearcher:
        searcher = self._server_indexes.searcher(origin.guild_id, origin.scope, within)
        return searcher.with_taught(taught) if taught else searcher

    def _others(self, origin: Origin, within: str | None) -> set[str]:
        """Return the texts that may be read and were not asked."""
        readable, asked = (
            self._server_indexes.searcher(origin.guild_id, origin.scope, named).sources()
            for named in (None, within)
        )
        return {text.source for text in readable} - {text.source for text in asked}


def _hints(
    answer: Answer,
    asked: AnySearcher,
    origin: Origin,
    within: str | None,
    *,
    has_others: bool = False,
) -> Hints:
    asked = asked.of_current_versions()
    named = (origin.scope.patterns or ()) if within is None else (within,)
    if EVERY_TEXT in named or not asked.sources():
        named = ()
    return Hints(
        tuple(asked.nearest_headings(answer.question)),
        tuple(asked.did_you_mean(answer.question)),
        named,
        has_others,
    )


def _log(question: IncomingQuestion, answer: Answer) -> None:
    logger.info(
        "Answered with %d quotes (%s), best score %.2f, in %.1f ms",
        len(answer.quotes),
        answer.reason or "found",
        answer.quotes[0].score if answer.quotes else 0.0,
        answer.milliseconds,
    )
    logger.debug("The question was %r", question.text)
