"""The cog of `/pullquote stats`: what was asked in a server, as a picture and as text."""

import asyncio
import importlib.util
import io
from datetime import UTC, datetime, time

import discord
from discord import app_commands

from bot.discord_app.admin.stats.stats_chart import draw_statistics
from bot.discord_app.admin.stats.stats_figures import NOTHING_YET, statistics_text
from bot.discord_app.commands.group import permitted_guild
from bot.discord_app.context.access import may_administer
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.messages.send import NO_PINGS
from bot.languages import to_translate
from bot.rendering.notices import reading_notice

_NAME = to_translate("/stats")[1:]
_DESCRIPTION = to_translate("Show how much was asked here, and how much of it I answered")
_OPTION = to_translate("days:")[:-1]
_DAYS = to_translate("How many days to look back; 30 by default")

# What draws the picture; the extra `charts` installs it.
_PLOTTER = "matplotlib"
_NO_CHART = to_translate("No chart: {package} is not installed.")

# With this many days a bar of the picture is still three pixels wide.
_MAX_DAYS = 365

# Discord's limit of a file's description.
_MAX_DESCRIPTION_CHARS = 1024


class StatsCog(FeatureCog):
    """Shows admins the figures of their own server."""

    @group_command(name=_NAME, description=_DESCRIPTION)
    @app_commands.rename(days=_OPTION)
    @app_commands.describe(days=_DAYS)
    async def stats(
        self, interaction: discord.Interaction, days: app_commands.Range[int, 1, _MAX_DAYS] = 30
    ) -> None:
        """Show the figures of the last days, at most those for which questions are kept."""
        guild = await permitted_guild(interaction, self.runtime, may_administer)
        if guild is None:
            return
        await interaction.response.defer(ephemeral=True)
        say = (await self.runtime.origin(interaction)).say
        statistics = self.runtime.database.statistics
        now = datetime.now(UTC)
        kept = min(days, self.runtime.settings.retention_days)
        each_day = await statistics.daily(guild.id, kept, now)
        since = datetime.combine(each_day[0].date, time(), UTC)
        summary = await statistics.summary(guild.id, since)
        if not summary.questions:
            await interaction.edit_original_response(content=say(NOTHING_YET))
            return
        text = statistics_text(each_day, summary, say)
        percent = await asyncio.to_thread(self.runtime.encoding.percent_done, guild.id)
        if percent is not None:
            text += f"\n{reading_notice(say, percent)}"
        pictures = []
        if importlib.util.find_spec(_PLOTTER) is None:
            text += f"\n-# {say(_NO_CHART, package=_PLOTTER)}"
        else:
            png = await asyncio.to_thread(draw_statistics, each_day, summary, say)
            described = text[:_MAX_DESCRIPTION_CHARS]
            pictures = [discord.File(io.BytesIO(png), "statistics.png", description=described)]
        await interaction.edit_original_response(
            content=text, attachments=pictures, allowed_mentions=NO_PINGS
        )
