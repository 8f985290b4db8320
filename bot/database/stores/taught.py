"""Store lessons: questions that people bound to paragraphs."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Literal, cast

from sqlalchemy import delete, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.connection.sessions import Sessions
from bot.database.schema.tables import KeyValueRow, TaughtRow
from bot.database.stores.key_values import put_key_value
from index import PassageRef

LessonKind = Literal["taught", "confirmed"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question that a paragraph answers.

    Attributes:
        id: Given by the database.
        guild_id: The server where this holds; None for direct messages.
        question: Its first 4,000 characters are stored.
        passage: The paragraph.
        taught_by: Keyed hash of the person who taught it, or whose question was confirmed; empty
            once it is deleted.
        kind: Whether a trusted person taught it, or thumbs confirmed it.
        at: When it was taught.
    """

    id: int
    guild_id: int | None
    question: str
    passage: PassageRef
    taught_by: str
    kind: LessonKind
    at: datetime


class LessonStore:
    """Stores the lessons, separately for each server."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def add(
        self,
        guild_id: int | None,
        question: str,
        passage: PassageRef,
        *,
        taught_by: str,
        kind: LessonKind = "taught",
    ) -> int:
        """Bind a question to a paragraph and return the lesson's id.

        The same question taught again for the same paragraph replaces the lesson and keeps its id,
        but thumbs never replace a lesson of a person.

        Raises:
            DatabaseError: The database failed.
        """
        identity = _identity(guild_id, question, passage)
        values = {
            "fingerprint": passage.fingerprint,
            "taught_by": taught_by,
            "kind": kind,
            "at": self._sessions.now(),
        }
        insert = self._sessions.insert(TaughtRow).values(
            identity=identity,
            guild_id=guild_id,
            question=question,
            source=passage.source,
            paragraph=passage.paragraph,
            **values,
        )
        added = insert.on_conflict_do_update(
            index_elements=["identity"],
            set_=values,
            where=or_(TaughtRow.kind == "confirmed", literal(kind == "taught")),
        )
        there = select(TaughtRow.id).where(TaughtRow.identity == identity)
        async with self._sessions.writing() as session:
            await change_version(session, self._sessions, guild_id)
            await session.execute(added)
            return (await session.scalars(there)).one()

    async def remove(self, guild_id: int | None, taught_id: int) -> Lesson | None:
        """Remove a lesson of a server.

        Returns:
            The lesson; None if the server does not have it.

        Raises:
            DatabaseError: The database failed.
        """
        gone = delete(TaughtRow).where(TaughtRow.guild_id == guild_id, TaughtRow.id == taught_id)
        async with self._sessions.writing() as session:
            await change_version(session, self._sessions, guild_id)
            row = await session.scalar(gone.returning(TaughtRow))
            return None if row is None else _lesson(row)

    async def unconfirm(self, guild_id: int | None, question: str, passage: PassageRef) -> bool:
        """Remove a lesson that thumbs confirmed; a lesson that a person taught stays.

        Returns:
            Whether there was such a lesson.

        Raises:
            DatabaseError: The database failed.
        """
        identity = _identity(guild_id, question, passage)
        gone = delete(TaughtRow).where(
            TaughtRow.identity == identity, TaughtRow.kind == "confirmed"
        )
        async with self._sessions.writing() as session:
            await change_version(session, self._sessions, guild_id)
            return await session.scalar(gone.returning(TaughtRow.id)) is not None

    async def all(self, guild_id: int | None) -> list[Lesson]:
        """Return the lessons of a server, oldest first.

        Raises:
            DatabaseError: The database failed.
        """
        chosen = select(TaughtRow).where(TaughtRow.guild_id == guild_id).order_by(TaughtRow.id)
        async with self._sessions.reading() as session:
            return [_lesson(row) for row in await session.scalars(chosen)]

    async def version(self, guild_id: int | None) -> str:
        """Return a word that changes with every lesson added or removed; empty before the first.

        Raises:
            DatabaseError: The database failed.
        """
        async with self._sessions.reading() as session:
            row = await session.get(KeyValueRow, version_key(guild_id))
        return "" if row is None else row.value


async def change_version(session: AsyncSession, sessions: Sessions, guild_id: int | None) -> None:
    """Change the version of a server's lessons."""
    await put_key_value(session, sessions, version_key(guild_id), secrets.token_hex(8))


def version_key(guild_id: int | None) -> str:
    """Return the key of the version of a server's lessons."""
    return f"taught in {guild_id}"


def _identity(guild_id: int | None, question: str, passage: PassageRef) -> str:
    words = " ".join(question.casefold().split())
    what = json.dumps([guild_id, words, passage.source, passage.paragraph])
    return blake2b(what.encode(), digest_size=16).hexdigest()


def _lesson(row: TaughtRow) -> Lesson:
    return Lesson(
        id=row.id,
        guild_id=row.guild_id,
        question=row.question,
        passage=PassageRef(row.source, row.paragraph, row.fingerprint),
        taught_by=row.taught_by,
        kind=cast(LessonKind, row.kind),
        at=row.at,
    )
