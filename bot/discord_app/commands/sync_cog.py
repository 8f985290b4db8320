"""The cog of `/pullquote sync`: lets the application's owner register the commands again."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord_app.admin import strings as words
from bot.discord_app.commands.registration import register_commands
from bot.discord_app.context.application_owner import is_owner
from bot.discord_app.context.services import AnyBot, Services
from bot.discord_app.messages.send import NO_PINGS
from bot.languages import Catalogue


class SyncCommand(commands.Cog):
    """Registers the commands also where nothing changed since the last start."""

    def __init__(self, bot: AnyBot, services: Services, group: app_commands.Group) -> None:
        self._bot = bot
        self._services = services
        self._group = group

    async def cog_load(self) -> None:
        """Add the command."""
        self._group.add_command(
            app_commands.Command(
                name="sync",
                description="Register my commands again (for the owner of this application)",
                callback=self._sync,
            )
        )

    async def cog_unload(self) -> None:
        """Take the command away again."""
        self._group.remove_command("sync")

    async def _sync(self, interaction: discord.Interaction) -> None:
        """Register all commands and say how many there are."""
        say = (await self._services.where(interaction)).say
        await interaction.response.defer(ephemeral=True)
        if await is_owner(self._bot, interaction.user.id):
            count = await register_commands(self._bot, self._services.database, always=True)
            text = _registered(count, say)
        else:
            text = say(words.OWNER_ONLY)
        await interaction.edit_original_response(content=text, allowed_mentions=NO_PINGS)


def _registered(count: int | None, say: Catalogue) -> str:
    if count is None:
        return say(words.NOT_REGISTERED)
    return say.many("{count} command is registered.", "{count} commands are registered.", count)
