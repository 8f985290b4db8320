"""The list of all cogs: what the bot does on Discord, feature by feature."""

from discord.ext import commands

from bot.discord_app.admin.diagnose_cog import DiagnoseCommand
from bot.discord_app.admin.setup_cog import SetupCommand
from bot.discord_app.admin.stats_cog import StatsCommand
from bot.discord_app.commands.group import pullquote_group
from bot.discord_app.commands.help_cog import HelpCommand
from bot.discord_app.commands.sync_cog import SyncCommand
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.context.visible_channels import Sight
from bot.discord_app.gateway.status_cog import GatewayWatching
from bot.discord_app.privacy.forget_cog import Forgetting
from bot.discord_app.privacy.privacy_cog import PrivacyCommand
from bot.discord_app.privacy.retention_cog import Retention
from bot.discord_app.questions.buttons.button_cog import ButtonCog
from bot.discord_app.questions.edit_cog import EditCog
from bot.discord_app.questions.message_cog import MessageCog
from bot.discord_app.questions.pipeline import QuestionPipeline
from bot.discord_app.questions.slash_cog import SlashCog
from bot.discord_app.stale_components import OutdatedButtons
from bot.discord_app.teaching.taught_cog import TaughtCommand
from bot.discord_app.teaching.teach_cog import Teaching
from bot.discord_app.teaching.unanswered_cog import UnansweredCommand
from bot.discord_app.teaching.votes_cog import Confirming
from bot.discord_app.texts.manage_cog import ManagingTexts
from bot.discord_app.texts.read_cog import Reading


def make_cogs(bot: AnyBot, runtime: Runtime, pipeline: QuestionPipeline) -> list[commands.Cog]:
    """Return all cogs in the order in which they are added.

    Args:
        bot: Where they will be added.
        runtime: What they work with.
        pipeline: Answers the questions of all surfaces.
    """
    sight = Sight()
    return [
        GatewayWatching(bot, runtime),
        MessageCog(bot, runtime, pipeline),
        SlashCog(bot, runtime, pipeline),
        EditCog(bot, runtime, pipeline),
        ButtonCog(bot, runtime, pipeline),
        OutdatedButtons(bot, runtime),
        Reading(bot, runtime),
        ManagingTexts(bot, runtime),
        HelpCommand(bot, runtime),
        SetupCommand(bot, runtime),
        DiagnoseCommand(bot, runtime),
        SyncCommand(bot, runtime),
        UnansweredCommand(bot, runtime, sight),
        Teaching(bot, runtime, pipeline.search, sight),
        TaughtCommand(bot, runtime, pipeline.search),
        Confirming(runtime),
        StatsCommand(bot, runtime),
        PrivacyCommand(bot, runtime, pipeline),
        Forgetting(runtime, pipeline),
        Retention(bot, runtime, pipeline),
    ]


async def add_cogs(bot: AnyBot, runtime: Runtime) -> None:
    """Add all cogs, and with them every command and every button."""
    bot.tree.add_command(pullquote_group())
    for cog in make_cogs(bot, runtime, QuestionPipeline(runtime)):
        await bot.add_cog(cog)
