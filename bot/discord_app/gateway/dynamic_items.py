"""Tell which buttons and menus discord.py finds by their custom ids."""

from typing import Any

import discord


def matches(item: type[discord.ui.DynamicItem[Any]], custom_id: str) -> bool:
    """Return whether discord.py gives a component with this id to an item.

    Promise: A button that matches no item is answered with a note; every other button is
    answered by its item.
    Private: `DynamicItem.__discord_ui_compiled_template__`; the public `template` needs an
    instance.
    """
    return item.__discord_ui_compiled_template__.fullmatch(custom_id) is not None
