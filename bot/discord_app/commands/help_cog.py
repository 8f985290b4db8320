"""The cog of `/help`: how to ask, what the buttons do, and which commands there are."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.discord_app.commands import help_strings as words
from bot.discord_app.commands.translator import typed_name
from bot.discord_app.context.access import may_administer
from bot.discord_app.context.feature_cog import FeatureCog, command_group
from bot.discord_app.context.origin import Origin
from bot.discord_app.messages.message_view import present_message
from bot.languages import Catalogue


class HelpCog(FeatureCog):
    """Explains the bot; only the person who asks sees it."""

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction) -> None:
        """Show how to ask me, and what else I can do."""
        origin = await self.runtime.origin(interaction)
        say = origin.say
        server = await self.runtime.settings_cache.server(origin.guild_id)
        days = self.runtime.settings.retention_days
        guide = words.guide(_audience(interaction, origin), days, say)
        group = command_group(self.bot)
        everybodys = (c for c in self.bot.tree.get_commands() if c is not group)
        is_admin = origin.guild_id is not None and may_administer(interaction.user, server)
        admins = _described([group], say) if is_admin else []
        listed = words.command_list(_described(everybodys, say), admins, say)
        first, second = (present_message(m, plain=server.plain) for m in (guide, listed))
        await interaction.response.send_message(ephemeral=True, **first.new())
        await interaction.followup.send(ephemeral=True, **second.new())


def _audience(interaction: discord.Interaction, origin: Origin) -> words.Audience:
    if origin.guild_id is not None:
        return "server"
    return "direct" if interaction.context.dm_channel else "guest"


def _described(
    all_commands: Iterable[
        app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
    ],
    say: Catalogue,
) -> list[tuple[str, str]]:
    """Return the name of each command as people type it, and its description; without menus."""
    described = []
    for command in all_commands:
        if isinstance(command, app_commands.Group):
            described += _described(command.commands, say)
        elif isinstance(command, app_commands.Command):
            described.append((f"/{typed_name(command.qualified_name, say)}", command.description))
    return sorted(described)
