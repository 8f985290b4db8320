'''The command group `/pullquote`, who may use which part of it, and how commands are written.

A command is a method of a `FeatureCog` with a decorator. Commands outside of the group use that of
discord.py, whose cogs add them. Commands below `/pullquote` use `group_command`, and menus of
messages use `message_menu`; `FeatureCog` adds these. discord.py's decorators for options, installs
and contexts go below:

    class StatsCog(FeatureCog):
        @app_commands.command()
        @app_commands.allowed_installs(guilds=True, users=True)
        async def help(self, interaction: discord.Interaction) -> None:
            """Show how to ask me, and what else I can do."""

        @group_command(name="stats", description="Show how much was asked here")
        @app_commands.describe(days="How many days to look back")
        async def stats(self, interaction: discord.Interaction, days: int = 30) -> None: ...

        @message_menu("Teach")
        @app_commands.allowed_contexts(guilds=True)
        async def teach(self, interaction: discord.Interaction, message: discord.Message) -> None:
            ...
'''

from collections.abc import Callable

import discord
from discord import app_commands

from bot.database import ServerSettings
from bot.discord_app.context.feature_cog import GROUP_NAME
from bot.discord_app.context.origin import installed_guild_id
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.messages.send import respond
from bot.rendering import notices

# Checks a person's rights in a server.
May = Callable[[discord.Member | discord.User, ServerSettings], bool]


def pullquote_group() -> app_commands.Group:
    """Return the group that the cogs add their commands to.

    Discord shows it to all members of a server, because roles that `setup` gave rights to
    need it; `permitted_guild` checks who may use which command.
    """
    return app_commands.Group(
        name=GROUP_NAME,
        description="Set me up and manage me in this server",
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )


async def permitted_guild(
    interaction: discord.Interaction, runtime: Runtime, may: May
) -> discord.Guild | None:
    """Return the server of a command, if the person may use the command.

    Otherwise answer the interaction with the reason, and return None.
    """
    origin = await runtime.origin(interaction)
    guild = interaction.guild
    if origin.guild_id is None or guild is None:
        await respond(interaction, origin.say(notices.SERVERS_ONLY))
        return None
    server = await runtime.settings_cache.server(guild.id)
    if not may(interaction.user, server):
        await respond(interaction, origin.say(notices.MAY_NOT))
        return None
    return guild


async def completing_guild_id(
    interaction: discord.Interaction, runtime: Runtime, may: May
) -> int | None:
    """Return the server of a command that is being typed, if the person may use the command."""
    guild_id = installed_guild_id(interaction)
    if guild_id is None:
        return None
    server = await runtime.settings_cache.server(guild_id)
    return guild_id if may(interaction.user, server) else None
