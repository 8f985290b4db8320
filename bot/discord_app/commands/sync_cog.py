"""The cog of `/pullquote sync`: lets the application's owner register the commands again."""

import discord

from bot.discord_app.commands.registration import register_commands
from bot.discord_app.context.application_owner import is_owner
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.messages.send import NO_PINGS
from bot.languages import Catalogue
from bot.rendering import notices


class SyncCog(FeatureCog):
    """Registers the commands, also if nothing changed since the last start."""

    @group_command(
        name="sync", description="Register my commands again (for the owner of this application)"
    )
    async def sync(self, interaction: discord.Interaction) -> None:
        """Register all commands and say how many there are."""
        say = (await self.runtime.origin(interaction)).say
        await interaction.response.defer(ephemeral=True)
        if await is_owner(self.bot, interaction.user.id):
            count = await register_commands(self.bot, self.runtime.database, always=True)
            text = _registered(count, say)
        else:
            text = say(notices.OWNER_ONLY)
        await interaction.edit_original_response(content=text, allowed_mentions=NO_PINGS)


def _registered(count: int | None, say: Catalogue) -> str:
    if count is None:
        return say(notices.NOT_REGISTERED)
    return say.many("{count} command is registered.", "{count} commands are registered.", count)
