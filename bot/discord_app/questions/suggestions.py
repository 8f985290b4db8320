"""Complete questions while they are typed: titles, sections, and what was answered well before."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from weakref import WeakKeyDictionary

from cachetools import LRUCache

from bot.answering import makes_sense_alone
from bot.discord_app.messages.choices import MAX_CHOICES, SUGGESTION_TIMEOUT_S, sendable
from bot.discord_app.messages.phrase_completion import Completions, complete
from bot.errors import DatabaseError
from bot.indexing.server_indexes import ServerIndexes
from index import PassageIndexError, Searching

logger = logging.getLogger(__name__)

# Comparing what was typed with so many takes some milliseconds; nobody scrolls through more.
_MAX_HEADINGS = 2000
_MAX_QUESTIONS = 200

# A question that was just answered or deleted is suggested, or not any more, so much later.
_LIFETIME_S = 15.0

_MAX_SERVERS = 1000


class Completer:
    """Suggests questions. What it compares with is made once for each index."""

    def __init__(
        self,
        texts: ServerIndexes,
        well_answered: Callable[[int, int], Awaitable[list[str]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare nothing yet.

        Args:
            texts: Whose titles and sections are suggested.
            well_answered: As `QuestionLog.well_answered`.
            clock: Seconds.
        """
        self._texts = texts
        self._well_answered = well_answered
        self._clock = clock
        self._headings: WeakKeyDictionary[Searching, Completions] = WeakKeyDictionary()
        self._questions: LRUCache[int, tuple[float, Completions]] = LRUCache(_MAX_SERVERS)

    async def suggest(self, guild_id: int | None, typed: str) -> list[str]:
        """Return what may be asked: a server's earlier questions, titles and sections.

        Args:
            guild_id: The server; None outside of one, where nobody's questions are suggested.
            typed: The beginning.

        Returns:
            At most 25 of at most 100 characters each; none where nothing can be read in time.
        """
        try:
            async with asyncio.timeout(SUGGESTION_TIMEOUT_S):
                questions = await self._asked(guild_id)
                return await asyncio.to_thread(self._complete, guild_id, typed, questions)
        except (PassageIndexError, OSError) as error:
            logger.warning("Nothing is suggested (%s)", error or type(error).__name__)
            return []

    def _complete(self, guild_id: int | None, typed: str, questions: Completions) -> list[str]:
        searcher = self._texts.searcher(guild_id)
        headings = self._headings.get(searcher)
        if headings is None:
            found = (" ".join(one.split()) for one in searcher.headings(_MAX_HEADINGS))
            headings = self._headings[searcher] = Completions(sendable(found))
        return complete(typed, (questions, headings), MAX_CHOICES)

    async def _asked(self, guild_id: int | None) -> Completions:
        """Return a server's good questions, read anew now and then; those last known else."""
        if guild_id is None:
            return Completions([])
        until, known = self._questions.get(guild_id, (0.0, Completions([])))
        if self._clock() < until:
            return known
        try:
            asked = await self._well_answered(guild_id, _MAX_QUESTIONS)
            alone = (" ".join(one.split()) for one in asked if makes_sense_alone(one))
            known = Completions(sendable(alone))
        except DatabaseError as error:
            logger.warning("No earlier questions are suggested: %s", error)
        self._questions[guild_id] = (self._clock() + _LIFETIME_S, known)
        return known
