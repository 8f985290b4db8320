"""The cog of `/pullquote taught`: the lessons of a server, each with a button to remove it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import discord

from bot.database import Change, Lesson
from bot.discord_app.commands.group import permitted_guild
from bot.discord_app.context.access import may_teach
from bot.discord_app.context.audit import note_change
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.list_pages import AnyButton, Page, list_page, show_list
from bot.discord_app.messages.persistent_items import PersistentButton
from bot.discord_app.questions.search import QuestionSearch
from bot.discord_app.teaching import strings as words
from bot.discord_app.teaching.taught_rows import taught_question
from bot.indexing.scope import EVERYTHING
from bot.languages import Catalogue
from index import AnySearcher


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the list: the id of its lesson, and the page that shows it."""

    lesson_id: int
    page: int


class TaughtPageButton(PersistentButton["TaughtCog", Page], prefix="pq:taught", state=Page):
    """Shows another page of the list."""

    async def press(self, interaction: discord.Interaction, cog: "TaughtCog") -> None:
        """Turn the page."""
        page = self.state.number
        guild = await permitted_guild(interaction, cog.runtime, may_teach)
        if guild is not None:
            await interaction.response.defer()
            await cog.show(interaction, guild.id, page)


class RemoveButton(PersistentButton["TaughtCog", Entry], prefix="pq:forget", state=Entry):
    """Removes a lesson."""

    async def press(self, interaction: discord.Interaction, cog: "TaughtCog") -> None:
        """Remove the lesson."""
        entry = self.state
        guild = await permitted_guild(interaction, cog.runtime, may_teach)
        if guild is not None:
            await interaction.response.defer()
            removed = await cog.runtime.database.taught.remove(guild.id, entry.lesson_id)
            if removed is not None:
                ref = removed.passage
                change = Change(guild.id, "lesson_removed", ref.source, paragraph=ref.paragraph)
                await note_change(cog.runtime, interaction, change)
            await cog.show(interaction, guild.id, entry.page)


class TaughtCog(FeatureCog):
    """Lists and removes the lessons of a server."""

    items = (TaughtPageButton, RemoveButton)

    def __init__(self, bot: AnyBot, runtime: Runtime, search: QuestionSearch) -> None:
        super().__init__(bot, runtime)
        self._search = search

    @group_command(
        name="taught", description="List the questions that were taught, and remove some"
    )
    async def taught(self, interaction: discord.Interaction) -> None:
        """Show the first page of the list."""
        guild = await permitted_guild(interaction, self.runtime, may_teach)
        if guild is not None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self.show(interaction, guild.id, 0)

    async def show(self, interaction: discord.Interaction, guild_id: int, page: int) -> None:
        """Put a page of the list into the message, newest first."""
        origin = await self.runtime.origin(interaction)
        say = origin.say
        taught = (await self.runtime.database.taught.all(guild_id))[::-1]
        searcher = await self._search.searcher(origin)
        if origin.scope != EVERYTHING:
            everything = await self._search.searcher(replace(origin, scope=EVERYTHING))
            taught = await asyncio.to_thread(_showable, taught, searcher, everything)
        if not taught:
            await show_list(interaction, say(words.NONE_TAUGHT))
            return
        holding = await asyncio.to_thread(_holding, taught, searcher)
        row = partial(_row, holding=holding, say=say)
        view = list_page(TaughtPageButton, say(words.TAUGHT), taught, page, row, say)
        await show_list(interaction, view)


def _showable(
    taught: Sequence[Lesson], readable: AnySearcher, everything: AnySearcher
) -> list[Lesson]:
    """Return the lessons of texts that may be read there, and of texts that no longer exist."""
    hidden = {text.source for text in everything.sources()}
    hidden -= {text.source for text in readable.sources()}
    return [one for one in taught if one.passage.source not in hidden]


def _holding(taught: Sequence[Lesson], searcher: AnySearcher) -> set[int]:
    """Return the ids of the lessons whose paragraph is unchanged."""
    return {one.id for one in taught if searcher.passage_from(one.passage)}


def _row(
    taught: Lesson, page: int, holding: set[int], say: Catalogue
) -> tuple[str, list[AnyButton]]:
    """Return an entry with its button."""
    remove = RemoveButton.make(Entry(taught.id, page), say(words.REMOVE))
    return taught_question(taught, say, holds=taught.id in holding), [remove]
