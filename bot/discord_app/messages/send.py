"""Send answers: as cards where Discord takes them, else as plain text that says the same."""

import logging
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord import ui

logger = logging.getLogger(__name__)

NO_PINGS = discord.AllowedMentions.none()

# A reason fits a line; what a proxy in front of Discord sends instead of one is a page.
_MAX_REASON_CHARS = 200

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
INVALID_BODY = 50035
REPLY_NEEDS_HISTORY = 160002


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as it is sent.

    Attributes:
        card: With components; None where plain text is wanted.
        plain: The same in plain text.
        buttons: Rows of buttons to go below the plain text.
    """

    card: ui.LayoutView | None
    plain: str
    buttons: ui.View | None = None

    def new(self) -> dict[str, Any]:
        """Return the arguments that send it as a new message."""
        if self.card is not None:
            return {"view": self.card, "allowed_mentions": NO_PINGS}
        buttons = {"view": self.buttons} if self.buttons is not None else {}
        return self._plain() | buttons | {"suppress_embeds": True}

    def edit(self, *, card: bool) -> dict[str, Any]:
        """Return the arguments that put it into a message; a card stays a card."""
        if not card:
            return self._plain() | {"view": self.buttons}
        if self.card is not None:
            return {"view": self.card, "allowed_mentions": NO_PINGS}
        text = ui.TextDisplay[ui.LayoutView](self.plain)
        view = ui.LayoutView(timeout=None).add_item(text)
        return {"view": view, "allowed_mentions": NO_PINGS}

    def _plain(self) -> dict[str, Any]:
        return {"content": self.plain, "allowed_mentions": NO_PINGS}


def line(text: str) -> Shown:
    """Return a single line of the bot's own."""
    return Shown(None, text)


async def reply(message: discord.Message, shown: Shown) -> discord.Message:
    """Send an answer that refers to its question, as far as the channel lets it.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    reference = message.to_reference(fail_if_not_exists=False)
    return await post(message.channel, shown, message.id, reference)


async def post(
    channel: discord.abc.Messageable,
    shown: Shown,
    answered_id: int,
    reference: discord.MessageReference | None = None,
) -> discord.Message:
    """Send an answer to a channel, without its reference or its card where those are refused.

    Args:
        channel: Where to.
        shown: The answer.
        answered_id: What it answers. Discord makes one message of those that are sent for the
            same within some minutes, be it that a confirmation was lost or the bot started anew.
        reference: The message that it refers to.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    arguments = shown.new() | {"nonce": str(answered_id)}
    if reference is not None:
        arguments |= {"reference": reference, "mention_author": False}
    try:
        sent: discord.Message = await channel.send(**arguments)
    except discord.HTTPException as error:
        if error.code == REPLY_NEEDS_HISTORY and reference is not None:
            return await post(channel, shown, answered_id)
        if error.code == INVALID_BODY and shown.card is not None:
            logger.warning("Discord takes no card, so plain text is sent: %s", error)
            return await post(channel, line(shown.plain), answered_id, reference)
        raise
    return sent


async def try_to_reply(message: discord.Message, shown: Shown) -> discord.Message | None:
    """Reply and return the reply; None where that was not possible, which is logged."""
    try:
        return await reply(message, shown)
    except discord.HTTPException as error:
        log_refusal(error, message)
    except (aiohttp.ClientError, OSError) as error:
        log_failure(error, message)
    return None


async def respond(interaction: discord.Interaction, text: str) -> None:
    """Tell the person who used a command or button something that nobody else sees.

    What shows "thinking..." is filled with it, seen by whom the answer would have been.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    response = interaction.response
    if response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(content=text, allowed_mentions=NO_PINGS)
    elif response.is_done():
        await interaction.followup.send(text, ephemeral=True, allowed_mentions=NO_PINGS)
    else:
        await response.send_message(text, ephemeral=True, allowed_mentions=NO_PINGS)


async def try_to_respond(interaction: discord.Interaction, text: str) -> None:
    """Respond, or log why that was not possible."""
    try:
        await respond(interaction, text)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        logger.warning("Interaction %d could not be answered: %s", interaction.id, brief(error))


def brief(reason: object) -> str:
    """Return a reason on one line; of a page that a proxy sent in its place the start."""
    text = " ".join(str(reason).split()) or type(reason).__name__ * (not isinstance(reason, str))
    return text[:_MAX_REASON_CHARS]


def log_refusal(error: discord.HTTPException, message: discord.Message) -> None:
    """Log that Discord did not take an answer."""
    logger.warning(
        "Discord refused the answer to message %d in channel %d: %s (code %d)",
        message.id,
        message.channel.id,
        brief(error.text) or error.status,
        error.code,
    )


def log_failure(error: Exception, message: discord.Message) -> None:
    """Log that an answer did not get through."""
    logger.warning("The answer to message %d could not be sent: %s", message.id, brief(error))
