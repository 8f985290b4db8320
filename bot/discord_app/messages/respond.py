"""Answer commands and buttons, also after the time limits of Discord's interactions."""

import logging

import aiohttp
import discord

from bot.discord_app.messages.send import INVALID_BODY, Shown, line, post

logger = logging.getLogger(__name__)

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_UNKNOWN_MESSAGE = 10008
_UNKNOWN_WEBHOOK = 10015
_UNKNOWN_INTERACTION = 10062
_INVALID_WEBHOOK_TOKEN = 50027

# Discord's errors after the 3 s for a first response and the 15 min for an answer.
_TOO_LATE = (_UNKNOWN_WEBHOOK, _UNKNOWN_INTERACTION, _INVALID_WEBHOOK_TOKEN)


async def acknowledge(interaction: discord.Interaction, *, ephemeral: bool) -> bool:
    """Tell Discord that an answer follows.

    Returns:
        Whether the answer is deferred: False if the request took longer than the 3 s that
        Discord waits.

    Raises:
        discord.HTTPException: Discord refuses for another reason.
    """
    try:
        await interaction.response.defer(ephemeral=ephemeral)
    except discord.HTTPException as error:
        if error.code != _UNKNOWN_INTERACTION:
            raise
        return False
    except (aiohttp.ClientError, OSError):
        return False
    return True


async def answer(
    interaction: discord.Interaction, shown: Shown, *, card: bool, is_deferred: bool, private: bool
) -> discord.Message | None:
    """Send an answer as the deferred response, or to the channel if that is not possible.

    Args:
        interaction: The command.
        shown: The answer.
        card: Whether to show it as a card.
        is_deferred: What `acknowledge` returned.
        private: Whether only the person who asked may see it.

    Returns:
        The message; None if the answer could not be sent in time, which is logged.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    if is_deferred:
        try:
            return await edit_answer(interaction, shown, card=card)
        except discord.HTTPException as error:
            if error.code == _UNKNOWN_MESSAGE and private:  # the deferred response was deleted
                return await interaction.followup.send(**shown.new(), ephemeral=True, wait=True)
            if error.code not in (*_TOO_LATE, _UNKNOWN_MESSAGE):
                raise
    channel = interaction.channel
    if private or not isinstance(channel, discord.abc.Messageable) or not _may_post(interaction):
        logger.warning("The answer to interaction %d came too late", interaction.id)
        return None
    return await post(channel, shown, str(interaction.id))


async def edit_answer(
    interaction: discord.Interaction, shown: Shown, *, card: bool
) -> discord.Message:
    """Put an answer into the deferred or pressed message; as text if Discord refuses the card.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    try:
        return await interaction.edit_original_response(**shown.edit(card=card))
    except discord.HTTPException as error:
        if error.code != INVALID_BODY or shown.card is None or not card:
            raise
        logger.warning("Discord refused a card, so plain text is sent: %s", error)
        # A message that is a card stays a card.
        kind = interaction.response.type
        stays = kind is discord.InteractionResponseType.deferred_message_update
        return await interaction.edit_original_response(**line(shown.plain).edit(card=stays))


def _may_post(interaction: discord.Interaction) -> bool:
    """Return whether the bot may post a message in the channel of a command."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel is True
    may = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may_send = may.send_messages_in_threads if in_thread else may.send_messages
    return interaction.is_guild_integration() and may.view_channel and may_send
