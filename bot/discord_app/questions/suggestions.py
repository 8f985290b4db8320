"""Completes what is typed in `/ask`: questions, and the names of texts and folders.

Questions are completed from titles, sections and well-answered questions.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import TypeVar
from weakref import WeakKeyDictionary

from cachetools import LRUCache

from bot.answering import makes_sense_alone
from bot.database import WellAnswered
from bot.discord_app.messages.choices import (
    MAX_CHOICES,
    SUGGESTION_TIMEOUT_S,
    is_sendable,
    sendable,
    source_choice,
)
from bot.discord_app.messages.phrase_completion import PhraseIndex, complete
from bot.errors import DatabaseError
from bot.indexing.scope import EVERYTHING, Scope
from bot.indexing.server_indexes import ServerIndexes
from index import AnySearcher, PassageIndexError, SourceInfo

logger = logging.getLogger(__name__)

T = TypeVar("T")

# To compare a beginning with that many takes some milliseconds.
_MAX_HEADINGS = 2000
_MAX_QUESTIONS = 200

# A new question is suggested, and a deleted one is no longer suggested, after this time.
_LIFETIME_S = 15.0

_MAX_KEPT = 1000


class Completer:
    """Suggests questions; a server's headings are prepared once for each index."""

    def __init__(
        self,
        server_indexes: ServerIndexes,
        well_answered: Callable[[int, int], Awaitable[list[WellAnswered]]],
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
        self._names: WeakKeyDictionary[AnySearcher, _TextNames] = WeakKeyDictionary()
        self._questions: LRUCache[tuple[int, Scope], tuple[float, PhraseIndex]] = LRUCache(
            _MAX_KEPT
        )

    async def suggest(
        self, guild_id: int | None, typed: str, scope: Scope = EVERYTHING
    ) -> list[str]:
        """Return suggestions: a server's earlier questions, titles and sections.

        Args:
            guild_id: The server; None outside of servers, where no questions are suggested.
            typed: The beginning of a question.
            scope: The texts that may be read there; questions that others answer are left out.

        Returns:
            At most 25 suggestions of at most 100 characters; empty if reading fails or takes too
            long.
        """

        async def found() -> list[str]:
            questions = await self._asked(guild_id, scope)
            return await asyncio.to_thread(self._complete, guild_id, scope, typed, questions)

        return await _in_time(found())

    async def suggest_texts(
        self, guild_id: int | None, typed: str, scope: Scope = EVERYTHING
    ) -> list[tuple[str, str]]:
        """Return the folders and texts that may be meant, at most 25.

        Args:
            guild_id: The server; None outside of servers.
            typed: The beginning of a name.
            scope: The texts that may be read there.

        Returns:
            What to show, and what names the folder or text, each of at most 100 characters; empty
            if reading fails or takes too long.
        """
        return await _in_time(asyncio.to_thread(self._complete_texts, guild_id, scope, typed))

    def _complete_texts(
        self, guild_id: int | None, scope: Scope, typed: str
    ) -> list[tuple[str, str]]:
        searcher = self._server_indexes.searcher(guild_id, scope)
        names = self._names.get(searcher)
        if names is None:
            names = self._names[searcher] = _TextNames(searcher.sources())
        return names.complete(typed)

    def _complete(
        self, guild_id: int | None, scope: Scope, typed: str, questions: PhraseIndex
    ) -> list[str]:
        searcher = self._server_indexes.searcher(guild_id, scope)
        headings = self._headings.get(searcher)
        if headings is None:
            found = (" ".join(one.split()) for one in searcher.headings(_MAX_HEADINGS))
            headings = self._headings[searcher] = PhraseIndex(sendable(found))
        return complete(typed, (questions, headings), MAX_CHOICES)

    async def _asked(self, guild_id: int | None, scope: Scope) -> PhraseIndex:
        """Return a server's well-answered questions, cached; old ones if the database fails."""
        if guild_id is None:
            return PhraseIndex([])
        key = guild_id, scope
        ends_s, cached = self._questions.get(key, (0.0, PhraseIndex([])))
        if self._clock() < ends_s:
            return cached
        try:
            asked = await self._well_answered(guild_id, _MAX_QUESTIONS)
            if scope != EVERYTHING:
                asked = await asyncio.to_thread(self._answered_in, guild_id, scope, asked)
            alone = (
                " ".join(one.question.split()) for one in asked if makes_sense_alone(one.question)
            )
            cached = PhraseIndex(sendable(alone))
        except DatabaseError as error:
            logger.warning("No suggestions of earlier questions: %s", error)
        self._questions[key] = (self._clock() + _LIFETIME_S, cached)
        return cached

    def _answered_in(
        self, guild_id: int, scope: Scope, asked: Sequence[WellAnswered]
    ) -> list[WellAnswered]:
        """Return the questions whose quotes are all from texts of a scope."""
        texts = self._server_indexes.searcher(guild_id, scope).sources()
        readable = {text.source for text in texts}
        return [one for one in asked if one.sources and one.sources <= readable]


class _TextNames:
    """The names of the texts of a searcher and of their folders, to complete."""

    def __init__(self, texts: Sequence[SourceInfo]) -> None:
        self._by_name = dict(text_names(texts))
        self._names = PhraseIndex(self._by_name)

    def complete(self, typed: str) -> list[tuple[str, str]]:
        """Return what is shown and what names each, folders first; all for an empty text."""
        found = complete(typed, (self._names,), MAX_CHOICES)
        return [(name, self._by_name[name]) for name in found]


def text_names(texts: Sequence[SourceInfo]) -> list[tuple[str, str]]:
    """Return the folders, then the texts: what to show and what names each, each name once."""
    shown = {value: name for name, value in _names_of(texts)}
    return [(name, value) for value, name in shown.items()]


def _names_of(texts: Sequence[SourceInfo]) -> Iterator[tuple[str, str]]:
    """Yield what is shown and what names it: for folders both are the path."""
    parents = (PurePosixPath(text.source).parents for text in texts)
    folders = {f"{folder}/" for above in parents for folder in above[:-1]}
    yield from ((folder, folder) for folder in sorted(folders) if is_sendable(folder))
    for text in texts:
        named = next(filter(is_sendable, (text.source, text.title)), None)
        if named is not None:
            yield source_choice(text), named


async def _in_time(found: Awaitable[list[T]]) -> list[T]:
    """Return suggestions; empty if reading fails or takes too long."""
    try:
        async with asyncio.timeout(SUGGESTION_TIMEOUT_S):
            return await found
    except (PassageIndexError, OSError) as error:
        logger.warning(
            "No suggestions, because the index could not be read (%s)",
            error or type(error).__name__,
        )
        return []
