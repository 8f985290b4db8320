"""The list of all cogs: what the bot does on Discord, feature by feature."""

from discord import app_commands
from discord.ext import commands

from bot.discord_app.admin import pullquote_group
from bot.discord_app.ask_command import AskCommand
from bot.discord_app.asker import Asker
from bot.discord_app.asking import Asking
from bot.discord_app.confirming import Confirming
from bot.discord_app.diagnose_command import DiagnoseCommand
from bot.discord_app.following import Following
from bot.discord_app.forgetting import Forgetting
from bot.discord_app.gateway_watching import GatewayWatching
from bot.discord_app.help_command import HelpCommand
from bot.discord_app.list_buttons import ListButton
from bot.discord_app.managing_texts import ManagingTexts
from bot.discord_app.outdated_buttons import OutdatedButtons
from bot.discord_app.presses import Presses
from bot.discord_app.privacy_command import PrivacyCommand
from bot.discord_app.reading import Reading
from bot.discord_app.retention import Retention
from bot.discord_app.seeing import Sight
from bot.discord_app.services import AnyBot, Services
from bot.discord_app.setup_command import SetupCommand
from bot.discord_app.stats_command import StatsCommand
from bot.discord_app.sync_command import SyncCommand
from bot.discord_app.taught_command import TaughtCommand
from bot.discord_app.teaching import Teaching
from bot.discord_app.unanswered_command import UnansweredCommand


def make_cogs(
    bot: AnyBot, services: Services, asker: Asker, group: app_commands.Group
) -> list[commands.Cog]:
    """Return all cogs in the order in which they are added.

    Args:
        bot: Where they will be added.
        services: What they work with.
        asker: Answers, for all of them alike.
        group: Takes the commands below `/pullquote` when a cog is added.
    """
    sight = Sight()
    return [
        GatewayWatching(bot, services),
        Asking(bot, services, asker),
        AskCommand(bot, services, asker),
        Following(bot, services, asker),
        Presses(bot, services, asker),
        OutdatedButtons(services),
        Reading(services),
        ManagingTexts(bot, services, group),
        HelpCommand(bot, services, group),
        SetupCommand(bot, services, group),
        DiagnoseCommand(bot, services, group),
        SyncCommand(bot, services, group),
        UnansweredCommand(services, group, sight),
        Teaching(bot, services, asker, sight),
        TaughtCommand(services, group, asker),
        Confirming(services),
        StatsCommand(bot, services, group),
        PrivacyCommand(bot, services, asker),
        Forgetting(services, asker),
        Retention(bot, services, asker),
    ]


async def add_cogs(bot: AnyBot, services: Services) -> None:
    """Add all cogs, and with them every command."""
    group = pullquote_group()
    bot.add_dynamic_items(ListButton)  # which several cogs answer
    for cog in make_cogs(bot, services, Asker(services), group):
        await bot.add_cog(cog)
    bot.tree.add_command(group)
