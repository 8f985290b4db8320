"""The form in which an admin sets how many questions each person may ask in what time."""

import re
from typing import Any

import discord
from discord import ui

from bot.database import ServerSettings
from bot.discord_app.admin.setup import strings as words
from bot.discord_app.admin.setup.setup_values import MAX_SECONDS
from bot.languages import Catalogue

# How the ids of the form, and of the button that opens it, begin; the channel follows.
PREFIX = "pqs:cooldown"
_ID = re.compile(PREFIX + ":(?P<channel_id>[0-9]{1,20})")

# As long as the token of the interaction that opened it.
_TIMEOUT_S = 900.0


class CooldownForm(ui.Modal):
    """The form. Its cog reads what was typed, because discord.py forgets forms at a restart."""

    def __init__(self, channel_id: int, server: ServerSettings, say: Catalogue) -> None:
        """Fill in the current cooldown."""
        super().__init__(
            title=say(words.COOLDOWN_TITLE),
            custom_id=f"{PREFIX}:{channel_id}",
            timeout=_TIMEOUT_S,
        )
        for name, label, value in (
            ("questions", words.COOLDOWN_QUESTIONS, server.cooldown_questions),
            ("seconds", words.COOLDOWN_SECONDS, server.cooldown_seconds),
        ):
            field: ui.TextInput[Any] = ui.TextInput(
                custom_id=name, default=str(value), max_length=len(str(MAX_SECONDS))
            )
            self.add_item(ui.Label(text=say(label), component=field))


def form_channel_id(custom_id: str) -> int | None:
    """Return the channel that an id of the form holds; None if it is the id of another form."""
    match = _ID.fullmatch(custom_id)
    return int(match["channel_id"]) if match else None


def typed_cooldown(interaction: discord.Interaction) -> tuple[int, list[str]] | None:
    """Return the channel and the two values of a submitted form; None for other interactions."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    data: dict[str, Any] = {**(interaction.data or {})}
    channel_id = form_channel_id(str(data.get("custom_id")))
    if channel_id is None:
        return None
    fields = [part["component"] for part in data.get("components", ())]
    typed = {field["custom_id"]: str(field["value"]) for field in fields}
    return channel_id, [typed.get("questions", ""), typed.get("seconds", "")]
