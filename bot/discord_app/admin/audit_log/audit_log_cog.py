"""The cog of `/pullquote changes`: who changed a server's texts, lessons and settings, and when."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

import discord
from discord import app_commands

from bot.database import AUDIT_LOG_DAYS, StoredChange
from bot.discord_app.admin.audit_log import strings as words
from bot.discord_app.admin.audit_log.audit_log_rows import change_row
from bot.discord_app.commands.group import permitted_guild
from bot.discord_app.context.access import may_administer
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.messages.list_pages import AnyButton, list_page, show_list
from bot.discord_app.messages.persistent_items import PersistentButton

ShownKind = Literal["all", "text", "lesson", "setting"]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What kind of changes a list has, and the page to show, from 0."""

    kind: ShownKind
    number: int


class ChangesPageButton(
    PersistentButton["AuditLogCog", ChangesPage], prefix="pq:changes", state=ChangesPage
):
    """Shows another page of the list."""

    async def press(self, interaction: discord.Interaction, cog: "AuditLogCog") -> None:
        """Turn the page."""
        state = self.state
        guild = await permitted_guild(interaction, cog.runtime, may_administer)
        if guild is not None:
            await interaction.response.defer()
            await cog.show(interaction, guild.id, state)


class AuditLogCog(FeatureCog):
    """Lists the changes of a server for those who administer it."""

    items = (ChangesPageButton,)

    @group_command(
        name="changes", description="List who changed texts, lessons and settings here, and when"
    )
    @app_commands.describe(what="What was changed; everything by default")
    @app_commands.choices(
        what=[
            app_commands.Choice(name="Texts", value="text"),
            app_commands.Choice(name="Lessons", value="lesson"),
            app_commands.Choice(name="Settings", value="setting"),
        ]
    )
    async def changes(self, interaction: discord.Interaction, what: str = "all") -> None:
        """Show the first page of the list, newest first."""
        guild = await permitted_guild(interaction, self.runtime, may_administer)
        if guild is not None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self.show(interaction, guild.id, ChangesPage(_kind(what), 0))

    async def show(
        self, interaction: discord.Interaction, guild_id: int, shown: ChangesPage
    ) -> None:
        """Put a page of the list into the message."""
        say = (await self.runtime.origin(interaction)).say
        kind = None if shown.kind == "all" else shown.kind
        changes = await self.runtime.database.audit_log.changes(guild_id, kind)
        if not changes:
            await show_list(interaction, say(words.NONE, days=AUDIT_LOG_DAYS))
            return

        def row(change: StoredChange, _: int) -> tuple[str, list[AnyButton]]:
            return change_row(change, self.runtime.pseudonyms, say), []

        view = list_page(
            ChangesPageButton,
            say(words.TITLE),
            changes,
            shown.number,
            row,
            say,
            page_state=partial(ChangesPage, shown.kind),
        )
        await show_list(interaction, view)


def _kind(value: str) -> ShownKind:
    """Return the kind of a value that Discord sends; all for one that was not offered."""
    match value:
        case "text" | "lesson" | "setting":
            return value
    return "all"
