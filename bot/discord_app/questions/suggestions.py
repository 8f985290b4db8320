"""Completes questions while they are typed: from titles, sections and well-answered questions."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from weakref import WeakKeyDictionary

from cachetools import LRUCache

from bot.answering import makes_sense_alone
from bot.discord_app.messages.choices import MAX_CHOICES, SUGGESTION_TIMEOUT_S, sendable
from bot.discord_app.messages.phrase_completion import PhraseIndex, complete
from bot.errors import DatabaseError
from bot.indexing.server_indexes import ServerIndexes
from index import AnySearcher, PassageIndexError

logger = logging.getLogger(__name__)

# To compare a beginning with that many takes some milliseconds.
_MAX_HEADINGS = 2000
_MAX_QUESTIONS = 200

# A new question is suggested, and a deleted one is no longer suggested, after this time.
_LIFETIME_S = 15.0

_MAX_SERVERS = 1000


class Completer:
    """Suggests questions; a server's headings are prepared once for each index."""

    def __init__(
        self,
        server_indexes: ServerIndexes,
        well_answered: Callable[[int, int], Awaitable[list[str]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin empty.

        Args:
            server_indexes: The indexes, whose titles and sections are suggested.
            well_answered: Reads a server's well-answered questions from the database, as
                `QuestionStore.well_answered` does.
            clock: Monotonic seconds.
        """
        self._server_indexes = server_indexes
        self._well_answered = well_answered
        self._clock = clock
        self._headings: WeakKeyDictionary[AnySearcher, PhraseIndex] = WeakKeyDictionary()
        self._questions: LRUCache[int, tuple[float, PhraseIndex]] = LRUCache(_MAX_SERVERS)

    async def suggest(self, guild_id: int | None, typed: str) -> list[str]:
        """Return suggestions: a server's earlier questions, titles and sections.

        Args:
            guild_id: The server; None outside of servers, where no questions are suggested.
            typed: The beginning of a question.

        Returns:
            At most 25 suggestions of at most 100 characters; empty if reading fails or takes too
            long.
        """
        try:
            async with asyncio.timeout(SUGGESTION_TIMEOUT_S):
                questions = await self._asked(guild_id)
                return await asyncio.to_thread(self._complete, guild_id, typed, questions)
        except (PassageIndexError, OSError) as error:
            logger.warning(
                "No suggestions, because the index could not be read (%s)",
                error or type(error).__name__,
            )
            return []

    def _complete(self, guild_id: int | None, typed: str, questions: PhraseIndex) -> list[str]:
        searcher = self._server_indexes.searcher(guild_id)
        headings = self._headings.get(searcher)
        if headings is None:
            found = (" ".join(one.split()) for one in searcher.headings(_MAX_HEADINGS))
            headings = self._headings[searcher] = PhraseIndex(sendable(found))
        return complete(typed, (questions, headings), MAX_CHOICES)

    async def _asked(self, guild_id: int | None) -> PhraseIndex:
        """Return a server's well-answered questions, cached; old ones if the database fails."""
        if guild_id is None:
            return PhraseIndex([])
        ends_s, cached = self._questions.get(guild_id, (0.0, PhraseIndex([])))
        if self._clock() < ends_s:
            return cached
        try:
            asked = await self._well_answered(guild_id, _MAX_QUESTIONS)
            alone = (" ".join(one.split()) for one in asked if makes_sense_alone(one))
            cached = PhraseIndex(sendable(alone))
        except DatabaseError as error:
            logger.warning("No suggestions of earlier questions: %s", error)
        self._questions[guild_id] = (self._clock() + _LIFETIME_S, cached)
        return cached
