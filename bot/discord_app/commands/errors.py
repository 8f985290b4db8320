"""What a person reads when a command fails; the log says why it failed."""

import logging
import time

import aiohttp
import discord
from discord import app_commands

from bot.discord_app.context.origin import of_interaction, settings_channel_id
from bot.discord_app.context.recent_failures import RecentFailures
from bot.discord_app.messages.send import brief
from bot.errors import DatabaseError
from bot.languages import Catalogue
from bot.rendering import notices
from bot.rendering.wording import COMMAND_GONE, FAILED
from index import PassageIndexError

logger = logging.getLogger(__name__)

# Discord sent a command of another version of the bot.
_OLDER_VERSION = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)

# Failures outside of the code are logged in one line.
_FROM_OUTSIDE = (
    discord.HTTPException,
    aiohttp.ClientError,
    OSError,
    DatabaseError,
    PassageIndexError,
)


class CommandErrors:
    """Answers failed commands, and records the channel in which they failed."""

    def __init__(self, failures: RecentFailures) -> None:
        self._failures = failures

    async def answer(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError
    ) -> None:
        """Tell the person why a command failed; the error handler of the command tree."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        _log(interaction, cause)
        if isinstance(cause, discord.HTTPException):
            self._failures.note(settings_channel_id(interaction.channel), cause.code)
        expired = isinstance(cause, discord.NotFound)
        if expired or interaction.type is discord.InteractionType.autocomplete:
            return  # the interaction has expired, or only takes suggestions
        try:
            await _say(interaction, _reason(cause, of_interaction(interaction).say))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as refusal:
            logger.warning("The apology could not be sent: %s", brief(refusal))


def _reason(error: Exception, say: Catalogue) -> str:
    """Return what the person is told; never the text of the error."""
    if isinstance(error, app_commands.CommandNotFound):
        return say(COMMAND_GONE)
    if isinstance(error, app_commands.CommandOnCooldown):
        return notices.wait(say, error.retry_after, time.time())
    if isinstance(error, app_commands.NoPrivateMessage):
        return say(notices.SERVERS_ONLY)
    if isinstance(error, app_commands.CheckFailure):
        return say(notices.MAY_NOT)
    if isinstance(error, app_commands.TransformerError):
        return say(notices.NOT_THERE)
    return say(FAILED)


def _log(interaction: discord.Interaction, error: Exception) -> None:
    """Log the errors that the bot's owner can act on; refusals only at DEBUG."""
    if isinstance(error, _OLDER_VERSION):
        logger.warning("Discord sent a command of an older version: %s", error)
    elif isinstance(error, app_commands.CheckFailure | app_commands.TransformerError):
        logger.debug("Interaction %d was refused: %s", interaction.id, type(error).__name__)
    elif isinstance(error, _FROM_OUTSIDE):
        logger.warning("Interaction %d failed: %s", interaction.id, brief(error))
    else:
        logger.error("Failed to answer interaction %d", interaction.id, exc_info=error)


async def _say(interaction: discord.Interaction, text: str) -> None:
    """Send a private response, or fill the one that was deferred."""
    no_pings = discord.AllowedMentions.none()
    if interaction.response.is_done():
        await interaction.edit_original_response(content=text, allowed_mentions=no_pings)
    else:
        await interaction.response.send_message(text, ephemeral=True, allowed_mentions=no_pings)
