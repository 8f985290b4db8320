"""The base class of cogs, which adds to the bot what discord.py's own cogs do not add.

These are commands below `/pullquote`, menus of messages, and persistent buttons and menus.
`bot.discord_app.commands.group` shows how commands are written.
"""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any, ClassVar, TypeVar

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord_app.context.runtime import AnyBot, Runtime

GROUP_NAME = "pullquote"

# The attribute of a decorated method; it holds a function that makes the command.
_MAKER = "__pullquote_command__"

_Method = TypeVar("_Method", bound=Callable[..., Awaitable[None]])
_Command = app_commands.Command[Any, ..., None] | app_commands.ContextMenu


def group_command(*, name: str, description: str) -> Callable[[_Method], _Method]:
    """Make a method of a `FeatureCog` a command below `/pullquote`.

    discord.py's decorators for options (`describe`, `rename`, `autocomplete`) go below this one.
    """
    return _marker(partial(app_commands.Command, name=name, description=description))


def message_menu(name: str) -> Callable[[_Method], _Method]:
    """Make a method of a `FeatureCog` an entry in the menu of messages.

    discord.py's decorators `allowed_installs` and `allowed_contexts` go below this one.
    """
    return _marker(partial(app_commands.ContextMenu, name=name))


def _marker(make: Callable[..., _Command]) -> Callable[[_Method], _Method]:
    def mark(method: _Method) -> _Method:
        setattr(method, _MAKER, make)
        return method

    return mark


class FeatureCog(commands.Cog):
    """A cog with its decorated commands and its items.

    Attributes:
        items: The classes of its buttons and menus (`PersistentItem`).
        bot: The bot that it is added to.
        runtime: The shared parts that it uses.
    """

    items: ClassVar[tuple[type[ui.DynamicItem[Any]], ...]] = ()

    def __init__(self, bot: AnyBot, runtime: Runtime) -> None:
        self.bot = bot
        self.runtime = runtime
        self._added: list[_Command] = []

    async def cog_load(self) -> None:
        """Add the commands and items."""
        self._added = list(self._decorated())
        for command in self._added:
            if isinstance(command, app_commands.ContextMenu):
                self.bot.tree.add_command(command)
            else:
                command_group(self.bot).add_command(command)
        self.bot.add_dynamic_items(*self.items)

    async def cog_unload(self) -> None:
        """Remove the commands and items."""
        for command in self._added:
            if isinstance(command, app_commands.ContextMenu):
                self.bot.tree.remove_command(command.name, type=command.type)
            else:
                command_group(self.bot).remove_command(command.name)
        self.bot.remove_dynamic_items(*self.items)

    def _decorated(self) -> Iterator[_Command]:
        """Yield a command for each decorated method, in the order of their names."""
        for name in dir(type(self)):
            make = getattr(getattr(type(self), name), _MAKER, None)
            if make is not None:
                yield make(callback=getattr(self, name))


def command_group(bot: AnyBot) -> app_commands.Group:
    """Return the group `/pullquote` of a bot, which is added before all cogs.

    Raises:
        LookupError: It was not added.
    """
    group = bot.tree.get_command(GROUP_NAME)
    if isinstance(group, app_commands.Group):
        return group
    raise LookupError(GROUP_NAME)


def loaded_items(client: discord.Client) -> dict[type[ui.DynamicItem[Any]], FeatureCog]:
    """Return the item classes of all loaded cogs, each with its cog."""
    cogs = client.cogs.values() if isinstance(client, commands.bot.BotBase) else ()
    return {item: cog for cog in cogs if isinstance(cog, FeatureCog) for item in cog.items}


def cog_with(client: discord.Client, item: type[ui.DynamicItem[Any]]) -> FeatureCog:
    """Return the cog of an item class.

    Raises:
        LookupError: No loaded cog has it among its `items`.
    """
    return loaded_items(client)[item]
