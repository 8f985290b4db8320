"""The form in which an admin says which texts answer in a channel or category."""

import re
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.database import ChannelSettings
from bot.discord_app.admin.setup import strings as words
from bot.indexing.scope import EVERY_TEXT
from bot.languages import Catalogue

# How the ids of the form, and of the button that opens it, begin; the channel follows.
PREFIX = "pqs:texts"
_ID = re.compile(PREFIX + ":(?P<channel_id>[0-9]{1,20})")

# As long as the token of the interaction that opened it.
_TIMEOUT_S = 900.0

# https://discord.com/developers/docs/components/reference#string-select
_MAX_OPTIONS = 25

# Of the 4,000 characters that Discord allows.
_MAX_CHARS = 2000


class TextsForm(ui.Modal):
    """The form. Its cog reads what was typed, because discord.py forgets forms at a restart."""

    def __init__(
        self,
        channel_id: int,
        chosen: ChannelSettings,
        offered: Sequence[tuple[str, str]],
        say: Catalogue,
    ) -> None:
        """Fill in the current choice: in a menu, or as lines where a menu has no room for it.

        Args:
            channel_id: The channel or category.
            chosen: Its settings.
            offered: The folders and texts: what to show, and what names each.
            say: The language.
        """
        super().__init__(
            title=say(words.TEXTS), custom_id=f"{PREFIX}:{channel_id}", timeout=_TIMEOUT_S
        )
        named = chosen.texts or ()
        options = [(say(words.ALL_TEXTS), EVERY_TEXT), *offered]
        fits = len(options) <= _MAX_OPTIONS and set(named) <= {value for _, value in options}
        self.add_item(
            ui.Label(
                text=say(words.TEXTS_FIELD),
                description=say(words.TEXTS_NONE if fits else words.TEXTS_HINT),
                component=_menu(named, options) if fits else _lines(named),
            )
        )


def _menu(named: Sequence[str], options: Sequence[tuple[str, str]]) -> "ui.Select[Any]":
    return ui.Select(
        custom_id="texts",
        options=[
            discord.SelectOption(label=label, value=value, default=value in named)
            for label, value in options
        ],
        min_values=0,
        max_values=len(options),
        required=False,
    )


def _lines(named: Sequence[str]) -> "ui.TextInput[Any]":
    return ui.TextInput(
        custom_id="texts",
        style=discord.TextStyle.paragraph,
        default="\n".join(named),
        required=False,
        max_length=_MAX_CHARS,
    )


def typed_texts(interaction: discord.Interaction) -> tuple[int, list[str]] | None:
    """Return the channel and the names in a submitted form; None for other interactions."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    data: dict[str, Any] = {**(interaction.data or {})}
    match = _ID.fullmatch(str(data.get("custom_id")))
    if match is None:
        return None
    (field,) = (part["component"] for part in data.get("components", ()))
    names = field["values"] if "values" in field else str(field["value"]).splitlines()
    return int(match["channel_id"]), names
