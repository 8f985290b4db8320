"""Items that outlive a restart: what their ids hold, and who does what they say."""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal, cast
from unittest.mock import AsyncMock, MagicMock

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bot.discord_app.commands.group import pullquote_group
from bot.discord_app.context.feature_cog import (
    FeatureCog,
    cog_with,
    command_group,
    group_command,
    message_menu,
)
from bot.discord_app.messages.persistent_items import NoState, PersistentButton


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list."""

    parse_number: int
    word: str
    side: Literal["left", "right"]


class EntryButton(PersistentButton["ListCog", Entry], prefix="pq:entry", state=Entry):
    """A button with a state of each kind."""

    async def press(self, interaction: discord.Interaction, cog: "ListCog") -> None:
        """Hand what was pressed to the test."""
        del interaction
        cog.pressed.append(self.state)


class PlainButton(PersistentButton["ListCog", NoState], prefix="pq:plain"):
    """A button that acts on nothing but its message."""


class ListCog(FeatureCog):
    """A cog with two buttons, a command and a menu."""

    items = (EntryButton, PlainButton)

    def __init__(self, bot, runtime):
        super().__init__(bot, runtime)
        self.pressed: list[Entry] = []

    @group_command(name="list", description="List")
    @app_commands.describe(page="Which page")
    async def list(self, interaction: discord.Interaction, page: int = 0) -> None:
        """List the entries."""

    @message_menu("Add")
    async def add(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Add an entry."""


def _bot():
    bot = commands.Bot(command_prefix=(), intents=discord.Intents.none())
    bot.tree.add_command(pullquote_group())
    return bot


def _pressed(custom_id):
    """Return the item that Discord's report of a press makes."""
    button: discord.ui.Button[discord.ui.View] = discord.ui.Button(custom_id=custom_id)
    return EntryButton(button)


def test_id_of_an_item_holds_its_state():
    """The state is read back from the id that was made of it."""
    button = EntryButton.make(Entry(2**63 - 1, "a-b_C3", "left"), "Label")
    assert button.custom_id == f"pq:entry:{2**63 - 1}:a-b_C3:left"
    assert button.state == Entry(2**63 - 1, "a-b_C3", "left")
    assert PlainButton.make(NoState()).custom_id == "pq:plain"


@pytest.mark.parametrize(
    "custom_id",
    [
        "pq:entry",
        "pq:entry:1:word",
        "pq:entry:1:word:up",
        "pq:entry:-1:word:left",
        "pq:entry:\u0661:word:left",
        "pq:entry:1:two words:left",
        "pq:entry:1:word:left:1",
        "pq:entries:1:word:left",
    ],
)
def test_other_ids_are_those_of_no_item(custom_id):
    """An id is that of an item as a whole, or not at all."""
    assert not EntryButton.has_id(custom_id)


def test_number_of_more_than_64_bits_is_none_of_ours():
    """The database would not take it."""
    with pytest.raises(ValueError, match=str(2**63)):
        _pressed(f"pq:entry:{2**63}:word:left").state  # noqa: B018  # reading it is the test


def test_press_is_done_by_the_item_with_its_cog():
    """The cog is the one that has the item's class among its items."""

    async def press():
        bot = _bot()
        cog = ListCog(bot, MagicMock(origin=AsyncMock()))
        await bot.add_cog(cog)
        interaction = MagicMock(client=bot)
        await _pressed("pq:entry:7:word:right").callback(interaction)
        return cog.pressed

    assert asyncio.run(press()) == [Entry(7, "word", "right")]


def test_cog_adds_and_removes_its_commands_and_menus():
    """Its commands are below the group, and its menus beside it, while it is loaded."""

    async def names():
        bot = _bot()
        await bot.add_cog(ListCog(bot, MagicMock()))
        loaded = [command.qualified_name for command in bot.tree.walk_commands()]
        menus = [menu.name for menu in bot.tree.get_commands(type=discord.AppCommandType.message)]
        (command,) = command_group(bot).commands
        (option,) = cast("app_commands.Command[Any, ..., Any]", command).parameters
        await bot.remove_cog("ListCog")
        return (
            loaded,
            menus,
            option.description,
            len(command_group(bot).commands),
            len(bot.tree.get_commands()),
        )

    assert asyncio.run(names()) == (["pullquote", "pullquote list"], ["Add"], "Which page", 0, 1)


def test_item_of_no_loaded_cog_is_not_answered():
    """It is an error of the program, which discord.py logs."""
    with pytest.raises(LookupError, match="EntryButton"):
        cog_with(_bot(), EntryButton)
