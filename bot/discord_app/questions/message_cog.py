"""The cog that answers messages."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from weakref import WeakValueDictionary

import aiohttp
import discord
from discord.ext import commands

from bot.discord_app.context.cooldowns import Cooldowns
from bot.discord_app.context.origin import settings_channel_id
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.send import (
    Shown,
    line,
    log_failure,
    log_refusal,
    reply,
    try_to_reply,
)
from bot.discord_app.questions.addressing import (
    can_read,
    channel_settings,
    read_question,
    trigger_of,
)
from bot.discord_app.questions.admission import RefusedError
from bot.discord_app.questions.models import IncomingQuestion
from bot.discord_app.questions.pipeline import QuestionPipeline, ReplyPort
from bot.discord_app.questions.state.replies import Replies
from bot.discord_app.questions.threads import ThreadPort, open_thread
from bot.rendering import wording
from index import PassageIndexError

logger = logging.getLogger(__name__)

# How far the clocks of Discord and of this machine may differ.
_CLOCK_SKEW = timedelta(minutes=1)

# Refusals must not flood a channel: in this time a person is told once, and in a channel five
# people are told. That is a quarter of the messages that Discord accepts there in that time.
_TOLD_FOR_S = 20
_TOLD_IN_CHANNEL = 5
_EVERYWHERE = _EVERYBODY = 0


class MessageCog(commands.Cog):
    """Answers mentions, replies, direct messages, and all questions where admins allow it."""

    def __init__(self, bot: AnyBot, runtime: Runtime, pipeline: QuestionPipeline) -> None:
        self._bot = bot
        self._runtime = runtime
        self._pipeline = pipeline
        self._arrivals: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()
        self._seen = runtime.seen_messages
        self._addressed = runtime.addressed_messages
        self._told = Cooldowns()
        self._began_at = discord.utils.utcnow()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message once if it is a question for the bot."""
        me = self._bot.user
        if me is None or message.author.bot or message.webhook_id is not None:
            return
        # Locked before the first await, so that a person's questions stay in order.
        key = (message.channel.id, message.author.id)
        async with self._arrivals.setdefault(key, asyncio.Lock()):
            question = await self._question(message, me)
        # There is no await from here to the conversation lock, so the order stays.
        if question is not None:
            await self._answer(message, question)

    async def answer_edited(self, message: discord.Message, question: IncomingQuestion) -> bool:
        """Answer a message that an edit addressed to the bot, and return True.

        Return False if another edit addressed it meanwhile; the answer to that edit can be changed.
        """
        if not self._addressed.is_new(message.id):
            return False
        await self._answer(message, question)
        return True

    def was_addressed(self, message_id: int) -> bool:
        """Return whether a message has addressed the bot since the program started."""
        return message_id in self._addressed

    def forget_address(self, message_id: int) -> None:
        """Let a message whose answer was withheld address the bot again."""
        self._addressed.forget(message_id)

    async def _answer(self, message: discord.Message, question: IncomingQuestion) -> None:
        """Answer a question, or tell why it cannot be read."""
        async with self._failures_answered(message, question):
            if can_read(message, self._bot):
                port = MessagePort(message, question, self._told, self._pipeline.replies)
                await self._pipeline.answer(question, port)
            else:
                await self._tell_unreadable(message, question)

    async def _question(
        self, message: discord.Message, me: discord.ClientUser
    ) -> IncomingQuestion | None:
        """Return the question of a message; None if it is not a question, or was handled before."""
        channel = await channel_settings(message, self._runtime)
        trigger = trigger_of(message, me, self._pipeline.conversations, channel)
        if trigger is None or not self._seen.is_new(message.id):
            return None
        if trigger == "addressed":
            self._addressed.is_new(message.id)
        if await self._was_answered(message):
            return None
        return await read_question(message, me, self._runtime, trigger, channel)

    async def _tell_unreadable(self, message: discord.Message, question: IncomingQuestion) -> None:
        """Tell a person who addressed the bot that Discord does not send it the text."""
        with self._runtime.monitor.metrics.question() as measured:
            if question.is_addressed:
                measured.outcome = "refused"
                sent = await reply(message, line(question.origin.say(wording.CANNOT_READ)))
                self._pipeline.note_reply(message.id, sent)

    @asynccontextmanager
    async def _failures_answered(
        self, message: discord.Message, question: IncomingQuestion
    ) -> AsyncIterator[None]:
        """Log errors of the block, and apologise unless Discord refused the answer."""
        failures, channel_id = self._runtime.failures, settings_channel_id(message.channel)
        try:
            yield
        except discord.HTTPException as error:
            failures.note(channel_id, error.code)
            log_refusal(error, message.id, message.channel.id)
            return
        except (aiohttp.ClientError, OSError) as error:
            log_failure(error, message)
        except PassageIndexError as error:
            logger.warning("Failed to answer message %d: %s", message.id, error)
        except Exception:
            logger.exception("Failed to answer message %d", message.id)
        else:
            return
        failures.note(channel_id)
        apology = line(question.origin.say(wording.APOLOGY))
        if (sent := await try_to_reply(message, apology)) is not None:
            self._pipeline.note_reply(message.id, sent)

    async def _was_answered(self, message: discord.Message) -> bool:
        """Return whether the bot answered a message before its last restart."""
        if message.created_at > self._began_at + _CLOCK_SKEW:
            return False
        asked = await self._pipeline.log.by_message(message.id)
        return asked is not None and asked.answer_id is not None


class MessagePort(ReplyPort):
    """Replies to the message that asks."""

    def __init__(
        self,
        message: discord.Message,
        question: IncomingQuestion,
        told: Cooldowns,
        replies: Replies,
    ) -> None:
        """Take a message.

        Args:
            message: The message.
            question: What it asks.
            told: Counts the refusals that people and channels were told.
            replies: The bot's replies, by the message that each replies to.
        """
        self._message = message
        self._question = question
        self._told = told
        self._replies = replies

    async def prepared(self, question: IncomingQuestion) -> IncomingQuestion | None:
        """Return the question; None if the message was answered before an edit came."""
        return None if self._replies.get(self._message.id) is not None else question

    async def thread_port(self, question: IncomingQuestion) -> ThreadPort | None:
        """Return a port to a new thread; None if the channel has no threads for answers."""
        if not question.channel.threads:
            return None
        thread = await open_thread(self._message, question.text)
        return ThreadPort(self._message, thread) if thread is not None else None

    async def send(self, shown: Shown) -> discord.Message:
        """Send an answer as a reply to its question."""
        return await reply(self._message, shown)

    async def refuse(self, refused: RefusedError) -> discord.Message | None:
        """Reply with the reason, if the person addressed the bot.

        Do not reply if this person, or several people in this channel, were told a moment ago.
        """
        channel_id, person = self._message.channel.id, self._message.author.id
        if not self._question.is_addressed:
            return None
        if self._told.wait_s(_EVERYWHERE, person, 1, _TOLD_FOR_S) > 0:
            return None
        if self._told.wait_s(channel_id, _EVERYBODY, _TOLD_IN_CHANNEL, _TOLD_FOR_S) > 0:
            return None
        return await reply(self._message, line(refused.reason))
