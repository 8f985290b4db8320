"""The cog of `/pullquote taught`: what a server was taught, to be taken back."""

import asyncio
from collections.abc import Sequence
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.database import Taught
from bot.discord_app.commands.group import admitted
from bot.discord_app.context.access import may_teach
from bot.discord_app.context.services import Services
from bot.discord_app.messages.component_errors import answer_press
from bot.discord_app.messages.list_buttons import ListButton, list_button
from bot.discord_app.messages.list_pages import list_page, show_list
from bot.discord_app.messages.persistent_items import row_id
from bot.discord_app.questions.service import Asker
from bot.discord_app.teaching import strings as words
from bot.discord_app.teaching.taught_rows import taught_question
from bot.languages import Catalogue
from index import Searching


class TaughtCommand(commands.Cog):
    """Lists what holds in the server, and removes it."""

    def __init__(self, services: Services, group: app_commands.Group, asker: Asker) -> None:
        self._services = services
        self._asker = asker
        self._group = group

    async def cog_load(self) -> None:
        """Add the command."""
        self._group.add_command(
            app_commands.Command(
                name="taught",
                description="List the questions that were taught, and remove some",
                callback=self._taught,
            )
        )

    async def cog_unload(self) -> None:
        """Take the command away again."""
        self._group.remove_command("taught")

    @commands.Cog.listener()
    async def on_press_taught(self, interaction: discord.Interaction, state: list[str]) -> None:
        """Turn the page."""
        await answer_press(interaction, self._services, self._turn_page, state)

    @commands.Cog.listener()
    async def on_press_forget(self, interaction: discord.Interaction, state: list[str]) -> None:
        """Remove what was taught."""
        await answer_press(interaction, self._services, self._forget, state)

    async def _taught(self, interaction: discord.Interaction) -> None:
        guild = await admitted(interaction, self._services, may_teach)
        if guild is not None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._show(interaction, guild.id, 0)

    async def _turn_page(self, interaction: discord.Interaction, state: Sequence[str]) -> None:
        (page,) = state
        guild = await admitted(interaction, self._services, may_teach)
        if guild is not None:
            await interaction.response.defer()
            await self._show(interaction, guild.id, int(page))

    async def _forget(self, interaction: discord.Interaction, state: Sequence[str]) -> None:
        number, page = state
        guild = await admitted(interaction, self._services, may_teach)
        if guild is not None:
            await interaction.response.defer()
            await self._services.database.taught.remove(guild.id, row_id(number))
            await self._show(interaction, guild.id, int(page))

    async def _show(self, interaction: discord.Interaction, guild_id: int, page: int) -> None:
        """Put a page of the list into the message, newest first."""
        say = (await self._services.where(interaction)).say
        taught = (await self._services.database.taught.all(guild_id))[::-1]
        if not taught:
            await show_list(interaction, say(words.NONE_TAUGHT))
            return
        searcher = await self._asker.searcher(guild_id)
        holding = await asyncio.to_thread(_holding, taught, searcher)
        row = partial(_row, holding=holding, say=say)
        await show_list(interaction, list_page("taught", say(words.TAUGHT), taught, page, row, say))


def _holding(taught: Sequence[Taught], searcher: Searching) -> set[int]:
    """Return the ids of those whose paragraph still stands where it stood."""
    return {
        one.id
        for one in taught
        if searcher.passage_beside(one.source, one.paragraph, fingerprint=one.fingerprint)
    }


def _row(
    taught: Taught, page: int, holding: set[int], say: Catalogue
) -> tuple[str, list[ListButton]]:
    """Return an entry with its button."""
    remove = list_button(f"forget:{taught.id}:{page}", say(words.REMOVE))
    return taught_question(taught, say, holds=taught.id in holding), [remove]
