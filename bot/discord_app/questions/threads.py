"""Threads for questions, in channels that have them turned on, and the port that answers there."""

import logging
import textwrap
from typing import Literal

import aiohttp
import discord

from bot.answering import asked_in
from bot.discord_app.messages.send import Shown, brief, nonce_of, post
from bot.discord_app.questions.pipeline import ReplyPort
from bot.rendering.discord_markdown import message_length
from bot.rendering.excerpts import ELLIPSIS

logger = logging.getLogger(__name__)

# Discord's limit for names of threads, in characters.
_NAME_CHARS = 100

# A day, Discord's default. After it an inactive thread leaves the list of channels.
_ARCHIVE_MINUTES: Literal[1440] = 1440


class ThreadPort(ReplyPort):
    """Sends an answer to the thread that was opened for it."""

    def __init__(self, message: discord.Message, thread: discord.Thread) -> None:
        self._message = message
        self._thread = thread
        self.thread_id = thread.id

    async def send(self, shown: Shown) -> discord.Message:
        """Send an answer to the thread."""
        return await post(self._thread, shown, nonce_of(self._message))


async def open_thread(message: discord.Message, question: str) -> discord.Thread | None:
    """Start a thread on a message, named after its question.

    Returns:
        The thread. None if the channel can have no such thread (threads, forums, direct messages),
        the bot lacks a permission or the request fails; the answer is then a plain reply.
    """
    channel = message.channel
    if not isinstance(channel, discord.TextChannel):
        return None
    may = channel.permissions_for(channel.guild.me)
    if not (may.create_public_threads and may.send_messages_in_threads):
        return None
    try:
        return await message.create_thread(
            name=thread_name(question), auto_archive_duration=_ARCHIVE_MINUTES
        )
    except discord.HTTPException as error:
        logger.warning(
            "No thread in channel %d: %s (code %d)", channel.id, brief(error.text), error.code
        )
    except (aiohttp.ClientError, OSError) as error:
        logger.warning("No thread in channel %d: %s", channel.id, brief(error))
    return None


def thread_name(question: str) -> str:
    """Return the name of a question's thread: one line within Discord's limit, never empty.

    Pasted output is left out.
    """
    line = " ".join(asked_in(question).split())
    for chars in range(_NAME_CHARS, 0, -1):  # fewer if some characters count twice
        name = textwrap.shorten(line, chars, placeholder=ELLIPSIS)
        if name in ("", ELLIPSIS):  # the first word alone is too long
            name = line[: chars - 1] + ELLIPSIS
        if message_length(name) <= _NAME_CHARS:
            return name
    return ELLIPSIS
