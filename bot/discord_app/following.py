"""The cog that lets answers follow their questions: changed with them, deleted with them."""

import logging
from dataclasses import replace
from datetime import timedelta

import aiohttp
import discord
from discord.ext import commands

from bot.conversation import Turn
from bot.discord_app.addressing import is_own_thread, question_in
from bot.discord_app.asker import Asker, Inquiry
from bot.discord_app.presenting import present
from bot.discord_app.services import AnyBot, Services
from bot.discord_app.where import of_message
from bot.errors import DatabaseError

logger = logging.getLogger(__name__)

# Later edits mend a question that people have read the answer of; they can ask again.
_EDITABLE_FOR = timedelta(minutes=5)


class Following(commands.Cog):
    """Keeps answers to what is asked."""

    def __init__(self, bot: AnyBot, services: Services, asker: Asker) -> None:
        self._bot = bot
        self._services = services
        self._asker = asker

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a question anew that was edited within five minutes."""
        message, me = payload.message, self._bot.user
        if me is None or message.author.bot or message.edited_at is None:
            return
        if message.edited_at - message.created_at > _EDITABLE_FOR:
            return
        try:
            await self._answer_anew(message, me)
        except DatabaseError:  # which is logged
            return
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.warning("The answer to edited message %d stays: %s", message.id, error)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Delete the answer to a question that was deleted."""
        await self._delete_answer(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Delete the answers to questions that a moderator deleted together."""
        for message_id in payload.message_ids:
            await self._delete_answer(message_id)

    async def _answer_anew(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Change the answer to a message, if there is one and something else is asked now."""
        questions, attempts = self._services.database.questions, self._services.attempts
        server = await self._services.known.server(message.guild.id if message.guild else None)
        where = of_message(message, server.language)
        shared = is_own_thread(message.channel, me)
        question = question_in(message, me)
        inquiry = Inquiry(question, where, message.author.id, message.id, shared=shared)
        async with self._asker.turn(inquiry):  # the answer may still be on its way
            asked = await attempts.must_read(lambda: questions.by_message(message.id))
            if asked is None or asked.answer_id is None or asked.question == question:
                return
            before = [Turn(earlier) for earlier in asked.context]
            found = await self._asker.answer_after(question, before, asked.guild_id)
            record = self._asker.record_of(inquiry, found)
            if record is not None:
                kept = replace(record, channel_id=asked.channel_id, answer_id=asked.answer_id)
                await attempts.write(lambda: questions.update(asked.id, kept), None)
            shown = present(found, where.say, asked.id, message.author.id, plain=server.plain)
            answer = await self._partial(asked.channel_id, asked.answer_id).fetch()
            await answer.edit(**shown.edit(card=answer.flags.components_v2))
            await self._asker.sent(inquiry, found, None, asked.answer_id)

    async def _delete_answer(self, message_id: int) -> None:
        self._asker.withdraw(message_id)
        questions, attempts = self._services.database.questions, self._services.attempts
        try:
            asked = await attempts.must_read(lambda: questions.by_message(message_id))
            if asked is None:
                return
            await attempts.write(lambda: questions.delete(asked.id), None)
            if asked.answer_id is not None:
                await self._partial(asked.channel_id, asked.answer_id).delete()
        except (discord.NotFound, DatabaseError):  # gone already; logged already
            return
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.warning("The answer to deleted message %d stays: %s", message_id, error)

    def _partial(self, channel_id: int, message_id: int) -> discord.PartialMessage:
        return self._bot.get_partial_messageable(channel_id).get_partial_message(message_id)
