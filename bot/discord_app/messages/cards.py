"""Messages as cards: Discord's components v2 from the description of a message."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any

import discord
from discord import ui

from bot.rendering.discord_markdown import message_length
from bot.rendering.discord_message import DISPLAY_LIMIT, Message, Tone

# https://discord.com/developers/docs/components/reference#action-row
_BUTTONS_IN_A_ROW = 5

# The line down a card's side: green if the texts answer, amber if they may not, else grey.
_COLOURS: dict[Tone, discord.Colour] = {
    "sure": discord.Colour(0x3BA55D),
    "unsure": discord.Colour(0xE0A82E),
    "neutral": discord.Colour(0x80848E),
}


def card(message: Message, buttons: Sequence[ui.Item[Any]] = ()) -> ui.LayoutView:
    """Return a view of a message, with its buttons below, at most five in a row.

    Args:
        message: What it says; each of its parts is a text of its own, with a line between.
        buttons: Buttons and menus, also as `DynamicItem`s; menus stand above. The view has no
            timeout, so their custom ids must hold all that they need.

    Raises:
        ValueError: The message has more characters, or the buttons make more components, than
            Discord takes. discord.py itself would send too many characters.
    """
    children: list[ui.Item[Any]] = []
    for part in message.parts:
        if children:
            children.append(ui.Separator())
        children.append(ui.TextDisplay(part))
    narrow = [item for item in buttons if item.width < _BUTTONS_IN_A_ROW]
    wide = [item for item in buttons if item.width == _BUTTONS_IN_A_ROW]  # menus
    children += (ui.ActionRow(*row) for row in (*((item,) for item in wide), *_rows(narrow)))
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, accent_colour=_COLOURS[message.tone]))
    length = sum(message_length(part) for part in message.parts)
    if length > DISPLAY_LIMIT:
        raise ValueError(f"the message has {length} characters, at most {DISPLAY_LIMIT}")
    return view


def _rows(buttons: Sequence[ui.Item[Any]]) -> Iterator[Sequence[ui.Item[Any]]]:
    """Yield the buttons in rows of similar length: six become two rows of three."""
    n_rows = ceil(len(buttons) / _BUTTONS_IN_A_ROW)
    length = ceil(len(buttons) / n_rows) if buttons else 1
    for start in range(0, len(buttons), length):
        yield buttons[start : start + length]
