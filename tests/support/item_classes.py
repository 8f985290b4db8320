"""All classes of buttons and menus that the bot has, for tests that try each."""

from collections.abc import Iterator
from typing import Any

import bot.discord_app.cogs  # noqa: F401  # imports every feature
from bot.discord_app.messages.persistent_items import PersistentItem

AnyItem = PersistentItem[Any, Any]


def templates() -> list[str]:
    """Return the patterns of the ids of the bot's items, base classes and those of tests left out.

    Each begins as its ids do: "pq:forget:(?P<lesson_id>[0-9]{1,20}):(?P<page>[0-9]{1,20})".
    """
    below = dict.fromkeys(_below(PersistentItem))  # a class with two bases is below each of them
    classes = (one for one in below if one.__module__.startswith("bot."))
    patterns = (one._template.pattern for one in classes)
    return [pattern for pattern in patterns if pattern.startswith("pq")]


def _below(base: type[AnyItem]) -> Iterator[type[AnyItem]]:
    for one in base.__subclasses__():
        yield one
        yield from _below(one)
