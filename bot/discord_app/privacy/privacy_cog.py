"""The cog of `/privacy`: shows people what is kept about them, and deletes it."""

import asyncio
import io
import logging
from typing import Any

import aiohttp
import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord_app.context.services import AnyBot, Services
from bot.discord_app.messages.send import NO_PINGS, respond
from bot.discord_app.privacy import strings
from bot.discord_app.privacy.export import questions_file
from bot.discord_app.privacy.forget_cog import forget_everywhere
from bot.discord_app.questions.service import Asker
from bot.errors import DatabaseError
from bot.languages import ENGLISH, Catalogue, to_translate
from bot.rendering import wording

logger = logging.getLogger(__name__)

_GROUP = to_translate("/privacy")[1:]
_GROUP_DESCRIPTION = to_translate("See or delete what I keep about you")
_SHOW = to_translate("/show")[1:]
_SHOW_DESCRIPTION = to_translate("Show what I keep about you, to you alone")
_DELETE = to_translate("/delete")[1:]
_DELETE_DESCRIPTION = to_translate("Delete what I keep about you")


class PrivacyCommand(commands.Cog):
    """Serves people everywhere, in private; what it shows and deletes is always their own."""

    privacy = app_commands.Group(
        name=_GROUP,
        description=_GROUP_DESCRIPTION,
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )

    def __init__(self, bot: AnyBot, services: Services, asker: Asker) -> None:
        self._bot = bot
        self._services = services
        self._asker = asker

    async def cog_load(self) -> None:
        """Take presses of the button from before the start, too."""
        self._bot.add_view(_Confirmation(self, ENGLISH))

    @privacy.command(name=_SHOW, description=_SHOW_DESCRIPTION)
    async def show(self, interaction: discord.Interaction) -> None:
        """Show what is kept about the person, and how to delete it."""
        await interaction.response.defer(ephemeral=True)
        say = (await self._services.where(interaction)).say
        person = self._services.people.hashed(interaction.user.id)
        stored = await self._services.database.privacy.stored_about(person)
        days = self._services.settings.retention_days
        if not (stored.questions or stored.votes or stored.taught):
            text, files = say(strings.NOTHING_KEPT), []
        else:
            content, shown = await asyncio.to_thread(questions_file, stored.questions)
            text = strings.kept(stored, shown, days, _mention(interaction), say)
            files = [discord.File(io.BytesIO(content), "questions.json")] if shown else []
        await interaction.edit_original_response(
            content=text, attachments=files, allowed_mentions=NO_PINGS
        )

    @privacy.command(name=_DELETE, description=_DELETE_DESCRIPTION)
    async def delete(self, interaction: discord.Interaction) -> None:
        """Ask whether it shall be deleted."""
        say = (await self._services.where(interaction)).say
        view = _Confirmation(self, say)
        view.stop()  # else discord.py keeps each of them; the one of `cog_load` takes the presses
        await interaction.response.send_message(say(strings.CONFIRM), view=view, ephemeral=True)

    async def delete_all(self, interaction: discord.Interaction) -> None:
        """Delete what is kept about who pressed the button, in the database and in memory."""
        say = (await self._services.where(interaction)).say
        try:
            await interaction.response.defer()
            person = self._services.people.hashed(interaction.user.id)
            await forget_everywhere(self._services, self._asker, person)
            deleted = await self._services.database.privacy.delete_about(person)
            await interaction.edit_original_response(
                content=strings.deleted(deleted, say), view=None
            )
        except DatabaseError as error:
            logger.warning("A person's data could not be deleted: %s", error)
            await respond(interaction, say(wording.APOLOGY))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            logger.warning("That data was deleted could not be said: %s", error)


CONFIRM_ID = "pq:privacy:delete"


class _Confirmation(ui.View):
    """The button that deletes; its id says nothing, because everybody deletes their own."""

    def __init__(self, cog: PrivacyCommand, say: Catalogue) -> None:
        super().__init__(timeout=None)
        self._cog = cog
        self.confirm.label = say(strings.DELETE_ALL)

    @ui.button(style=discord.ButtonStyle.danger, custom_id=CONFIRM_ID)
    async def confirm(
        self, interaction: discord.Interaction, button: ui.Button["_Confirmation"]
    ) -> None:
        """Hand the press to the cog."""
        del button
        await self._cog.delete_all(interaction)


def _mention(interaction: discord.Interaction) -> str:
    """Return the command that deletes, as each client shows it in its language."""
    data: dict[str, Any] = {**(interaction.data or {})}
    return f"</{_GROUP} {_DELETE}:{data['id']}>"
