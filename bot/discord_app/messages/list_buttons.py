"""The buttons of lists that only one person sees, and how a press on any button is answered."""

import logging
import re
from typing import Any, Self

import discord
from discord import ui

logger = logging.getLogger(__name__)

_TEMPLATE = re.compile(
    r"pq:(?P<action>sources|unanswered|csv|teach|dismiss|bind|taught|forget)"
    r"(?P<state>(?::[\w-]{1,20})*)"
)


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
