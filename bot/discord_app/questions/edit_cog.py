"""The cog that lets answers follow their questions: changed with them, deleted with them."""

import logging
from dataclasses import replace
from datetime import timedelta

import aiohttp
import discord
from discord.ext import commands

from bot.answering.conversation import Turn
from bot.database import Recorded
from bot.discord_app.context.access import refusal
from bot.discord_app.context.origin import of_message, settings_channel_id
from bot.discord_app.context.services import AnyBot, Services
from bot.discord_app.questions.addressing import (
    can_read,
    is_own_thread,
    question_in,
    replied_to,
    way_of_asking,
)
from bot.discord_app.questions.answer_view import present
from bot.discord_app.questions.models import Found, Inquiry
from bot.discord_app.questions.service import Asker
from bot.discord_app.questions.state.fair_queue import QueueFullError
from bot.discord_app.questions.state.replies import Reply
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
        crowd_id = message.guild.id if message.guild else message.channel.id
        try:
            with self._asker.queue.place(crowd_id, message.author.id):
                await self._follow(message, me)
        except (DatabaseError, QueueFullError):  # the answer stays, as people see
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

    async def _follow(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Change what was said to a message, if anything was, and something else is asked now."""
        services = self._services
        guild_id = message.guild.id if message.guild else None
        server = await services.known.server(guild_id)
        channel = await services.known.channel(guild_id, settings_channel_id(message.channel))
        if channel.mode == "off" or not can_read(message, self._bot):
            return
        shared = is_own_thread(message.channel, me)
        inquiry = Inquiry(
            question_in(message, me),
            of_message(message, server.language),
            message.author.id,
            message.id,
            replied_to(message),
            shared=shared,
        )
        way = way_of_asking(message, me, self._asker.is_answer, channel)
        if channel.mode != "every" and not shared:  # else nobody is answered who does not ask
            way = "addressed"
        async with self._asker.turn(inquiry):  # the answer may still be on its way
            questions = services.database.questions
            asked = await services.attempts.must_read(lambda: questions.by_message(message.id))
            reply = self._reply(message.id, asked)
            if reply is None or (asked is not None and asked.question == inquiry.question):
                return
            say = inquiry.where.say
            if refusal(message.author, guild_id, server, services.cooldowns, say):
                return
            if reply.channel_id != message.channel.id:  # in the thread that was opened for it
                where = replace(inquiry.where, channel_id=reply.channel_id)
                inquiry = replace(inquiry, where=where, shared=True)
            with services.metrics.question() as measured:
                found = await self._search(inquiry, asked)
                if not found.suits(way, channel):
                    await self._delete_answer(message.id)
                    return
                await self._change(reply, inquiry, found, asked, plain=server.plain)
                measured.outcome = found.outcome

    async def _change(
        self, reply: Reply, inquiry: Inquiry, found: Found, asked: Recorded | None, *, plain: bool
    ) -> None:
        """Put another answer in the place of the one that stands there."""
        question_id = await self._asker.note_anew(asked.id if asked else None, inquiry, found)
        shown = present(found, inquiry.where.say, question_id, inquiry.user_id, plain=plain)
        answer = await self._partial(reply).fetch()
        await answer.edit(**shown.edit(card=answer.flags.components_v2))
        await self._asker.corrected(inquiry, found, question_id, answer.id)

    async def _search(self, inquiry: Inquiry, asked: Recorded | None) -> Found:
        """Search for what is asked now, after what was asked before the message."""
        if asked is None:
            return await self._asker.answer(inquiry)
        before = [Turn(earlier) for earlier in asked.context]
        return await self._asker.answer_after(inquiry, before)

    async def _delete_answer(self, message_id: int) -> None:
        """Delete what was said to a message; an answer on its way is deleted where it was sent."""
        self._asker.withdrawals.note(message_id)
        reply = self._asker.replies.take(message_id)
        questions, attempts = self._services.database.questions, self._services.attempts
        asked = await attempts.read(lambda: questions.by_message(message_id), None)
        if asked is not None:
            await self._asker.drop(asked.id)
        reply = reply or self._reply(message_id, asked)
        if reply is None:
            return
        try:
            await self._partial(reply).delete()
        except discord.NotFound:  # gone already
            return
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.warning("The answer to deleted message %d stays: %s", message_id, error)

    def _reply(self, message_id: int, asked: Recorded | None) -> Reply | None:
        """Return what was said to a message, as far back as it is known."""
        if asked is not None and asked.answer_id is not None:
            return Reply(asked.channel_id, asked.answer_id)
        return self._asker.replies.get(message_id)

    def _partial(self, reply: Reply) -> discord.PartialMessage:
        channel = self._bot.get_partial_messageable(reply.channel_id)
        return channel.get_partial_message(reply.message_id)
