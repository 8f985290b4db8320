"""Stores questions in the database, as long as it answers in time."""

from bot.answering import QuoteRef, Turn, asked_in
from bot.database import QuestionRecord, StoredQuestion
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.questions.models import IncomingQuestion, SearchResult
from index import extract_terms


class QuestionLog:
    """Writes questions and their answers, and reads them back."""

    def __init__(self, runtime: Runtime) -> None:
        self._questions = runtime.database.questions
        self._breaker = runtime.breaker
        self._pseudonyms = runtime.pseudonyms

    async def record(self, question: IncomingQuestion, result: SearchResult) -> int | None:
        """Write a question with its result; an edited question overwrites its former row.

        Returns:
            The id of its row. None if it is not stored: small talk and messages that only point at
            quotes never are, and no question is while the database does not answer.
        """
        asked, former = self._row(question, result), question.former
        if former is None:
            if asked is None:
                return None
            return await self._breaker.write(lambda: self._questions.record(asked), None)
        if asked is None:
            await self.drop(former.id)
            return None
        is_kept = await self._breaker.write(lambda: self._questions.update(former.id, asked), False)
        return former.id if is_kept else None

    async def set_answer(self, question_id: int | None, answer_id: int) -> None:
        """Note which message answers a question, if the question is stored."""
        if question_id is not None:
            await self._breaker.write(
                lambda: self._questions.set_answer(question_id, answer_id), None
            )

    async def drop(self, question_id: int | None) -> None:
        """Delete a question, if it is stored."""
        if question_id is not None:
            await self._breaker.write(lambda: self._questions.delete(question_id), False)

    async def drop_message(self, message_id: int) -> None:
        """Delete all stored questions of a message."""
        await self._breaker.write(lambda: self._questions.delete_message(message_id), None)

    async def by_message(self, message_id: int) -> StoredQuestion | None:
        """Return the stored question of a message; None without one, or if the database fails."""
        return await self._breaker.read(lambda: self._questions.by_message(message_id), None)

    async def must_find(self, message_id: int) -> StoredQuestion | None:
        """Return the stored question of a message, or None.

        Raises:
            DatabaseError: The database failed, or is too slow.
        """
        return await self._breaker.must_read(lambda: self._questions.by_message(message_id))

    async def turns_until(self, answer_id: int, channel_id: int) -> list[Turn] | None:
        """Return the turns of a conversation up to an answer in a channel; None if unknown."""
        asked = await self._breaker.read(lambda: self._questions.by_answer(answer_id), None)
        if asked is None or asked.channel_id != channel_id:
            return None
        return turns_of(asked)

    def _row(self, question: IncomingQuestion, result: SearchResult) -> QuestionRecord | None:
        """Return the row of a question; None for small talk and pointing at quotes."""
        answer, origin = result.answer, question.origin
        if answer.turn is None or answer.turn.question != answer.question:
            return None
        return QuestionRecord(
            guild_id=origin.guild_id,
            channel_id=origin.channel_id,
            private=origin.private,
            asker=self._pseudonyms.hashed(question.author_id),
            question=answer.question,
            context=tuple(turn.question for turn in result.history if turn.kept),
            outcome=result.logged_outcome,
            milliseconds=answer.milliseconds,
            message_id=question.message_id,
            answer_id=None,
            likeness=" ".join(sorted(set(extract_terms(asked_in(answer.question))))),
            places=tuple(quote.best for quote in answer.turn.shown),
            within=result.within,
        )


def turns_before(asked: StoredQuestion) -> list[Turn]:
    """Return the turns before a stored question."""
    return [Turn(question, within=asked.within) for question in asked.context]


def turns_of(asked: StoredQuestion) -> list[Turn]:
    """Return the turns up to a kept question, the last one with the quotes that it first showed."""
    last = Turn(
        asked.question,
        tuple(map(QuoteRef.of_passage, asked.places)),
        len(asked.places),
        hesitant=asked.outcome == "hesitant",
        asked_by=asked.asker,
        within=asked.within,
    )
    return [*turns_before(asked), last]
