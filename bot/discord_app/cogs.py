"""The list of all cogs: what the bot does on Discord, feature by feature."""

from discord.ext import commands

from bot.discord_app.admin.audit_log.audit_log_cog import AuditLogCog
from bot.discord_app.admin.diagnosis.diagnose_cog import DiagnoseCog
from bot.discord_app.admin.setup.setup_cog import SetupCog
from bot.discord_app.admin.stats.stats_cog import StatsCog
from bot.discord_app.admin.welcome.welcome_cog import WelcomeCog
from bot.discord_app.commands.group import pullquote_group
from bot.discord_app.commands.help_cog import HelpCog
from bot.discord_app.commands.sync_cog import SyncCog
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.context.visible_channels import VisibleChannels
from bot.discord_app.gateway.status_cog import GatewayStatusCog
from bot.discord_app.privacy.privacy_cog import PrivacyCog
from bot.discord_app.privacy.remote_erasure_cog import RemoteErasureCog
from bot.discord_app.privacy.retention_cog import RetentionCog
from bot.discord_app.questions.buttons.button_cog import ButtonCog
from bot.discord_app.questions.edit_cog import EditCog
from bot.discord_app.questions.message_cog import MessageCog
from bot.discord_app.questions.missed_cog import MissedCog
from bot.discord_app.questions.pipeline import QuestionPipeline
from bot.discord_app.questions.slash_cog import SlashCog
from bot.discord_app.stale_components import StaleComponentsCog
from bot.discord_app.teaching.digest.digest_cog import DigestCog
from bot.discord_app.teaching.taught_cog import TaughtCog
from bot.discord_app.teaching.teach_cog import TeachCog
from bot.discord_app.teaching.unanswered_cog import UnansweredCog
from bot.discord_app.teaching.votes_cog import VotesCog
from bot.discord_app.texts.changes import TextChanges
from bot.discord_app.texts.manage_cog import ManageCog
from bot.discord_app.texts.read_cog import ReadCog
from bot.discord_app.texts.restore_cog import RestoreCog
from bot.discord_app.texts.server_texts import ServerTexts


def make_cogs(bot: AnyBot, runtime: Runtime, pipeline: QuestionPipeline) -> list[commands.Cog]:
    """Return all cogs in the order in which they are added.

    Args:
        bot: The bot that they are added to.
        runtime: The shared parts that they use.
        pipeline: Answers the questions of all surfaces.
    """
    visible_channels = VisibleChannels()
    messages = MessageCog(bot, runtime, pipeline)
    texts = ServerTexts(runtime)
    changes = TextChanges(runtime, texts)
    return [
        GatewayStatusCog(bot, runtime),
        messages,
        SlashCog(bot, runtime, pipeline),
        EditCog(bot, runtime, pipeline, messages),
        MissedCog(bot, runtime),
        ButtonCog(bot, runtime, pipeline),
        StaleComponentsCog(bot, runtime),
        ReadCog(bot, runtime),
        ManageCog(bot, runtime, texts, changes),
        RestoreCog(bot, runtime, texts, changes),
        HelpCog(bot, runtime),
        SetupCog(bot, runtime),
        DiagnoseCog(bot, runtime),
        SyncCog(bot, runtime),
        WelcomeCog(bot, runtime),
        UnansweredCog(bot, runtime, visible_channels),
        TeachCog(bot, runtime, pipeline.search, visible_channels),
        TaughtCog(bot, runtime, pipeline.search),
        VotesCog(runtime),
        DigestCog(bot, runtime, pipeline.search, visible_channels),
        StatsCog(bot, runtime),
        AuditLogCog(bot, runtime),
        PrivacyCog(bot, runtime, pipeline),
        RemoteErasureCog(runtime, pipeline),
        RetentionCog(bot, runtime, pipeline),
    ]


async def add_cogs(bot: AnyBot, runtime: Runtime) -> None:
    """Add all cogs, and with them every command and every button."""
    bot.tree.add_command(pullquote_group())
    for cog in make_cogs(bot, runtime, QuestionPipeline(runtime)):
        await bot.add_cog(cog)
