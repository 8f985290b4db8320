"""The cog that answers questions: event, guard, search, send."""

import asyncio
import dataclasses
import logging
from collections import OrderedDict
from weakref import WeakValueDictionary

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.answering import Answer, answer_question, extend_history
from bot.conversation import Turn
from bot.discord_app.addressing import question_in, should_answer, words_in
from bot.discord_app.memory import DiscordMemory
from bot.rendering.discord_message import answer_message
from bot.rendering.wording import APOLOGY, CANNOT_READ
from index import LiveSearcher

logger = logging.getLogger(__name__)

# A gateway replays at most what one session missed; this covers hours of a busy server.
_REMEMBERED_MESSAGES = 10_000

# Longer questions are statements; Discord's client stops people there.
_MAX_SLASH_QUESTION_CHARS = 1000

# Searches are work for the processor: more at once than it has cores make each of them slower.
_MAX_SEARCHES = 4

_NO_PINGS = discord.AllowedMentions.none()

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_REPLY_NEEDS_HISTORY = 160002


class Asking(commands.Cog):
    """Answers mentions, replies, direct messages and `/ask`."""

    def __init__(self, bot: commands.Bot, live: LiveSearcher) -> None:
        self._bot = bot
        self._live = live
        self._memory = DiscordMemory()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._searches = asyncio.Semaphore(_MAX_SEARCHES)
        # One lock for each person in a channel, gone when nobody holds or awaits it.
        self._turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that addresses the bot, once."""
        me = self._bot.user
        if me is None or not should_answer(message, me, self._memory.is_answer):
            return
        if not self._is_new(message.id):
            return
        try:
            await self._answer_message(message, question_in(message, me))
        except discord.HTTPException as error:
            _log_refusal(error, message)
        except aiohttp.ClientError as error:
            _log_failure(error, message)
            await _try_to_reply(message, APOLOGY)
        except Exception:
            logger.exception("Failed to answer message %d", message.id)
            await _try_to_reply(message, APOLOGY)

    @app_commands.command()
    @app_commands.describe(question="What do you want to know?")
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, _MAX_SLASH_QUESTION_CHARS],
    ) -> None:
        """Find the paragraphs that answer a question."""
        await interaction.response.defer()
        channel_id, user_id = interaction.channel_id or 0, interaction.user.id
        async with self._turn(channel_id, user_id):
            answer, history = await self._search(
                words_in(question), self._memory.history(channel_id, user_id, None)
            )
            shown = dataclasses.replace(answer, question=question)
            sent = await interaction.edit_original_response(
                content=answer_message(shown, show_question=True).plain,
                allowed_mentions=_NO_PINGS,
            )
            self._memory.remember(channel_id, user_id, sent.id, history)

    async def _answer_message(self, message: discord.Message, question: str) -> None:
        if not message.content and not self._can_read(message):
            await _reply(message, CANNOT_READ)
            return
        channel_id, user_id = message.channel.id, message.author.id
        reply_to = message.reference.message_id if message.reference else None
        async with self._turn(channel_id, user_id):
            answer, history = await self._search(
                question, self._memory.history(channel_id, user_id, reply_to)
            )
            sent = await _reply(message, answer_message(answer).plain)
            self._memory.remember(channel_id, user_id, sent.id, history)

    def _turn(self, channel_id: int, user_id: int) -> asyncio.Lock:
        """Return the lock under which a person's questions in a channel follow one another."""
        return self._turns.setdefault((channel_id, user_id), asyncio.Lock())

    async def _search(self, question: str, history: list[Turn]) -> tuple[Answer, list[Turn]]:
        """Answer off the event loop; also return the history with this exchange in it."""
        async with self._searches:
            answer = await asyncio.to_thread(
                lambda: answer_question(question, history, self._live.current())
            )
        logger.info(
            "Answered with %d quotes (%s), best score %.2f, in %.1f ms",
            len(answer.quotes),
            answer.reason or "found",
            answer.quotes[0].score if answer.quotes else 0.0,
            answer.milliseconds,
        )
        logger.debug("The question was %r", question)
        return answer, extend_history(history, answer)

    def _can_read(self, message: discord.Message) -> bool:
        """Say whether Discord sends us the message's text."""
        addressed = message.guild is None or self._bot.user in message.mentions
        return addressed or self._bot.intents.message_content

    def _is_new(self, message_id: int) -> bool:
        """Note the message; False if it came before, as it may after a resumed connection."""
        if message_id in self._seen:
            return False
        self._seen[message_id] = None
        if len(self._seen) > _REMEMBERED_MESSAGES:
            self._seen.popitem(last=False)
        return True


async def _reply(message: discord.Message, content: str) -> discord.Message:
    """Send an answer that refers to its question, pings nobody and shows no previews."""
    reference = message.to_reference(fail_if_not_exists=False)
    try:
        return await message.channel.send(
            content,
            reference=reference,
            allowed_mentions=_NO_PINGS,
            mention_author=False,
            suppress_embeds=True,
        )
    except discord.HTTPException as error:
        if error.code != _REPLY_NEEDS_HISTORY:
            raise
        return await message.channel.send(content, allowed_mentions=_NO_PINGS, suppress_embeds=True)


async def _try_to_reply(message: discord.Message, content: str) -> None:
    try:
        await _reply(message, content)
    except discord.HTTPException as error:
        _log_refusal(error, message)
    except (aiohttp.ClientError, OSError) as error:
        _log_failure(error, message)


def _log_refusal(error: discord.HTTPException, message: discord.Message) -> None:
    logger.warning(
        "Discord refused the answer to message %d in channel %d: %s (code %d)",
        message.id,
        message.channel.id,
        error.text or error.status,
        error.code,
    )


def _log_failure(error: Exception, message: discord.Message) -> None:
    logger.warning("The answer to message %d could not be sent: %s", message.id, error)
