"""Send answers: as cards, or as plain text if Discord refuses the card."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import discord
from discord import ui

logger = logging.getLogger(__name__)

NO_PINGS = discord.AllowedMentions.none()

# Discord's limit.
_NONCE_CHARS = 25

# A proxy in front of Discord may send a whole page instead of a reason.
_MAX_REASON_CHARS = 200

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
INVALID_BODY = 50035
REPLY_NEEDS_HISTORY = 160002


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer that is ready to be sent.

    Attributes:
        card: With components; None if plain text is wanted.
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
    """Return a line of the bot's own words as an answer."""
    return Shown(None, text)


async def reply(message: discord.Message, shown: Shown) -> discord.Message:
    """Send an answer as a reply to its question, if the channel allows replies.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    reference = message.to_reference(fail_if_not_exists=False)
    return await post(message.channel, shown, nonce_of(message), reference)


def nonce_of(message: discord.Message) -> str:
    """Return the nonce of the answer to a message.

    It is another one after an edit: Discord may return the deleted answer to the message as it was
    before, instead of making a new one.
    """
    if message.edited_at is None:
        return str(message.id)
    milliseconds = (message.edited_at - message.created_at) // timedelta(milliseconds=1)
    return f"{message.id}.{milliseconds:x}"[:_NONCE_CHARS]


async def post(
    channel: discord.abc.Messageable,
    shown: Shown,
    nonce: str,
    reference: discord.MessageReference | None = None,
) -> discord.Message:
    """Send an answer to a channel; without its reference or card if Discord refuses those.

    Args:
        channel: Where to.
        shown: The answer.
        nonce: Names the message or interaction that it answers. Discord makes one message of
            several with the same nonce within some minutes, so that neither a retry nor a restart
            of the bot sends an answer twice.
        reference: The message that it refers to.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    arguments = shown.new() | {"nonce": nonce}
    if reference is not None:
        arguments |= {"reference": reference, "mention_author": False}
    try:
        sent: discord.Message = await channel.send(**arguments)
    except discord.HTTPException as error:
        if error.code == REPLY_NEEDS_HISTORY and reference is not None:
            return await post(channel, shown, nonce)
        if error.code == INVALID_BODY and shown.card is not None:
            logger.warning("Discord refused a card, so plain text is sent: %s", error)
            return await post(channel, line(shown.plain), nonce, reference)
        raise
    return sent


async def try_to_reply(message: discord.Message, shown: Shown) -> discord.Message | None:
    """Reply and return the reply; None if that was not possible, which is logged."""
    try:
        return await reply(message, shown)
    except discord.HTTPException as error:
        log_refusal(error, message.id, message.channel.id)
    except (aiohttp.ClientError, OSError) as error:
        log_failure(error, message)
    return None


async def respond(interaction: discord.Interaction, text: str) -> None:
    """Send a private response to the person who used a command or button.

    If a message that shows "thinking..." is already there, put the text into it; everybody who sees
    that message also sees the text.

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


@contextmanager
def unsent_logged(what: str) -> Iterator[None]:
    """If sending fails in the block, log `what` instead of raising.

    The action that the message reports is already done.
    """
    try:
        yield
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        logger.warning("%s: %s", what, brief(error))


def brief(reason: object) -> str:
    """Return a reason on one line, cut to its start if it is long."""
    text = " ".join(str(reason).split()) or type(reason).__name__ * (not isinstance(reason, str))
    return text[:_MAX_REASON_CHARS]


def log_refusal(error: discord.HTTPException, message_id: int | None, channel_id: int) -> None:
    """Log that Discord did not take an answer to a message."""
    logger.warning(
        "Discord refused the answer to message %s in channel %d: %s (code %d)",
        message_id,
        channel_id,
        brief(error.text) or error.status,
        error.code,
    )


def log_failure(error: Exception, message: discord.Message) -> None:
    """Log that an answer could not be sent."""
    logger.warning("The answer to message %d could not be sent: %s", message.id, brief(error))
