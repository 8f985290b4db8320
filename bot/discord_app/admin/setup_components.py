"""The menus and buttons of the setup panel: their ids hold their state, so that none is kept."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.discord_app.admin.setup_values import CHANNEL_PARTS, SERVER_PARTS

# What is set, the channel that the panel is about, and for a switch what it would be.
_TEMPLATE = re.compile(
    rf"pqs:(?P<part>{'|'.join((*CHANNEL_PARTS, *SERVER_PARTS))}):(?P<channel>\d{{1,20}})"
    r"(?::(?P<value>on|off))?"
)


class SetupItem(ui.DynamicItem[ui.Item[Any]], template=_TEMPLATE):
    """A menu or button of the panel; works for as long as the message does."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the item that was used from its id."""
        del interaction, match
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Let the client dispatch the choice to the cog that handles it."""
        match = _TEMPLATE.fullmatch(self.custom_id)
        if match is None:
            return
        data: dict[str, Any] = {**(interaction.data or {})}
        values = data.get("values", [])
        if match["value"]:
            values = [match["value"]]
        interaction.client.dispatch(
            "setup_choice", interaction, match["part"], int(match["channel"]), values
        )


def item_id(part: str, channel_id: int, value: str | None = None) -> str:
    """Return the id of an item of the panel, and of the form behind its button."""
    return f"pqs:{part}:{channel_id}" + (f":{value}" if value else "")


def form_of(custom_id: str) -> tuple[str, int] | None:
    """Return the part and the channel of a form's id; None where it is not the panel's."""
    match = _TEMPLATE.fullmatch(custom_id)
    return (match["part"], int(match["channel"])) if match else None
