"""The buttons that turn the pages of the list of texts."""

import re
from typing import Any, Self

import discord
from discord import ui

_TEMPLATE = re.compile(r"pqs:(?P<page>\d{1,6})")


class PageButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_TEMPLATE):
    """A button to another page; its id holds only which, and it works also after a restart."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button that was pressed from its id."""
        del interaction, match
        assert isinstance(item, ui.Button)  # noqa: S101  # only buttons have these ids
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Let the client dispatch the press to the cog that handles it."""
        match = _TEMPLATE.fullmatch(self.custom_id)
        if match is not None:
            interaction.client.dispatch("sources_page", interaction, int(match["page"]))


def page_button(page: int, label: str) -> PageButton:
    """Return a button to a page, counted from 0."""
    button: ui.Button[ui.LayoutView] = ui.Button(
        style=discord.ButtonStyle.secondary, label=label, custom_id=f"pqs:{page}"
    )
    return PageButton(button)
