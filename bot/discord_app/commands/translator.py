"""Translate names and descriptions of commands for Discord's menus."""

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.languages import Catalogue, for_locale

# In the catalogues, names of commands and options have these signs around them, which tell
# translators that people type the names.
_NAMES = {
    Location.command_name: "/{}",
    Location.group_name: "/{}",
    Location.parameter_name: "{}:",
}


def message_id(text: str, location: Location) -> str:
    """Return the message under which the catalogues hold a text of a command."""
    return _NAMES.get(location, "{}").format(text)


def typed_name(qualified_name: str, say: Catalogue) -> str:
    """Return the name of a command in a language, without the slash."""
    names = (message_id(name, Location.command_name) for name in qualified_name.split())
    return " ".join(say.as_it_is(name).strip("/") for name in names)


class CommandTranslator(app_commands.Translator):
    """Looks up texts of commands in the catalogues."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return a text in a locale; None if it is the English one."""
        say = for_locale(str(locale))
        location = context.location
        if isinstance(context.data, app_commands.ContextMenu):
            location = Location.other  # picked from a menu, not typed
        message = message_id(string.message, location)
        translated = say.as_it_is(message)
        if translated == message:
            return None
        return translated.strip("/:") if location in _NAMES else translated
