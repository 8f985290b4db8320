"""Answer the person whose command failed; the log says why it did."""

import logging

import aiohttp
import discord
from discord import app_commands

from bot.rendering.wording import APOLOGY, COMMAND_GONE

logger = logging.getLogger(__name__)


async def answer_command_error(
    interaction: discord.Interaction, error: app_commands.AppCommandError
) -> None:
    """Apologise for a command that failed, or say that it is gone; the tree's error handler."""
    gone = isinstance(error, app_commands.CommandNotFound)
    if gone or isinstance(error, app_commands.CommandSignatureMismatch):
        logger.warning("Discord sent a command of an older version: %s", error)
    else:
        logger.error("Failed to answer interaction %d", interaction.id, exc_info=error)
    if interaction.type is discord.InteractionType.autocomplete:
        return  # takes suggestions only
    try:
        await _say(interaction, COMMAND_GONE if gone else APOLOGY)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as refusal:
        logger.warning("The apology could not be sent: %s", refusal)


async def _say(interaction: discord.Interaction, content: str) -> None:
    """Send a private response, or fill the one that was deferred."""
    no_pings = discord.AllowedMentions.none()
    if interaction.response.is_done():
        await interaction.edit_original_response(content=content, allowed_mentions=no_pings)
    else:
        await interaction.response.send_message(content, ephemeral=True, allowed_mentions=no_pings)
