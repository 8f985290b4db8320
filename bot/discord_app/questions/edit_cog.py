"""The cog that changes an answer when its question is edited, and deletes it with its question."""

import logging
from dataclasses import replace
from datetime import timedelta

import aiohttp
import discord
from discord.ext import commands

from bot.database import StoredQuestion
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.send import Shown
from bot.discord_app.questions.addressing import (
    can_read,
    channel_settings,
    is_direct,
    read_question,
    replied_to,
    trigger_of,
)
from bot.discord_app.questions.message_cog import MessageCog
from bot.discord_app.questions.models import IncomingQuestion
from bot.discord_app.questions.pipeline import QuestionPipeline, ReplyPort
from bot.discord_app.questions.state.deletions import DeletedMessage
from bot.discord_app.questions.state.replies import BotReply
from bot.errors import DatabaseError

logger = logging.getLogger(__name__)

# After five minutes the answer was read; the asker can ask again.
_EDITABLE_FOR = timedelta(minutes=5)


class EditCog(commands.Cog):
    """Changes and deletes answers with the messages that they answer."""

    def __init__(
        self, bot: AnyBot, runtime: Runtime, pipeline: QuestionPipeline, messages: MessageCog
    ) -> None:
        self._bot = bot
        self._runtime = runtime
        self._pipeline = pipeline
        self._messages = messages

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a question again if it is edited within five minutes."""
        message, me = payload.message, self._bot.user
        if me is None or message.author.bot or message.edited_at is None:
            return
        if message.edited_at - message.created_at > _EDITABLE_FOR:
            return
        try:
            question = await self._question(message, me)
            if question is None:
                return
            asked = await self._newly_addressed(message, me, question)
            if asked is None or not await self._messages.answer_edited(message, asked):
                await self._pipeline.answer(question, EditPort(self, message))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.warning("The answer to edited message %d stays: %s", message.id, error)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Delete the answer to a deleted question."""
        await self.delete_answer(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to questions that were deleted in bulk."""
        for message_id in payload.message_ids:
            await self.delete_answer(message_id)

    async def _question(
        self, message: discord.Message, me: discord.ClientUser
    ) -> IncomingQuestion | None:
        """Return the question of an edited message; None if the bot may not answer or read it."""
        if message.guild is None and not is_direct(message):
            return None  # of a server whose settings are unknown
        channel = await channel_settings(message, self._runtime)
        if channel.mode == "off":
            return None
        trigger = trigger_of(message, me, self._pipeline.conversations, channel)
        if trigger is None and _may_reply_to_bot(message):
            trigger = "addressed"
        if trigger is not None and not can_read(message, self._bot):
            return None
        question = await read_question(message, me, self._runtime, trigger, channel)
        return replace(question, is_edit=True)

    async def _newly_addressed(
        self, message: discord.Message, me: discord.ClientUser, question: IncomingQuestion
    ) -> IncomingQuestion | None:
        """Return the question of a message that addresses the bot since an edit, else None.

        An edit adds a mention; it cannot change what the message replies to. If it is not known
        whether the message was answered, return None.
        """
        mentions_bot = any(user.id == me.id for user in message.mentions)
        if not (mentions_bot or is_direct(message)) or self._messages.was_addressed(message.id):
            return None
        try:
            former, reply = await self.former_reply(message.id)
        except DatabaseError:  # which is logged
            return None
        return replace(question, is_edit=False, former=former) if reply is None else None

    async def delete_answer(self, message_id: int) -> None:
        """Delete what was said to a deleted message; the pipeline deletes an answer on its way."""
        self._pipeline.deletions.note(DeletedMessage(message_id))
        await self.remove_answer(message_id)

    async def remove_answer(self, message_id: int) -> None:
        """Delete what was said to a message."""
        pipeline = self._pipeline
        reply = pipeline.replies.take(message_id)
        asked = await pipeline.log.by_message(message_id)
        if asked is not None:
            await pipeline.log.drop_message(message_id)
        reply = reply or _reply_in(asked)
        if reply is None:
            return
        try:
            await self.partial(reply).delete()
        except discord.NotFound:  # it is already deleted
            return
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.warning("The answer to message %d stays: %s", message_id, error)

    async def withhold_answer(self, message_id: int) -> None:
        """Delete what was said to a message that no longer asks for it."""
        await self.remove_answer(message_id)
        self._messages.forget_address(message_id)

    async def former_reply(self, message_id: int) -> tuple[StoredQuestion | None, BotReply | None]:
        """Return the row of a message's question, and the bot's reply to it.

        Raises:
            DatabaseError: The database failed, or is too slow.
        """
        asked = await self._pipeline.log.must_find(message_id)
        return asked, _reply_in(asked) or self._pipeline.replies.get(message_id)

    def partial(self, reply: BotReply) -> discord.PartialMessage:
        """Return a message of the bot, to fetch or delete it."""
        channel = self._bot.get_partial_messageable(reply.channel_id)
        return channel.get_partial_message(reply.message_id)


class EditPort(ReplyPort):
    """Replaces the answer to a message after the message was edited."""

    def __init__(self, cog: EditCog, message: discord.Message) -> None:
        self._cog = cog
        self._message = message
        self._reply = BotReply(0, 0)

    async def prepared(self, question: IncomingQuestion) -> IncomingQuestion | None:
        """Return the question with its former row; None if its answer stays."""
        try:
            former, reply = await self._cog.former_reply(self._message.id)
        except DatabaseError:  # logged by the circuit breaker
            return None
        if reply is None:
            return None
        same = former if former is not None and former.question == question.text else None
        if same is not None and question.is_answered_by(same.outcome):
            return None
        self._reply = reply
        question = replace(question, former=former)
        in_thread = reply.channel_id != self._message.channel.id
        return question.moved_to(reply.channel_id) if in_thread else question

    async def send(self, shown: Shown) -> discord.Message:
        """Change the answer; a card stays a card."""
        answer = await self._cog.partial(self._reply).fetch()
        await answer.edit(**shown.edit(card=answer.flags.components_v2))
        return answer

    async def withhold(self) -> None:
        """Delete the answer; a later edit may address the bot again."""
        await self._cog.withhold_answer(self._message.id)


def _may_reply_to_bot(message: discord.Message) -> bool:
    """Return whether a message replies to one that is deleted or left out, so maybe the bot's."""
    reference = message.reference if replied_to(message) is not None else None
    return reference is not None and not isinstance(reference.resolved, discord.Message)


def _reply_in(asked: StoredQuestion | None) -> BotReply | None:
    """Return the message that answers a stored question, or None."""
    if asked is None or asked.answer_id is None:
        return None
    return BotReply(asked.channel_id, asked.answer_id)
