"""The form in which an admin says which texts answer in a channel or category."""

import re
from typing import Any

import discord
from discord import ui

from bot.database import ChannelSettings
from bot.discord_app.admin import strings as words
from bot.languages import Catalogue

# How the ids of the form, and of the button that opens it, begin; the channel follows.
PREFIX = "pqs:texts"
_ID = re.compile(PREFIX + ":(?P<channel_id>[0-9]{1,20})")

# As long as the token of the interaction that opened it.
_TIMEOUT_S = 900.0

# Of the 4,000 characters that Discord allows.
_MAX_CHARS = 2000


class TextsForm(ui.Modal):
    """The form. Its cog reads what was typed, because discord.py forgets forms at a restart."""

    def __init__(self, channel_id: int, chosen: ChannelSettings, say: Catalogue) -> None:
        """Fill in the current choice."""
        super().__init__(
            title=say(words.TEXTS), custom_id=f"{PREFIX}:{channel_id}", timeout=_TIMEOUT_S
        )
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id="texts",
            style=discord.TextStyle.paragraph,
            default="\n".join(chosen.texts or ()),
            required=False,
            max_length=_MAX_CHARS,
        )
        description = say(words.TEXTS_HINT)
        self.add_item(
            ui.Label(text=say(words.TEXTS_FIELD), description=description, component=field)
        )


def typed_texts(interaction: discord.Interaction) -> tuple[int, list[str]] | None:
    """Return the channel and the lines of a submitted form; None for other interactions."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    data: dict[str, Any] = {**(interaction.data or {})}
    match = _ID.fullmatch(str(data.get("custom_id")))
    if match is None:
        return None
    fields = [part["component"] for part in data.get("components", ())]
    typed = {field["custom_id"]: str(field["value"]) for field in fields}
    return int(match["channel_id"]), typed.get("texts", "").splitlines()
