"""The cog of `/privacy`: shows people what is kept about them, and deletes it."""

import asyncio
import io
from typing import Any

import discord
from discord import app_commands, ui

from bot.discord_app.context.feature_cog import FeatureCog
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.persistent_items import NoState, PersistentButton
from bot.discord_app.messages.send import NO_PINGS, line, unsent_logged
from bot.discord_app.privacy import strings
from bot.discord_app.privacy.export import changes_file, questions_file
from bot.discord_app.privacy.remote_erasure_cog import forget_everywhere
from bot.discord_app.questions.pipeline import QuestionPipeline
from bot.languages import to_translate

_GROUP = to_translate("/privacy")[1:]
_GROUP_DESCRIPTION = to_translate("See or delete what I keep about you")
_SHOW = to_translate("/show")[1:]
_SHOW_DESCRIPTION = to_translate("Show what I keep about you; only you see it")
_DELETE = to_translate("/delete")[1:]
_DELETE_DESCRIPTION = to_translate("Delete what I keep about you")


class DeleteAllButton(PersistentButton["PrivacyCog", NoState], prefix="pq:privacy:delete"):
    """Deletes what is kept about the person who presses it, in the database and in memory."""

    async def press(self, interaction: discord.Interaction, cog: "PrivacyCog") -> None:
        """Delete the data and tell what was deleted."""
        say = (await cog.runtime.origin(interaction)).say
        await interaction.response.defer()
        person = cog.runtime.pseudonyms.hashed(interaction.user.id)
        await forget_everywhere(cog.runtime, cog.pipeline, person)
        deleted = await cog.runtime.database.privacy.delete_about(person)
        message, shown = interaction.message, line(strings.deleted(deleted, say))
        is_card = message is not None and message.flags.components_v2
        with unsent_logged("That data was deleted could not be said"):
            await interaction.edit_original_response(**shown.edit(card=is_card))


class PrivacyCog(FeatureCog):
    """Shows people their own data and deletes it; privately, in servers and direct messages."""

    privacy = app_commands.Group(
        name=_GROUP,
        description=_GROUP_DESCRIPTION,
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )

    items = (DeleteAllButton,)

    def __init__(self, bot: AnyBot, runtime: Runtime, pipeline: QuestionPipeline) -> None:
        super().__init__(bot, runtime)
        self.pipeline = pipeline

    @privacy.command(name=_SHOW, description=_SHOW_DESCRIPTION)
    async def show(self, interaction: discord.Interaction) -> None:
        """Show what is kept about the person, and how to delete it."""
        await interaction.response.defer(ephemeral=True)
        say = (await self.runtime.origin(interaction)).say
        person = self.runtime.pseudonyms.hashed(interaction.user.id)
        stored = await self.runtime.database.privacy.stored_about(person)
        days = self.runtime.settings.retention_days
        files: list[discord.File] = []
        if not (stored.questions or stored.votes or stored.taught or stored.changes):
            text = say(strings.NOTHING_KEPT)
        else:
            content, shown = await asyncio.to_thread(questions_file, stored.questions)
            text = strings.kept(stored, shown, days, _mention(interaction), say)
            if shown:
                files.append(discord.File(io.BytesIO(content), "questions.json"))
            if stored.changes:
                made = await asyncio.to_thread(changes_file, stored.changes)
                files.append(discord.File(io.BytesIO(made), "changes.json"))
        await interaction.edit_original_response(
            content=text, attachments=files, allowed_mentions=NO_PINGS
        )

    @privacy.command(name=_DELETE, description=_DELETE_DESCRIPTION)
    async def delete(self, interaction: discord.Interaction) -> None:
        """Ask the person to confirm."""
        say = (await self.runtime.origin(interaction)).say
        button = DeleteAllButton.make(
            NoState(), say(strings.DELETE_ALL), style=discord.ButtonStyle.danger
        )
        view = ui.View(timeout=None).add_item(button)
        view.stop()  # otherwise discord.py keeps the view for 15 minutes
        text = f"{say(strings.CONFIRM)} {say(strings.CONFIRM_CHANGES)}"
        await interaction.response.send_message(text, view=view, ephemeral=True)


def _mention(interaction: discord.Interaction) -> str:
    """Return a mention of the command that deletes; clients show it in their language."""
    data: dict[str, Any] = {**(interaction.data or {})}
    return f"</{_GROUP} {_DELETE}:{data['id']}>"
