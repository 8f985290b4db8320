"""The cog of `/pullquote unanswered`: people teach, dismiss or export the questions."""

import io
from dataclasses import dataclass
from functools import partial

import discord

from bot.answering import makes_sense_alone
from bot.database import UnansweredGroup
from bot.discord_app.commands.group import permitted_guild
from bot.discord_app.context.access import may_teach
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.context.visible_channels import VisibleChannels
from bot.discord_app.messages.list_pages import AnyButton, Page, list_page, show_list
from bot.discord_app.messages.persistent_items import NoState, PersistentButton
from bot.discord_app.messages.send import respond
from bot.discord_app.teaching import strings as words
from bot.discord_app.teaching.lesson_buttons import ListedQuestion, TeachButton
from bot.discord_app.teaching.unanswered_rows import open_question, open_questions_csv
from bot.languages import Catalogue


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """An entry of the list: the id of its question, and the page that shows it."""

    question_id: int
    page: int


class UnansweredPageButton(
    PersistentButton["UnansweredCog", Page], prefix="pq:unanswered", state=Page
):
    """Shows another page of the list."""

    async def press(self, interaction: discord.Interaction, cog: "UnansweredCog") -> None:
        """Turn the page."""
        page = self.state.number
        guild = await permitted_guild(interaction, cog.runtime, may_teach)
        if guild is not None:
            await interaction.response.defer()
            await cog.show(interaction, guild, page)


class DismissButton(
    PersistentButton["UnansweredCog", OpenQuestion], prefix="pq:dismiss", state=OpenQuestion
):
    """Removes a question and similar ones from the list."""

    async def press(self, interaction: discord.Interaction, cog: "UnansweredCog") -> None:
        """Remove the group of the question from the list."""
        entry = self.state
        guild = await permitted_guild(interaction, cog.runtime, may_teach)
        if guild is None:
            return
        await interaction.response.defer()
        groups = await cog.groups(interaction, guild)
        group = next((one for one in groups if entry.question_id in one.ids), None)
        if group is None:
            say = (await cog.runtime.origin(interaction)).say
            await respond(interaction, say(words.NOT_OPEN))
        else:
            await cog.runtime.database.unanswered.settle(guild.id, group.ids)
        await cog.show(interaction, guild, entry.page)


class ExportButton(PersistentButton["UnansweredCog", NoState], prefix="pq:csv"):
    """Sends the list as a file."""

    async def press(self, interaction: discord.Interaction, cog: "UnansweredCog") -> None:
        """Send all unanswered questions that the member may see as a CSV file."""
        guild = await permitted_guild(interaction, cog.runtime, may_teach)
        if guild is None:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        groups = await cog.groups(interaction, guild)
        channels = {group.channel_id: guild.get_channel_or_thread(group.channel_id)
                    for group in groups}  # fmt: skip
        names = {number: channel.name for number, channel in channels.items() if channel}
        table = open_questions_csv(groups, guild.id, names)
        file = discord.File(io.BytesIO(table), "unanswered.csv")
        await interaction.edit_original_response(attachments=[file])


class UnansweredCog(FeatureCog):
    """Lists unanswered questions of the channels that the member can see."""

    items = (UnansweredPageButton, DismissButton, ExportButton)

    def __init__(self, bot: AnyBot, runtime: Runtime, visible_channels: VisibleChannels) -> None:
        super().__init__(bot, runtime)
        self._visible_channels = visible_channels

    @group_command(
        name="unanswered",
        description=(
            "List questions without an answer, and questions whose answer got a thumbs down"
        ),
    )
    async def unanswered(self, interaction: discord.Interaction) -> None:
        """Show the first page of the list."""
        guild = await permitted_guild(interaction, self.runtime, may_teach)
        if guild is not None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self.show(interaction, guild, 0)

    async def show(self, interaction: discord.Interaction, guild: discord.Guild, page: int) -> None:
        """Put a page of the list into the message."""
        groups = await self.groups(interaction, guild)
        say = (await self.runtime.origin(interaction)).say
        if not groups:
            await show_list(interaction, say(words.NONE_OPEN))
            return
        export = ExportButton.make(NoState(), say(words.EXPORT))
        row = partial(_row, guild_id=guild.id, say=say)
        title = say(words.UNANSWERED)
        view = list_page(UnansweredPageButton, title, groups, page, row, say, [export])
        await show_list(interaction, view)

    async def groups(
        self, interaction: discord.Interaction, guild: discord.Guild
    ) -> list[UnansweredGroup]:
        """Return the unanswered questions that the member may see, without fragments."""
        viewer, unanswered = interaction.user, self.runtime.database.unanswered
        if not isinstance(viewer, discord.Member):
            return []
        channel_ids = await unanswered.channels(guild.id)
        seen = await self._visible_channels.public_channels(guild, viewer, channel_ids)
        return await unanswered.groups(guild.id, seen, is_listed=makes_sense_alone)


def _row(
    group: UnansweredGroup, page: int, guild_id: int, say: Catalogue
) -> tuple[str, list[AnyButton]]:
    """Return a group of similar questions with its buttons."""
    primary = discord.ButtonStyle.primary
    teach = TeachButton.make(ListedQuestion(group.id), say(words.TEACH), style=primary)
    dismiss = DismissButton.make(OpenQuestion(group.id, page), say(words.DISMISS))
    return open_question(group, guild_id, say), [teach, dismiss]
