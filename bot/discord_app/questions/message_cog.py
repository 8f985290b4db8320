"""The cog that answers messages: event, guard, search, send."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from weakref import WeakValueDictionary

import aiohttp
import discord
from discord.ext import commands

from bot.database import ChannelSettings, ServerSettings
from bot.discord_app.context.access import refusal
from bot.discord_app.context.cooldowns import Cooldowns
from bot.discord_app.context.origin import Where, of_message
from bot.discord_app.context.seen_ids import SeenIds
from bot.discord_app.context.services import AnyBot, Services
from bot.discord_app.messages.message_view import present
from bot.discord_app.messages.send import line, log_failure, log_refusal, post, reply, try_to_reply
from bot.discord_app.questions.addressing import (
    Way,
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
from bot.discord_app.questions.threads import open_thread
from bot.operations.health.metrics import Measured, Outcome
from bot.rendering import notices, wording
from index import PassageIndexError

logger = logging.getLogger(__name__)

# How far Discord's clock may be behind ours.
_CLOCK_SKEW = timedelta(minutes=1)

# Refusals are no flood themselves: a person is told once in so long, and in a channel some are, a
# quarter of the messages that Discord takes there in that time.
_TOLD_FOR_S = 20
_TOLD_IN_CHANNEL = 5
_EVERYWHERE = _EVERYBODY = 0


@dataclass(frozen=True, slots=True)
class _Taken:
    """A message that asks the bot something, and the rules that hold where it stands."""

    message: discord.Message
    way: Way
    where: Where
    server: ServerSettings
    channel: ChannelSettings


class Asking(commands.Cog):
    """Answers mentions, replies, direct messages, and all questions where that was turned on."""

    def __init__(self, bot: AnyBot, services: Services, asker: Asker) -> None:
        self._bot = bot
        self._services = services
        self._asker = asker
        self._arrivals: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()
        self._seen = SeenIds()
        self._told = Cooldowns()
        self._began_at = discord.utils.utcnow()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that asks the bot something, once."""
        me = self._bot.user
        if me is None or message.author.bot or message.webhook_id is not None:
            return
        # Taken before anything is awaited, so that a person's second question follows the first.
        key = (message.channel.id, message.author.id)
        async with self._arrivals.setdefault(key, asyncio.Lock()):
            taken = await self._take(message, me)
        # From here to the question's turn nothing is awaited, which keeps them in order.
        if taken is not None:
            await self._answer(taken, me)

    async def _take(self, message: discord.Message, me: discord.ClientUser) -> _Taken | None:
        """Return a message with the rules that hold for it; None where it asks the bot nothing."""
        guild_id = message.guild.id if message.guild else None
        channel = await self._services.known.channel(guild_id, settings_channel_id(message.channel))
        way = way_of_asking(message, me, self._asker.is_answer, channel)
        if way is None or not self._seen.is_new(message.id) or await self._was_answered(message):
            return None
        server = await self._services.known.server(guild_id)
        return _Taken(message, way, of_message(message, server.language), server, channel)

    async def _answer(self, taken: _Taken, me: discord.ClientUser) -> None:
        """Answer a message, or say that this went wrong."""
        message = taken.message
        failures, place = self._services.failures, settings_channel_id(message.channel)
        try:
            with self._services.metrics.question() as measured:
                await self._answer_once(taken, me, measured)
        except discord.HTTPException as error:
            failures.note(place, error.code)
            log_refusal(error, message)
        except (aiohttp.ClientError, OSError) as error:
            failures.note(place)
            log_failure(error, message)
            await self._apologise(taken)
        except PassageIndexError as error:
            failures.note(place)
            logger.warning("Failed to answer message %d: %s", message.id, error)
            await self._apologise(taken)
        except Exception:
            failures.note(place)
            logger.exception("Failed to answer message %d", message.id)
            await self._apologise(taken)

    async def _answer_once(self, taken: _Taken, me: discord.ClientUser, measured: Measured) -> None:
        """Answer a message, unless a rule of the server or Discord is against it."""
        message = taken.message
        if not message.content and not can_read(message, self._bot):
            if taken.way == "addressed":
                measured.outcome = "refused"
                self._note(
                    message, await reply(message, line(taken.where.say(wording.CANNOT_READ)))
                )
            return
        if why := self._refusal(taken, counts=taken.way == "addressed"):
            await self._refuse(taken, why, "refused", measured)
            return
        inquiry = Inquiry(
            question_in(message, me),
            taken.where,
            message.author.id,
            message.id,
            replied_to(message),
            shared=is_own_thread(message.channel, me),
        )
        try:
            with self._asker.queue.place(taken.where.crowd_id, message.author.id):
                async with self._asker.turn(inquiry):
                    await self._search_and_send(taken, inquiry, measured)
        except QueueFullError as full:
            why = notices.busy(taken.where.say, own=full.own)
            await self._refuse(taken, why, "busy", measured)

    async def _search_and_send(self, taken: _Taken, inquiry: Inquiry, measured: Measured) -> None:
        found = await self._asker.answer(inquiry)
        if not found.suits(taken.way, taken.channel):
            if taken.way == "post":
                await self._asker.note(inquiry, found)
            return None
        if taken.way != "addressed" and self._refusal(taken, counts=True):
            return None
        if taken.channel.threads and found.answer.answered:
            thread = await open_thread(taken.message, inquiry.question)
            if thread is not None:
                where = replace(inquiry.where, channel_id=thread.id)
                there = replace(inquiry, where=where, shared=True)
                try:
                    return await self._send(taken, there, found, measured, thread)
                except discord.HTTPException as error:  # then it goes to the channel
                    log_refusal(error, taken.message)
        return await self._send(taken, inquiry, found, measured)

    async def _send(
        self,
        taken: _Taken,
        inquiry: Inquiry,
        found: Found,
        measured: Measured,
        thread: discord.Thread | None = None,
    ) -> None:
        """Send an answer and keep note of it; nothing is kept of one that Discord refuses."""
        message, say = taken.message, taken.where.say
        if message.id in self._asker.withdrawals:
            return
        question_id = await self._asker.note(inquiry, found)
        shown = present(found, say, question_id, message.author.id, plain=taken.server.plain)
        try:
            if thread is not None:
                sent = await post(thread, shown, message.id)
            else:
                sent = await reply(message, shown)
        except discord.HTTPException:
            if thread is not None:
                await self._asker.drop(question_id)
            raise
        self._note(message, sent)
        measured.outcome = found.outcome
        await self._asker.sent(inquiry, found, question_id, sent.id)
        if message.id in self._asker.withdrawals:  # while the answer was on its way
            await self._asker.drop(question_id)
            if self._asker.replies.take(message.id) is not None:
                await sent.delete()

    def _note(self, message: discord.Message, sent: discord.Message) -> None:
        """Remember what was said to a message, so that it can follow the message."""
        self._asker.replies.note(message.id, Reply(sent.channel.id, sent.id))

    async def _refuse(self, taken: _Taken, why: str, outcome: Outcome, measured: Measured) -> None:
        """Say why a question is not answered, unless too many were told so just now."""
        message = taken.message
        if taken.way != "addressed":
            return
        measured.outcome = outcome
        channel_id, person = message.channel.id, message.author.id
        if self._told.wait_s(_EVERYWHERE, person, 1, _TOLD_FOR_S) > 0:
            return
        if self._told.wait_s(channel_id, _EVERYBODY, _TOLD_IN_CHANNEL, _TOLD_FOR_S) > 0:
            return
        self._note(message, await reply(message, line(why)))

    async def _apologise(self, taken: _Taken) -> None:
        """Say that something went wrong, if that gets through."""
        apology = line(taken.where.say(wording.APOLOGY))
        if (sent := await try_to_reply(taken.message, apology)) is not None:
            self._note(taken.message, sent)

    def _refusal(self, taken: _Taken, *, counts: bool) -> str | None:
        """Return why the person may not ask; what nobody asked the bot counts once it answers."""
        return refusal(
            taken.message.author,
            taken.where.guild_id,
            taken.server,
            self._services.cooldowns,
            taken.where.say,
            counts=counts,
        )

    async def _was_answered(self, message: discord.Message) -> bool:
        """Say whether the bot answered a message before it was started again."""
        if message.created_at > self._began_at + _CLOCK_SKEW:
            return False
        questions = self._services.database.questions
        asked = await self._services.attempts.read(lambda: questions.by_message(message.id), None)
        return asked is not None and asked.answer_id is not None
