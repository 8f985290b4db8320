"""Searches the texts of a server for a question, in a worker thread and in a fair order."""

import asyncio
import logging
from collections.abc import Sequence

from bot.answering import Answer, Turn, answer_question, asks_people, further_quotes
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.questions.models import Hints, IncomingQuestion, SearchResult
from bot.discord_app.questions.state.deletions import Deletions
from bot.discord_app.questions.state.fair_queue import FairQueue
from bot.discord_app.questions.state.lesson_cache import LessonCache
from index import AnySearcher, TaughtQuestion

logger = logging.getLogger(__name__)


class QuestionSearch:
    """Searches with a server's lessons, outside of the event loop."""

    def __init__(self, runtime: Runtime, queue: FairQueue, deletions: Deletions) -> None:
        self._server_indexes = runtime.server_indexes
        self._queue = queue
        self._deletions = deletions
        self._lessons = LessonCache(runtime.database, runtime.breaker)

    async def search(self, question: IncomingQuestion, history: Sequence[Turn]) -> SearchResult:
        """Wait for a slot, and return the answer to a question in its conversation."""
        guild_id = question.origin.guild_id

        def search(taught: tuple[TaughtQuestion, ...]) -> SearchResult:
            searcher = self._opened(guild_id, taught)
            answer = answer_question(question.text, history, searcher, joins=True)
            hints = _hints(answer, searcher) if answer.reason == "nothing_found" else Hints()
            begins = question.may_ask_people and not (history and history[-1].shown)
            to_people = begins and asks_people(question.text, answer)
            return SearchResult(answer, tuple(history), hints, asks_people=to_people)

        slot = self._queue.slot(question.origin.queue_id, question.asker.id)
        async with self._deletions.waiting_for(slot, question.message_id):
            taught = await self._lessons.taught(guild_id)
            result = await asyncio.to_thread(search, taught)
        _log(question, result.answer)
        return result

    async def further(self, turns: Sequence[Turn], n_seen: int, guild_id: int | None) -> Answer:
        """Return the next quotes for the last turn, after the first `n_seen`."""
        searcher = await self.searcher(guild_id)
        return await asyncio.to_thread(further_quotes, turns, n_seen, searcher, joins=True)

    async def searcher(self, guild_id: int | None) -> AnySearcher:
        """Return the searcher over the texts and lessons of a server."""
        taught = await self._lessons.taught(guild_id)
        return await asyncio.to_thread(self._opened, guild_id, taught)

    def _opened(self, guild_id: int | None, taught: tuple[TaughtQuestion, ...]) -> AnySearcher:
        searcher = self._server_indexes.searcher(guild_id)
        return searcher.with_taught(taught) if taught else searcher


def _hints(answer: Answer, searcher: AnySearcher) -> Hints:
    return Hints(
        tuple(searcher.nearest_headings(answer.question)),
        tuple(searcher.did_you_mean(answer.question)),
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
