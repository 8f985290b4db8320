"""Store questions, with their outcomes and votes."""

from dataclasses import dataclass
from datetime import UTC
from typing import Literal

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.connection.sessions import Sessions
from bot.database.schema.tables import QuestionRow, VoteRow
from bot.database.stores.question_record import (
    QuestionRecord,
    StoredQuestion,
    columns_of,
    stored_question,
)
from index import PassageRef

VoteValue = Literal[-1, 0, 1]

# Good questions are looked for among this many of a server's newest answered questions.
_MAX_LOOKED_THROUGH = 2000


@dataclass(frozen=True, slots=True)
class VoteCounts:
    """How many people put their thumbs up and down."""

    up: int
    down: int


@dataclass(frozen=True, slots=True)
class WellAnswered:
    """A question that was answered well, and the sources of what was quoted the last time."""

    question: str
    sources: frozenset[str]


class QuestionStore:
    """Stores the questions; `PrivacyStore` deletes the old ones."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def record(self, asked: QuestionRecord) -> int:
        """Store a question with the present time, and return its id.

        Raises:
            DatabaseError: The database failed.
        """
        now = self._sessions.now()
        row = QuestionRow(**columns_of(asked), asked_at=now, day=now.astimezone(UTC).date())
        async with self._sessions.writing() as session:
            session.add(row)
        return row.id

    async def update(self, question_id: int, asked: QuestionRecord) -> bool:
        """Replace an edited question and its outcome, but not its time; delete its votes.

        Returns:
            Whether it was still stored.

        Raises:
            DatabaseError: The database failed.
        """
        change = update(QuestionRow).where(QuestionRow.id == question_id)
        async with self._sessions.writing() as session:
            changed = await session.scalar(
                change.values(**columns_of(asked), settled_at=None).returning(QuestionRow.id)
            )
            await session.execute(delete(VoteRow).where(VoteRow.question_id == question_id))
        return changed is not None

    async def set_answer(self, question_id: int, answer_id: int | None) -> None:
        """Set which message answers a question, if it is still stored.

        Raises:
            DatabaseError: The database failed.
        """
        change = update(QuestionRow).where(QuestionRow.id == question_id)
        async with self._sessions.writing() as session:
            await session.execute(change.values(answer_id=answer_id))

    async def delete(self, question_id: int) -> bool:
        """Delete a question with its votes.

        Returns:
            Whether it was still stored.

        Raises:
            DatabaseError: The database failed.
        """
        gone = delete(QuestionRow).where(QuestionRow.id == question_id).returning(QuestionRow.id)
        async with self._sessions.writing() as session:
            return await session.scalar(gone) is not None

    async def delete_message(self, message_id: int) -> None:
        """Delete all questions that a message asks, with their votes.

        Raises:
            DatabaseError: The database failed.
        """
        gone = delete(QuestionRow).where(QuestionRow.message_id == message_id)
        async with self._sessions.writing() as session:
            await session.execute(gone)

    async def get(self, question_id: int) -> StoredQuestion | None:
        """Return a question, or None if it is not stored.

        Raises:
            DatabaseError: The database failed.
        """
        return await self._newest(select(QuestionRow).where(QuestionRow.id == question_id))

    async def by_message(self, message_id: int) -> StoredQuestion | None:
        """Return the newest question that a message asks, or None.

        Raises:
            DatabaseError: The database failed.
        """
        return await self._newest(select(QuestionRow).where(QuestionRow.message_id == message_id))

    async def by_answer(self, answer_id: int) -> StoredQuestion | None:
        """Return the newest question that a message answers, or None.

        Raises:
            DatabaseError: The database failed.
        """
        return await self._newest(select(QuestionRow).where(QuestionRow.answer_id == answer_id))

    async def well_answered(self, guild_id: int | None, limit: int) -> list[WellAnswered]:
        """Return questions that were answered well, as suggestions for others.

        Private questions, and those with more thumbs down than up, are left out. Those with more up
        than down come first, then the newest; each wording once.

        Raises:
            DatabaseError: The database failed.
        """
        looked_through = (
            select(QuestionRow.id, QuestionRow.question, QuestionRow.asked_at)
            .where(
                QuestionRow.guild_id == guild_id,
                QuestionRow.outcome == "answered",
                QuestionRow.private.is_(False),
            )
            .order_by(QuestionRow.asked_at.desc())
            .limit(_MAX_LOOKED_THROUGH)
            .subquery()
        )
        thumbs = func.coalesce(func.sum(VoteRow.value), 0)
        good = (
            select(looked_through.c.question, func.max(looked_through.c.id).label("newest"))
            .outerjoin(VoteRow, VoteRow.question_id == looked_through.c.id)
            .group_by(looked_through.c.question)
            .having(thumbs >= 0)
            .order_by((thumbs > 0).desc(), func.max(looked_through.c.asked_at).desc())
            .limit(limit)
        )
        async with self._sessions.reading() as session:
            newest = {row.newest: row.question for row in await session.execute(good)}
            chosen = select(QuestionRow.id, QuestionRow.places).where(QuestionRow.id.in_(newest))
            places = {row.id: row.places for row in await session.execute(chosen)}
        return [
            WellAnswered(question, frozenset(place[0] for place in places.get(number, ())))
            for number, question in newest.items()
        ]

    async def vote(
        self,
        question_id: int,
        voter: str,
        value: VoteValue,
        ref: PassageRef | None = None,
    ) -> VoteCounts | None:
        """Count a person's vote; it replaces their earlier one, and 0 removes it.

        Args:
            question_id: The question whose answer is meant.
            voter: Keyed hash of the person.
            value: 1 for up, -1 for down.
            ref: The quote that is voted on.

        Returns:
            The votes after this one; None if the question is no longer stored.

        Raises:
            DatabaseError: The database failed.
        """
        # The lock keeps other processes from deleting the question before the vote is stored.
        kept = select(QuestionRow.id).where(QuestionRow.id == question_id)
        async with self._sessions.writing() as session:
            if await session.scalar(kept.with_for_update(read=True, key_share=True)) is None:
                return None
            if value == 0:
                mine = VoteRow.question_id == question_id, VoteRow.voter == voter
                await session.execute(delete(VoteRow).where(*mine))
            else:
                await self._put_vote(session, question_id, voter, value, ref)
            return await _count_votes(session, question_id)

    async def votes(self, question_id: int) -> VoteCounts:
        """Return the votes on a question's answer.

        Raises:
            DatabaseError: The database failed.
        """
        async with self._sessions.reading() as session:
            return await _count_votes(session, question_id)

    async def thumbs(self, guild_id: int, question: str, ref: PassageRef) -> VoteCounts:
        """Return how many people voted for or against a quote, over all times it was asked.

        Args:
            guild_id: The server.
            question: The wording; private questions do not count.
            ref: The quote.

        Raises:
            DatabaseError: The database failed.
        """
        counted = (
            select(VoteRow.value, func.count(VoteRow.voter.distinct()))
            .join(QuestionRow, QuestionRow.id == VoteRow.question_id)
            .where(
                QuestionRow.guild_id == guild_id,
                QuestionRow.question == question,
                QuestionRow.private.is_(False),
                VoteRow.source == ref.source,
                VoteRow.paragraph == ref.paragraph,
                VoteRow.fingerprint == ref.fingerprint,
            )
            .group_by(VoteRow.value)
        )
        async with self._sessions.reading() as session:
            return await _counted(session, counted)

    async def _newest(self, chosen: Select[QuestionRow]) -> StoredQuestion | None:
        async with self._sessions.reading() as session:
            row = await session.scalar(chosen.order_by(QuestionRow.id.desc()).limit(1))
        return None if row is None else stored_question(row)

    async def _put_vote(
        self,
        session: AsyncSession,
        question_id: int,
        voter: str,
        value: int,
        ref: PassageRef | None,
    ) -> None:
        values = {
            "value": value,
            "source": ref and ref.source,
            "paragraph": ref and ref.paragraph,
            "fingerprint": ref and ref.fingerprint,
        }
        insert = self._sessions.insert(VoteRow).values(
            question_id=question_id, voter=voter, **values
        )
        await session.execute(
            insert.on_conflict_do_update(index_elements=["question_id", "voter"], set_=values)
        )


async def _count_votes(session: AsyncSession, question_id: int) -> VoteCounts:
    counted = (
        select(VoteRow.value, func.count())
        .where(VoteRow.question_id == question_id)
        .group_by(VoteRow.value)
    )
    return await _counted(session, counted)


async def _counted(session: AsyncSession, counted: Select[int, int]) -> VoteCounts:
    counts = {row[0]: row[1] for row in await session.execute(counted)}
    return VoteCounts(counts.get(1, 0), counts.get(-1, 0))
