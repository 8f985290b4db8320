"""The cog of `/pullquote unanswered`: the open questions, to be taught, dismissed or exported."""

import io
from collections.abc import Sequence
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.database import UnansweredGroup
from bot.discord_app.commands.group import admitted
from bot.discord_app.context.access import may_teach
from bot.discord_app.context.services import Services
from bot.discord_app.context.visible_channels import Sight
from bot.discord_app.messages.component_errors import answer_press
from bot.discord_app.messages.list_buttons import ListButton, list_button
from bot.discord_app.messages.list_pages import list_page, show_list
from bot.discord_app.messages.persistent_items import row_id
from bot.discord_app.messages.send import respond
from bot.discord_app.teaching import strings as words
from bot.discord_app.teaching.unanswered_rows import open_question, open_questions_csv
from bot.languages import Catalogue


class UnansweredCommand(commands.Cog):
    """Lists what found nothing or was disliked, as far as the member can see where it was asked."""

    def __init__(self, services: Services, group: app_commands.Group, sight: Sight) -> None:
        self._services = services
        self._group = group
        self._sight = sight

    async def cog_load(self) -> None:
        """Add the command."""
        self._group.add_command(
            app_commands.Command(
                name="unanswered",
                description="List the questions that found nothing or got a thumb down",
                callback=self._unanswered,
            )
        )

    async def cog_unload(self) -> None:
        """Take the command away again."""
        self._group.remove_command("unanswered")

    @commands.Cog.listener()
    async def on_press_unanswered(self, interaction: discord.Interaction, state: list[str]) -> None:
        """Turn the page."""
        await answer_press(interaction, self._services, self._turn_page, state)

    @commands.Cog.listener()
    async def on_press_dismiss(self, interaction: discord.Interaction, state: list[str]) -> None:
        """Take a question off the list, with those alike."""
        await answer_press(interaction, self._services, self._dismiss, state)

    @commands.Cog.listener()
    async def on_press_csv(self, interaction: discord.Interaction, state: list[str]) -> None:
        """Send the list as a file."""
        await answer_press(interaction, self._services, self._export, state)

    async def _unanswered(self, interaction: discord.Interaction) -> None:
        guild = await admitted(interaction, self._services, may_teach)
        if guild is not None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._show(interaction, guild, 0)

    async def _turn_page(self, interaction: discord.Interaction, state: Sequence[str]) -> None:
        (page,) = state
        guild = await admitted(interaction, self._services, may_teach)
        if guild is not None:
            await interaction.response.defer()
            await self._show(interaction, guild, int(page))

    async def _dismiss(self, interaction: discord.Interaction, state: Sequence[str]) -> None:
        question_id, page = state
        guild = await admitted(interaction, self._services, may_teach)
        if guild is None:
            return
        await interaction.response.defer()
        groups = await self._groups(interaction, guild)
        group = next((one for one in groups if row_id(question_id) in one.ids), None)
        if group is None:
            say = (await self._services.where(interaction)).say
            await respond(interaction, say(words.NOT_OPEN))
        else:
            await self._services.database.unanswered.settle(guild.id, group.ids)
        await self._show(interaction, guild, int(page))

    async def _export(self, interaction: discord.Interaction, state: Sequence[str]) -> None:
        del state
        guild = await admitted(interaction, self._services, may_teach)
        if guild is None:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        groups = await self._groups(interaction, guild)
        channels = {group.channel_id: guild.get_channel_or_thread(group.channel_id)
                    for group in groups}  # fmt: skip
        names = {number: channel.name for number, channel in channels.items() if channel}
        table = open_questions_csv(groups, guild.id, names)
        file = discord.File(io.BytesIO(table), "unanswered.csv")
        await interaction.edit_original_response(attachments=[file])

    async def _show(
        self, interaction: discord.Interaction, guild: discord.Guild, page: int
    ) -> None:
        """Put a page of the list into the message."""
        groups = await self._groups(interaction, guild)
        say = (await self._services.where(interaction)).say
        if not groups:
            await show_list(interaction, say(words.NONE_OPEN))
            return
        export = list_button("csv", say(words.EXPORT))
        row = partial(_row, guild_id=guild.id, say=say)
        title = say(words.UNANSWERED)
        view = list_page("unanswered", title, groups, page, row, say, [export])
        await show_list(interaction, view)

    async def _groups(
        self, interaction: discord.Interaction, guild: discord.Guild
    ) -> list[UnansweredGroup]:
        """Return the open questions that the member may see."""
        viewer, unanswered = interaction.user, self._services.database.unanswered
        if not isinstance(viewer, discord.Member):
            return []
        channel_ids = await unanswered.channels(guild.id)
        seen = await self._sight.public_channels(guild, viewer, channel_ids)
        return await unanswered.groups(guild.id, seen)


def _row(
    group: UnansweredGroup, page: int, guild_id: int, say: Catalogue
) -> tuple[str, list[ListButton]]:
    """Return a group of alike questions with its buttons."""
    teach = list_button(f"teach:{group.id}", say(words.TEACH), main=True)
    dismiss = list_button(f"dismiss:{group.id}:{page}", say(words.DISMISS))
    return open_question(group, guild_id, say), [teach, dismiss]
