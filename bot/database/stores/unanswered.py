"""List unanswered questions: found nothing, or thumbs down; similar ones are merged."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, exists, or_, select, update

from bot.database.connection.sessions import Sessions
from bot.database.schema.tables import QuestionRow, VoteRow
from index import PassageRef

# Only this many of a server's newest unanswered questions are merged and listed.
_MAX_UNANSWERED = 2000

# Least Levenshtein similarity, of 100, of the sorted stems of questions that count as one. Over the
# questions of the shipped set it merges 1 pair of 18,144, and .89 of questions with their own typos
# (one letter wrong or missing; 22 November 2026). At 85 it merges no pair, and .81 of the typos;
# RapidFuzz's `token_set_ratio` at 80 merges 62 pairs: it finds a question in every longer one.
_ALIKE = 80.0


@dataclass(frozen=True, slots=True)
class UnansweredGroup:
    """Similar unanswered questions.

    Attributes:
        id: The id of the newest question, for the ids of buttons.
        ids: The ids of all questions, newest first.
        questions: Their different wordings, newest first.
        count: How often it was asked.
        newest_at: When it was last asked.
        channel_id: Where it was last asked.
        message_id: The message that last asked it; None for a command.
        channel_ids: All channels where it was asked.
        quoted: The best quote of the newest question; None if nothing was found.
        sources: The texts of all quotes.
    """

    id: int
    ids: tuple[int, ...]
    questions: tuple[str, ...]
    count: int
    newest_at: datetime
    channel_id: int
    message_id: int | None
    channel_ids: frozenset[int]
    quoted: PassageRef | None = None
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time, half-open."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """The columns that are read of an unanswered question."""

    id: int
    question: str
    likeness: str
    asked_at: datetime
    channel_id: int
    message_id: int | None
    context: list[str]
    places: list[tuple[str, int, int]]


class IsListed(Protocol):
    """Decides which questions are listed."""

    def __call__(self, question: str, *, follows: bool) -> bool:
        """Return whether to list a question; `follows` if others came before it."""


class UnansweredStore:
    """Lists unanswered questions and settles them."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def channels(self, guild_id: int, span: Span | None = None) -> list[int]:
        """Return the channels of a server's unanswered questions, each once, newest question first.

        Args:
            guild_id: The server.
            span: When the questions were asked; None for any time.

        Raises:
            DatabaseError: The database failed.
        """
        newest = select(QuestionRow.channel_id).where(*_is_unanswered(guild_id, span))
        newest = newest.order_by(QuestionRow.asked_at.desc()).limit(_MAX_UNANSWERED)
        async with self._sessions.reading() as session:
            return list(dict.fromkeys(await session.scalars(newest)))

    async def groups(
        self,
        guild_id: int,
        channel_ids: Collection[int] | None = None,
        *,
        is_listed: IsListed | None = None,
        span: Span | None = None,
    ) -> list[UnansweredGroup]:
        """Return a server's unanswered questions, newest first, never private ones.

        Args:
            guild_id: The server.
            channel_ids: Only questions of these channels count; None for all.
            is_listed: Only questions for which it returns true count; None for all.
            span: When the questions were asked; None for any time.

        Raises:
            DatabaseError: The database failed.
        """
        chosen = (
            select(
                QuestionRow.id,
                QuestionRow.question,
                QuestionRow.likeness,
                QuestionRow.asked_at,
                QuestionRow.channel_id,
                QuestionRow.message_id,
                QuestionRow.context,
                QuestionRow.places,
            )
            .where(*_is_unanswered(guild_id, span))
            .order_by(QuestionRow.asked_at.desc(), QuestionRow.id.desc())
            .limit(_MAX_UNANSWERED)
        )
        if channel_ids is not None:
            chosen = chosen.where(QuestionRow.channel_id.in_(channel_ids))
        async with self._sessions.reading() as session:
            found = [UnansweredQuestion(*row) for row in await session.execute(chosen)]
        return await asyncio.to_thread(merge, found, is_listed)

    async def group(self, guild_id: int, question_id: int) -> UnansweredGroup | None:
        """Return the group of a question, or None if it is not unanswered.

        Raises:
            DatabaseError: The database failed.
        """
        groups = await self.groups(guild_id)
        return next((group for group in groups if question_id in group.ids), None)

    async def settle_alike(
        self, guild_id: int, question_id: int, channel_ids: Collection[int]
    ) -> int:
        """Remove a question, and all that are similar to it, from the list.

        Args:
            guild_id: The server.
            question_id: The question.
            channel_ids: Only questions of these channels are removed.

        Returns:
            How many were removed; 0 if the question is not on the list.

        Raises:
            DatabaseError: The database failed.
        """
        chosen = (
            select(QuestionRow.id, QuestionRow.likeness)
            .where(*_is_unanswered(guild_id), QuestionRow.channel_id.in_(channel_ids))
            .order_by(QuestionRow.asked_at.desc())
            .limit(_MAX_UNANSWERED)
        )
        async with self._sessions.reading() as session:
            likeness_of = {row.id: row.likeness for row in await session.execute(chosen)}
        if question_id not in likeness_of:
            return 0
        wanted = likeness_of[question_id]
        alike = process.extract(
            wanted, likeness_of, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None
        )
        return await self.settle(guild_id, [number for _, _, number in alike])

    async def settle(self, guild_id: int, ids: Sequence[int]) -> int:
        """Remove questions of a server from the list, and return how many were on it.

        Raises:
            DatabaseError: The database failed.
        """
        settled = (
            update(QuestionRow)
            .where(
                QuestionRow.guild_id == guild_id,
                QuestionRow.id.in_(ids),
                QuestionRow.settled_at.is_(None),
            )
            .values(settled_at=self._sessions.now())
            .returning(QuestionRow.id)
        )
        async with self._sessions.writing() as session:
            return len(list(await session.scalars(settled)))


def _is_unanswered(guild_id: int, span: Span | None = None) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for a server's unanswered questions."""
    asked_at = QuestionRow.asked_at
    in_span = () if span is None else (asked_at >= span.since, asked_at < span.until)
    disliked = exists().where(VoteRow.question_id == QuestionRow.id, VoteRow.value == -1)
    return (
        QuestionRow.guild_id == guild_id,
        QuestionRow.private.is_(False),
        QuestionRow.settled_at.is_(None),
        or_(QuestionRow.outcome == "nothing_found", disliked),
        *in_span,
    )


def merge(questions: list[UnansweredQuestion], is_listed: IsListed | None) -> list[UnansweredGroup]:
    """Merge similar questions, given newest first, into groups ordered by their newest.

    A question joins the group whose newest question is most similar.
    """
    alike: dict[str, list[UnansweredQuestion]] = {}
    of_likeness: dict[str, str] = {}
    for question in questions:
        if is_listed is not None and not is_listed(
            question.question, follows=bool(question.context)
        ):
            continue
        key = question.likeness
        if key not in of_likeness:
            near = process.extractOne(key, alike.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
            of_likeness[key] = near[0] if near else key
        alike.setdefault(of_likeness[key], []).append(question)
    return [_group(members) for members in alike.values()]


def _group(members: list[UnansweredQuestion]) -> UnansweredGroup:
    newest = members[0]
    return UnansweredGroup(
        id=newest.id,
        ids=tuple(question.id for question in members),
        questions=tuple(dict.fromkeys(question.question for question in members)),
        count=len(members),
        newest_at=newest.asked_at,
        channel_id=newest.channel_id,
        message_id=newest.message_id,
        channel_ids=frozenset(question.channel_id for question in members),
        quoted=PassageRef(*newest.places[0]) if newest.places else None,
        sources=frozenset(source for question in members for source, _, _ in question.places),
    )
