"""Collect the texts of the bot's real commands that Discord shows in its menus."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import MagicMock

import discord
from discord.app_commands import TranslationContextLocation as Location
from discord.ext import commands

from bot.discord_app.cogs import add_cogs
from bot.discord_app.commands.translator import CommandTranslator, message_id
from bot.languages import for_locale

JSON = dict[str, Any]

# The bot's languages that clients of Discord can be set to; there is no client in Hebrew or Arabic.
IN_CLIENTS = {for_locale(str(locale)).language for locale in discord.Locale} - {"en"}

_SUBCOMMANDS = (1, 2)


@dataclass(frozen=True, slots=True)
class CommandText:
    """A name or description.

    Attributes:
        message: What the catalogues hold it under.
        is_name: Whether it is typed.
        path: The command or option that it belongs to, as "/pullquote setup channel:".
        translations: What is registered for each locale that differs from English.
    """

    message: str
    is_name: bool
    path: str
    translations: dict[str, str]


def registered_commands() -> list[JSON]:
    """Return all commands as the bot registers them, with their translations."""
    return asyncio.run(_payloads())


async def _payloads() -> list[JSON]:
    # The cogs make their commands from no more than this; the runtime is not used for it.
    bot = commands.Bot(command_prefix=(), intents=discord.Intents.none())
    await add_cogs(bot, MagicMock())
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()  # what a cog does from time to time would want a server
    return [
        await command.get_translated_payload(bot.tree, CommandTranslator())
        for command in bot.tree.get_commands()
    ]


def texts_of(registered: list[JSON]) -> Iterator[CommandText]:
    """Yield every text of commands, groups, options, choices and menus."""
    for command in registered:
        if command["type"] == discord.AppCommandType.chat_input.value:
            yield from _of_item(command, Location.command_name, "")
        else:
            yield _text(command, "name", Location.other, "menu of messages or people")


def _of_item(item: JSON, location: Location, above: str) -> Iterator[CommandText]:
    typed = message_id(item["name"], location)
    path = f"{above} {typed.lstrip('/')}" if above else typed
    yield _text(item, "name", location, path)
    yield _text(item, "description", Location.other, path)
    for option in item.get("options", ()):
        below = option["type"] in _SUBCOMMANDS
        place = Location.command_name if below else Location.parameter_name
        yield from _of_item(option, place, path)
    for choice in item.get("choices", ()):
        yield _text(choice, "name", Location.choice_name, path)


def _text(item: JSON, key: str, location: Location, path: str) -> CommandText:
    is_name = location in (Location.command_name, Location.parameter_name)
    translations = item.get(f"{key}_localizations") or {}
    return CommandText(message_id(item[key], location), is_name, path, translations)
