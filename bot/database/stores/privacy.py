"""Show what is stored about a person, and delete it: on request, by age, or by server."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.connection.announcements import announce
from bot.database.connection.sessions import Sessions
from bot.database.schema.tables import (
    AuditRow,
    ChannelRow,
    FolderRow,
    KeyValueRow,
    QuestionRow,
    ServerRow,
    TaughtRow,
    VoteRow,
)
from bot.database.stores.audit_log import StoredChange, stored_change
from bot.database.stores.question_record import StoredQuestion, stored_question
from bot.database.stores.taught import change_version, version_key

# A purge locks this many rows at a time, for milliseconds, while questions wait.
_BATCH = 500

_FORGOTTEN = ""

# All tables with rows of servers.
_OF_SERVERS = (QuestionRow, TaughtRow, AuditRow, ChannelRow, ServerRow, FolderRow)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What is stored about a person.

    Attributes:
        questions: Their questions, newest first.
        votes: How many thumbs they gave.
        taught: How many lessons they taught, or come from their questions.
        oldest: Time of their oldest stored question, or None.
        newest: Time of their newest, or None.
        changes: The changes of texts, lessons and settings that they made, newest first.
    """

    questions: tuple[StoredQuestion, ...]
    votes: int
    taught: int
    oldest: datetime | None
    newest: datetime | None
    changes: tuple[StoredChange, ...] = ()


@dataclass(frozen=True, slots=True)
class DeletionCounts:
    """The effects of a deletion.

    Attributes:
        questions: Number of deleted questions.
        votes: Number of deleted thumbs.
        lessons: Number of deleted lessons, which thumbs confirmed.
        taught: Number of lessons that stay, but no longer have the person who taught them.
        changes: Number of changes that stay in the audit log, but no longer have the person.
    """

    questions: int = 0
    votes: int = 0
    lessons: int = 0
    taught: int = 0
    changes: int = 0


class PrivacyStore:
    """Shows and deletes personal data."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def stored_about(self, asker: str) -> PersonalData:
        """Return all that is stored about a person.

        Raises:
            DatabaseError: The database failed.
        """
        own = (
            select(QuestionRow)
            .where(QuestionRow.asker == asker)
            .order_by(QuestionRow.asked_at.desc(), QuestionRow.id.desc())
        )
        votes = select(func.count()).where(VoteRow.voter == asker)
        taught = select(func.count()).where(TaughtRow.taught_by == asker)
        made = select(AuditRow).where(AuditRow.person == asker).order_by(AuditRow.id.desc())
        async with self._sessions.reading() as session:
            questions = tuple(stored_question(row) for row in await session.scalars(own))
            return PersonalData(
                questions=questions,
                votes=await session.scalar(votes) or 0,
                taught=await session.scalar(taught) or 0,
                oldest=questions[-1].asked_at if questions else None,
                newest=questions[0].asked_at if questions else None,
                changes=tuple(stored_change(row) for row in await session.scalars(made)),
            )

    async def delete_about(self, asker: str) -> DeletionCounts:
        """Delete a person's questions and votes.

        Their lessons and the changes that they made stay, without the person.

        Copies of their questions are also deleted: in the context of others' questions, and in
        lessons that thumbs confirmed.

        Raises:
            DatabaseError: The database failed; nothing was deleted.
        """
        own = delete(QuestionRow).where(QuestionRow.asker == asker).returning(QuestionRow.id)
        votes = delete(VoteRow).where(VoteRow.voter == asker).returning(VoteRow.question_id)
        taught = (
            update(TaughtRow)
            .where(TaughtRow.taught_by == asker)
            .values(taught_by=_FORGOTTEN)
            .returning(TaughtRow.id)
        )
        confirmed = (
            delete(TaughtRow)
            .where(TaughtRow.taught_by == asker, TaughtRow.kind == "confirmed")
            .returning(TaughtRow.guild_id)
        )
        made = (
            update(AuditRow)
            .where(AuditRow.person == asker)
            .values(person=_FORGOTTEN, sealed=_FORGOTTEN)
            .returning(AuditRow.id)
        )
        async with self._sessions.writing() as session:
            guild_ids = list(await session.scalars(confirmed))
            for guild_id in set(guild_ids):
                await change_version(session, self._sessions, guild_id)
            copies = await _delete_wording(session, self._sessions, asker)
            return DeletionCounts(
                votes=len(list(await session.scalars(votes))),
                questions=len(list(await session.scalars(own))),
                lessons=len(guild_ids) + copies,
                taught=len(list(await session.scalars(taught))),
                changes=len(list(await session.scalars(made))),
            )

    async def delete_older_than(self, moment: datetime) -> int:
        """Delete the questions asked before a time, with their votes, in batches.

        The teachers of lessons from before that time are deleted, too.

        Returns:
            How many questions were deleted.

        Raises:
            DatabaseError: The database failed; some batches may be deleted.
        """
        old = select(QuestionRow.id).where(QuestionRow.asked_at < moment)
        batch = old.order_by(QuestionRow.asked_at).limit(_BATCH).scalar_subquery()
        gone = delete(QuestionRow).where(QuestionRow.id.in_(batch)).returning(QuestionRow.id)
        total = 0
        while True:
            async with self._sessions.writing() as session:
                deleted = len(list(await session.scalars(gone)))
            total += deleted
            if deleted < _BATCH:
                break
        async with self._sessions.writing() as session:
            await session.execute(
                update(TaughtRow)
                .where(TaughtRow.at < moment, TaughtRow.taught_by != _FORGOTTEN)
                .values(taught_by=_FORGOTTEN)
            )
        return total

    async def servers(self) -> set[int]:
        """Return the servers about which anything is stored.

        Raises:
            DatabaseError: The database failed.
        """
        found: set[int] = set()
        async with self._sessions.reading() as session:
            for table in _OF_SERVERS:
                chosen = select(table.guild_id).where(table.guild_id.is_not(None)).distinct()
                found |= {guild_id for guild_id in await session.scalars(chosen) if guild_id}
        return found

    async def delete_server(self, guild_id: int) -> None:
        """Delete everything that is stored about a server.

        Raises:
            DatabaseError: The database failed; nothing was deleted.
        """
        async with self._sessions.writing() as session:
            for table in _OF_SERVERS:
                await session.execute(delete(table).where(table.guild_id == guild_id))
            await session.execute(
                delete(KeyValueRow).where(KeyValueRow.key == version_key(guild_id))
            )
            await announce(session, "settings", guild_id)
            await announce(session, "files", guild_id)


async def _delete_wording(session: AsyncSession, sessions: Sessions, asker: str) -> int:
    """Delete copies of a person's questions from others' questions and confirmed lessons.

    Returns the number of deleted lessons.

    A conversation may begin in a channel and go on in a thread: every question of the person in the
    server is deleted from every conversation that they took part in.
    """
    own = select(QuestionRow.guild_id, QuestionRow.channel_id, QuestionRow.question)
    guild_ids = list(await session.execute(own.where(QuestionRow.asker == asker)))
    said = {(guild_id, question) for guild_id, _, question in guild_ids}
    for channel_id in {channel_id for _, channel_id, _ in guild_ids}:
        rows = select(QuestionRow).where(
            QuestionRow.channel_id == channel_id, QuestionRow.asker != asker
        )
        for row in await session.scalars(rows):
            row.context = [one for one in row.context if (row.guild_id, one) not in said]
    lessons = 0
    for guild_id in {guild_id for guild_id, _, _ in guild_ids}:
        theirs = QuestionRow.asker == asker, QuestionRow.guild_id == guild_id
        confirmed = delete(TaughtRow).where(
            TaughtRow.guild_id == guild_id,
            TaughtRow.kind == "confirmed",
            TaughtRow.question.in_(select(QuestionRow.question).where(*theirs)),
        )
        deleted = len(list(await session.scalars(confirmed.returning(TaughtRow.id))))
        if deleted:
            await change_version(session, sessions, guild_id)
        lessons += deleted
    return lessons
