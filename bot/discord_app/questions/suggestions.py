"""Complete questions while they are typed: titles, sections, and what was answered well before."""

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from weakref import WeakKeyDictionary

from bot.discord_app.messages.phrase_completion import Completions, complete
from bot.errors import DatabaseError
from bot.indexing.server_indexes import ServerTexts
from bot.rendering.discord_markdown import message_length, shorten
from index import PassageIndexError, Searching

logger = logging.getLogger(__name__)

# Of an answer, and of the name and the value of each choice in it:
# https://discord.com/developers/docs/interactions/application-commands
MAX_CHOICES = 25
MAX_CHOICE_CHARS = 100

# Comparing what was typed with so many takes some milliseconds; nobody scrolls through more.
_MAX_HEADINGS = 2000
_MAX_QUESTIONS = 200

# A question that was just answered or deleted is suggested, or not any more, so much later.
_LIFETIME_S = 15.0

# Who types on after a second needs other suggestions.
PATIENCE_S = 1.0

_MAX_SERVERS = 1000

# Discord refuses a whole list with one of these in it.
_UNSENDABLE = re.compile("[\0\ud800-\udfff]")


class Completer:
    """Suggests questions. What it compares with is made once for each index."""

    def __init__(
        self,
        texts: ServerTexts,
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
        self._questions: OrderedDict[int, tuple[float, Completions]] = OrderedDict()

    async def suggest(self, guild_id: int | None, typed: str) -> list[str]:
        """Return what may be asked: a server's earlier questions, titles and sections.

        Args:
            guild_id: The server; None outside of one, where nobody's questions are suggested.
            typed: The beginning.

        Returns:
            At most 25 of at most 100 characters each; none where nothing can be read in time.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
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
            headings = self._headings[searcher] = Completions(_sendable(found))
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
            known = Completions(_sendable(" ".join(one.split()) for one in asked))
        except DatabaseError as error:
            logger.warning("No earlier questions are suggested: %s", error)
        self._questions[guild_id] = (self._clock() + _LIFETIME_S, known)
        self._questions.move_to_end(guild_id)
        if len(self._questions) > _MAX_SERVERS:
            self._questions.popitem(last=False)
        return known


def is_sendable(text: str) -> bool:
    """Say whether a text can be suggested as it is."""
    return 0 < message_length(text) <= MAX_CHOICE_CHARS and not _UNSENDABLE.search(text)


def choice_name(text: str) -> str:
    """Return a text on one line, cut to what the name of a choice may have."""
    line = shorten(_UNSENDABLE.sub("\ufffd", text), MAX_CHOICE_CHARS)
    while message_length(line) > MAX_CHOICE_CHARS:
        line = shorten(line, len(line) - 1)
    return line


def _sendable(texts: Iterable[str]) -> Iterable[str]:
    return filter(is_sendable, texts)
