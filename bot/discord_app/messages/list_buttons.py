"""The buttons of lists that only one person sees, and how a press on any button is answered."""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self

import aiohttp
import discord
from discord import ui

from bot.discord_app.context.services import Services
from bot.discord_app.messages.send import brief, try_to_respond
from bot.discord_app.questions.addressing import settings_channel_id
from bot.errors import DatabaseError
from bot.rendering import notices, wording
from index import PassageIndexError

logger = logging.getLogger(__name__)

_TEMPLATE = re.compile(
    r"pq:(?P<action>sources|unanswered|csv|teach|dismiss|bind|taught|forget)"
    r"(?P<state>(?::[\w-]{1,20})*)"
)

# Numbers of rows have 64 bits.
_MAX_ROW_ID = 2**63 - 1

Press = Callable[[discord.Interaction, Sequence[str]], Awaitable[None]]


class ListButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_TEMPLATE):
    """A button of a list; who may press it is checked when it is pressed."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction,
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Make the button that was pressed from its id."""
        del interaction, match
        assert isinstance(item, ui.Button)  # noqa: S101  # only buttons have these ids
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Let the client dispatch the press to the cog that handles it."""
        match = _TEMPLATE.fullmatch(self.custom_id)
        if match is not None:
            state = match["state"].split(":")[1:]
            interaction.client.dispatch(f"press_{match['action']}", interaction, state)


def list_button(state: str, label: str, *, main: bool = False) -> ListButton:
    """Return a button; `state` is its action with what it acts on, after colons."""
    style = discord.ButtonStyle.primary if main else discord.ButtonStyle.secondary
    button: ui.Button[ui.LayoutView] = ui.Button(style=style, label=label, custom_id=f"pq:{state}")
    return ListButton(button)


def row_id(part: str) -> int:
    """Return the number of a row that a part of an id holds.

    Raises:
        ValueError: It holds none.
    """
    number = int(part)
    if not 0 <= number <= _MAX_ROW_ID:
        raise ValueError(part)
    return number


async def answer_press(
    interaction: discord.Interaction, services: Services, press: Press, state: Sequence[str]
) -> None:
    """Do what a button or form says, or say why not.

    Args:
        interaction: What was pressed.
        services: What the answer's language comes from.
        press: Does it; a ValueError means that the button is none of the bot's own making.
        state: What it acts on.
    """
    say = (await services.where(interaction)).say
    try:
        await press(interaction, state)
    except ValueError:
        await try_to_respond(interaction, say(notices.OUTDATED))
    except (DatabaseError, PassageIndexError) as error:
        logger.warning("A press could not be answered: %s", error)
        await try_to_respond(interaction, say(wording.APOLOGY))
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        logger.warning("A press could not be answered: %s", brief(error))
        if isinstance(error, discord.HTTPException):
            services.failures.note(settings_channel_id(interaction.channel), error.code)
        if not isinstance(error, discord.NotFound):  # else there is nothing left to answer in
            await try_to_respond(interaction, say(wording.APOLOGY))
    except Exception:
        logger.exception("Failed to answer a press")
        await try_to_respond(interaction, say(wording.APOLOGY))
