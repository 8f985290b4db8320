"""The pipeline of a question on Discord, from its admission to its answer, for every surface.

Messages, `/ask` and edits each have a port (`message_cog`, `slash_cog`, `edit_cog`), which knows
how to answer there. Read `answer`, `_answer` and `_deliver` in this order. What happens to a
question:

- The texts do not answer it: the asker is told so if the question was addressed to the bot
  (mention, reply, direct message, `/ask`). Otherwise the bot is silent and stores nothing, except
  for the first message of a forum post, which is recorded as unanswered.
- It addresses nobody and asks the people around ("where are my keys?"): the bot is silent,
  too, even if the texts mention keys. After the search it is known whether they are about them.
- A role, the cooldown or a full queue forbids it: `Admission` refuses it before the search, and the
  port tells the asker. The cooldown counts a question that was not addressed only when it is about
  to be answered; if the cooldown then forbids the answer, the bot is silent.
- Its message is deleted while it waits: the wait is cancelled. During the search: nothing is sent
  or stored. While the answer is sent: its row and its answer are deleted.
- `/ask` goes the same way, with four differences: the question always counts as addressed; Discord
  is told within 3 s that an answer follows; the question is shown above the answer; private
  questions are a separate conversation.
"""

import asyncio
import contextlib
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

import discord
from discord.utils import time_snowflake

from bot.answering import Answer, Turn, extend_history
from bot.database import StoredQuestion
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.messages.send import Shown, log_refusal
from bot.discord_app.questions.admission import Admission, RefusedError
from bot.discord_app.questions.buttons.answer_view import present_to
from bot.discord_app.questions.models import IncomingQuestion, SearchResult
from bot.discord_app.questions.question_log import QuestionLog, turns_before
from bot.discord_app.questions.search import QuestionSearch
from bot.discord_app.questions.state.conversations import ConversationMemory
from bot.discord_app.questions.state.deletions import (
    Deleted,
    DeletedMessage,
    DeletedPerson,
    DeletedServer,
    Deletions,
)
from bot.discord_app.questions.state.fair_queue import FairQueue
from bot.discord_app.questions.state.replies import BotReply, Replies
from bot.operations.health.metrics import QuestionOutcome

# Searches share one interpreter with the event loop; more searches at once delay it longer. With
# two slots, a long search blocks only one of them.
_N_SLOTS = 2


class ReplyPort:
    """Sends the answer to one question; each surface has its own.

    Attributes:
        thread_id: The thread that was opened for the answer; None outside of such a thread.
    """

    thread_id: int | None = None

    async def acknowledge(self) -> None:
        """Tell Discord that an answer follows; only interactions need that."""

    async def prepared(self, question: IncomingQuestion) -> IncomingQuestion | None:
        """Return the question to answer; None if it needs no other answer."""
        return question

    async def thread_port(self, question: IncomingQuestion) -> "ReplyPort | None":
        """Open a thread for the answer and return its port; None to answer in the channel."""
        del question
        return None

    async def send(self, shown: Shown) -> discord.Message | None:
        """Send an answer and return its message; None if it can no longer be sent.

        Raises:
            discord.HTTPException: Discord refuses it.
        """
        raise NotImplementedError

    async def withhold(self) -> None:
        """Delete an earlier answer, because the new one is not fit to be shown."""

    async def refuse(self, refused: RefusedError) -> discord.Message | None:
        """Tell the asker why there is no answer, and return the message.

        Returns:
            None if no message tells the asker: for commands, edits, questions that were not
            addressed to the bot, and further refusals within a short time.
        """
        del refused
        return None


class QuestionPipeline:
    """Answers questions; every surface calls `answer` with its port.

    Attributes:
        queue: The pending questions.
        deletions: The latest deletions of messages, people's data and servers' data.
        conversations: The history of each conversation.
        replies: The bot's replies, by the message that each replies to.
        log: The questions in the database.
        search: Searches the texts of a server.
    """

    def __init__(self, runtime: Runtime) -> None:
        self.queue = FairQueue(_N_SLOTS)
        self.deletions = Deletions()
        self.conversations = ConversationMemory()
        self.replies = Replies()
        self.log = QuestionLog(runtime)
        self.search = QuestionSearch(runtime, self.queue, self.deletions)
        self._admission = Admission(runtime, self.queue)
        self._metrics = runtime.monitor.metrics
        self._pseudonyms = runtime.pseudonyms
        # One lock for each conversation; it is removed when no task holds it or waits for it.
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()
        runtime.monitor.metrics.waiting.set_function(lambda: self.queue.n_waiting)

    async def answer(self, question: IncomingQuestion, port: ReplyPort) -> None:
        """Answer a question, or tell the asker why there is no answer.

        Raises:
            discord.HTTPException: Discord refuses the answer.
            PassageIndexError: The index cannot be read.
        """
        with self._metrics.question(None if question.is_edit else "silent") as measured:
            try:
                with self._admission.admit(question):  # roles, cooldown, room in the queue
                    await port.acknowledge()  # Discord waits 3 s
                    async with self._conversation_lock(question):  # answers in order of arrival
                        measured.outcome = await self._answer(question, port)
            except RefusedError as refused:
                measured.outcome = refused.outcome
                self.note_reply(question.message_id, await port.refuse(refused))

    async def _answer(self, question: IncomingQuestion, port: ReplyPort) -> QuestionOutcome | None:
        """Search and send; return None for an edit that needs no other answer."""
        prepared = await port.prepared(question)
        if prepared is None:
            return None
        question = prepared
        if question.trigger is None:  # an edit that asks the bot nothing any more
            await port.withhold()
            return "silent"
        if question.is_edit:  # edits without an answer to change do not count for the cooldown
            self._admission.check(question)
        result = await self._search(question)
        if not result.is_fit_for(question):
            if question.is_opening_post and not question.is_edit:
                await self._record(question, result)  # for the list of unanswered questions
            await port.withhold()
            return "silent"
        if not question.counts_before_search and self._admission.refusal(question, counts=True):
            return "silent"
        thread = await port.thread_port(question) if result.answer.answered else None
        if thread is not None and thread.thread_id is not None:
            try:
                return await self._deliver(question.moved_to(thread.thread_id), result, thread)
            except discord.HTTPException as error:  # the answer goes to the channel instead
                log_refusal(error, question.message_id, question.origin.channel_id)
                question = replace(question, former=None)  # its row is dropped
        return await self._deliver(question, result, port)

    async def _deliver(
        self, question: IncomingQuestion, result: SearchResult, port: ReplyPort
    ) -> QuestionOutcome:
        """Record a question, send its answer, and remember both."""
        if self._is_withdrawn(question):  # its message was deleted during the search
            return "silent"
        question_id = await self._record(question, result)
        try:
            sent = await port.send(present_to(question, result, question_id))
        except discord.HTTPException:
            if port.thread_id is not None:  # the answer in the channel gets another row
                await self.log.drop(question_id)
            raise
        if sent is None:
            return "failed"
        self.note_reply(question.message_id, sent)
        await self._remember(question, result, question_id, sent.id)
        if self._is_withdrawn(question):  # its message was deleted while the answer was sent
            await self.log.drop(question_id)
            if question.message_id and self.replies.take(question.message_id):
                with contextlib.suppress(discord.NotFound):
                    await sent.delete()
        return result.outcome

    async def _search(self, question: IncomingQuestion) -> SearchResult:
        """Search with the history of the conversation that a question continues."""
        n_deletions = self.deletions.count
        history = await self._history(question)
        result = await self.search.search(question, history)
        return replace(result, n_deletions=n_deletions)

    async def _history(self, question: IncomingQuestion) -> list[Turn]:
        """Return the turns before a question.

        They come from the database for an edited question, and for a reply to an answer that is no
        longer in memory. A reply to another person's message begins with that message.
        """
        if question.context is not None:
            return list(question.context)
        if question.former is not None:
            return turns_before(question.former)
        channel_id, reply_to = question.origin.channel_id, question.reply_to
        if reply_to is not None and not self.conversations.is_answer(reply_to):
            turns = await self.log.turns_until(reply_to, channel_id)
            if turns is not None:
                return turns
        return self.conversations.history(channel_id, question.speaker, reply_to)

    async def _record(self, question: IncomingQuestion, result: SearchResult) -> int | None:
        """Record a question and return the id of its row; None if it is not stored."""
        if not self._may_keep(question, result):
            await self.log.drop(question.former.id if question.former else None)
            return None
        async with self.queue.slot(question.origin.queue_id, question.asker.id):
            question_id = await self.log.record(question, result)
        if not self._may_keep(question, result):  # a deletion during the write
            await self.log.drop(question_id)
            return None
        return question_id

    async def _remember(
        self,
        question: IncomingQuestion,
        result: SearchResult,
        question_id: int | None,
        answer_id: int,
    ) -> None:
        """Note which message answers, so that a reply to it continues the conversation."""
        if not self._may_keep(question, result):
            return
        history = extend_history(result.history, result.answer)
        if result.answer.turn is not None:
            history[-1] = replace(history[-1], within=result.within)
        if history and history[-1].asked_by is None:
            author = self._pseudonyms.hashed(question.author_id)
            history[-1] = replace(history[-1], asked_by=author)
        channel_id, speaker = question.origin.channel_id, question.speaker
        if question.is_edit:
            self.conversations.correct(channel_id, speaker, answer_id, history)
        else:
            self.conversations.remember(
                channel_id, speaker, answer_id, history, lasting=question.shared
            )
        await self.log.set_answer(question_id, answer_id)

    def correct(self, asked: StoredQuestion, speaker: int, answer_id: int, answer: Answer) -> None:
        """Let a conversation go on from another answer to its question, if it is remembered."""
        if answer.turn is not None and self.conversations.is_answer(answer_id):
            turns = [*turns_before(asked), replace(answer.turn, asked_by=asked.asker)]
            self.conversations.correct(asked.channel_id, speaker, answer_id, turns)

    def note_reply(self, message_id: int | None, sent: discord.Message | None) -> None:
        """Remember the reply to a message, to change or delete it with the message."""
        if message_id is not None and sent is not None:
            self.replies.note(message_id, BotReply(sent.channel.id, sent.id))

    def forget_person(self, pseudonym: str) -> None:
        """Forget a person's conversations; questions in progress store nothing of theirs.

        Call it before the deletion in the database.
        """
        self.deletions.note(DeletedPerson(pseudonym))
        self.conversations.forget_person(pseudonym)

    def forget_server(self, guild_id: int) -> None:
        """Let questions in progress store nothing of a server.

        Call it before the deletion in the database.
        """
        self.deletions.note(DeletedServer(guild_id))

    def forget_before(self, moment: datetime) -> None:
        """Forget the conversations whose last answer is older than a moment."""
        self.conversations.forget_before(time_snowflake(moment))

    def _conversation_lock(
        self, question: IncomingQuestion
    ) -> contextlib.AbstractAsyncContextManager[None]:
        """Return the lock that puts the questions of a conversation in order."""
        key = (question.origin.channel_id, question.speaker)
        lock = self._locks.setdefault(key, asyncio.Lock())
        return self.deletions.waiting_for(lock, question.message_id)

    def _is_withdrawn(self, question: IncomingQuestion) -> bool:
        """Return whether the message that asks was deleted."""
        message_id = question.message_id
        return message_id is not None and self.deletions.includes_any([DeletedMessage(message_id)])

    def _may_keep(self, question: IncomingQuestion, result: SearchResult) -> bool:
        """Return whether the question may be stored.

        It may not if its message, or data of its server or of a person in its conversation, was
        deleted since the search began.
        """
        held: list[Deleted] = [DeletedPerson(turn.asked_by) for turn in result.history]
        for person in {question.asker.id, question.author_id}:
            held.append(DeletedPerson(self._pseudonyms.hashed(person)))
        if question.origin.guild_id is not None:
            held.append(DeletedServer(question.origin.guild_id))
        is_erased = self.deletions.includes_any(held, since=result.n_deletions)
        return not is_erased and not self._is_withdrawn(question)
