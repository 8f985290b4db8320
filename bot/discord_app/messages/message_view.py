"""A message with its buttons, as a card or as plain text."""

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.discord_app.messages.cards import card
from bot.discord_app.messages.send import Shown
from bot.rendering.discord_message import Message


def present_message(
    message: Message, buttons: Sequence[ui.Item[Any]] = (), *, plain: bool
) -> Shown:
    """Return a message with its buttons, ready to be sent."""
    in_card = None if plain else card(message, buttons)
    return Shown(in_card, message.plain, _view(buttons))


def _view(buttons: Sequence[ui.Item[Any]]) -> ui.View | None:
    """Return the buttons as they go below plain text; None without any."""
    if not buttons:
        return None
    view = ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view
