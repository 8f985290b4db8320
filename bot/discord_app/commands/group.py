"""The command group `/pullquote`, and who may use which part of it."""

from collections.abc import Callable

import discord
from discord import app_commands

from bot.database import ServerSettings
from bot.discord_app.context.services import Services
from bot.discord_app.messages.send import respond
from bot.rendering import notices

# Who holds what in a server.
May = Callable[[discord.Member | discord.User, ServerSettings], bool]


def pullquote_group() -> app_commands.Group:
    """Return the group that the cogs add their commands to.

    Discord shows it to all members of a server, because roles that were given a part in `setup`
    need it; who may use what is checked with `admitted`.
    """
    return app_commands.Group(
        name="pullquote",
        description="Set up and steer the bot in this server",
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )


async def admitted(
    interaction: discord.Interaction, services: Services, may: May
) -> discord.Guild | None:
    """Return the server that a command was used in, if the person may use it.

    Everybody else is told so, which answers the interaction, and None is returned.
    """
    where = await services.where(interaction)
    guild = interaction.guild
    if where.guild_id is None or guild is None:
        await respond(interaction, where.say(notices.SERVERS_ONLY))
        return None
    server = await services.known.server(guild.id)
    if not may(interaction.user, server):
        await respond(interaction, where.say(notices.MAY_NOT))
        return None
    return guild
