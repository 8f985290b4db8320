"""The cog of `/sources` and `/read`: lists the texts, and shows paragraphs of them."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands

from bot.answering import Answer, quote_of
from bot.discord_app.context.access import command_refusal, may_ask
from bot.discord_app.context.feature_cog import FeatureCog
from bot.discord_app.context.origin import Origin, installed_guild_id
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.choices import (
    MAX_CHOICES,
    SUGGESTION_TIMEOUT_S,
    choice_name,
    is_sendable,
    source_choice,
)
from bot.discord_app.messages.list_pages import Page
from bot.discord_app.messages.message_view import present_message
from bot.discord_app.messages.persistent_items import PersistentButton
from bot.discord_app.messages.send import Shown, respond
from bot.discord_app.questions.buttons.answer_buttons import answer_buttons
from bot.discord_app.texts import source_strings
from bot.discord_app.texts.source_lists import SourceLists
from bot.rendering import notices
from bot.rendering.discord_markdown import escape, shorten
from bot.rendering.discord_message import passages_message
from index import AnySearcher, Passage, PassageIndexError, SourceInfo

logger = logging.getLogger(__name__)

_Choices = list[app_commands.Choice[Any]]

# Discord allows larger numbers in options than an index has paragraphs.
_MAX_PARAGRAPH = 2**31 - 1

_NAME_ROOM = 80

# A long paragraph is several passages; more than these fit into no message.
_MAX_PARTS = 4


class SourcesPageButton(PersistentButton["ReadCog", Page], prefix="pq:sources", state=Page):
    """Shows another page of the list, with the current texts of the server where it is pressed."""

    async def press(self, interaction: discord.Interaction, cog: "ReadCog") -> None:
        """Turn the page."""
        page = self.state.number
        origin = await cog.runtime.origin(interaction)
        server = await cog.runtime.settings_cache.server(origin.guild_id)
        message = interaction.message
        if message is None or not may_ask(interaction.user, server):
            await respond(interaction, origin.say(notices.MAY_NOT_ASK))
            return
        await interaction.response.defer()
        shown = await cog.page(origin, page, plain=server.plain)
        as_card = message.flags.components_v2
        await interaction.edit_original_response(**shown.edit(card=as_card))


class ReadCog(FeatureCog):
    """Shows texts and paragraphs to everybody who may ask."""

    items = (SourcesPageButton,)

    def __init__(self, bot: AnyBot, runtime: Runtime) -> None:
        super().__init__(bot, runtime)
        self._lists = SourceLists()

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def sources(self, interaction: discord.Interaction) -> None:
        """List the texts that I quote from."""
        origin = await self.runtime.origin(interaction)
        server = await self.runtime.settings_cache.server(origin.guild_id)
        if not may_ask(interaction.user, server):
            await respond(interaction, origin.say(notices.MAY_NOT_ASK))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown = await self.page(origin, 0, plain=server.plain)
        await interaction.edit_original_response(**shown.edit(card=not server.plain))

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        source="Which text",
        paragraph="The paragraph's number, or the name of a section, to choose its first paragraph",
        private="Show it only to you",
    )
    async def read(
        self,
        interaction: discord.Interaction,
        source: str,
        paragraph: app_commands.Range[int, 1, _MAX_PARAGRAPH],
        private: bool = False,
    ) -> None:
        """Quote a paragraph of a text."""
        origin = await self.runtime.origin(interaction, private=private)
        if why := await command_refusal(interaction, self.runtime, origin):
            await respond(interaction, why)
            return
        await interaction.response.defer(ephemeral=private)
        server = await self.runtime.settings_cache.server(origin.guild_id)
        found = await asyncio.to_thread(self._find, origin, source, paragraph)
        if isinstance(found, str):
            await interaction.edit_original_response(content=found)
            return
        shown = _quoted(found, origin, interaction.user.id, plain=server.plain, ephemeral=private)
        await interaction.edit_original_response(**shown.edit(card=not server.plain))

    @read.autocomplete("source")
    async def _complete_source(self, interaction: discord.Interaction, current: str) -> _Choices:
        """Suggest texts."""

        def suggest(searcher: AnySearcher) -> _Choices:
            infos = self._lists.matching(searcher, current, MAX_CHOICES)
            return [
                app_commands.Choice(name=source_choice(info), value=info.source)
                for info in infos
                if is_sendable(info.source)
            ]

        return await self._suggest(interaction, suggest)

    @read.autocomplete("paragraph")
    async def _complete_paragraph(self, interaction: discord.Interaction, current: str) -> _Choices:
        """Suggest first paragraphs of matching sections, or paragraphs from a typed number on."""
        named = str(interaction.namespace.source or "")

        def suggest(searcher: AnySearcher) -> _Choices:
            info = self._lists.find(searcher, named)
            paragraphs = info and self._lists.paragraphs(searcher, info, current, MAX_CHOICES)
            return [
                app_commands.Choice(
                    name=choice_name(source_strings.paragraph_choice(passage)),
                    value=passage.paragraph,
                )
                for passage in paragraphs or []
            ]

        return await self._suggest(interaction, suggest)

    async def _suggest(
        self, interaction: discord.Interaction, suggest: Callable[[AnySearcher], _Choices]
    ) -> _Choices:
        """Return suggestions for a person who may ask; empty if the index is not read in time."""
        guild_id = installed_guild_id(interaction)
        if not may_ask(interaction.user, await self.runtime.settings_cache.server(guild_id)):
            return []
        indexes = self.runtime.server_indexes
        scope = await self.runtime.scope(guild_id, interaction.channel)
        try:
            async with asyncio.timeout(SUGGESTION_TIMEOUT_S):
                return await asyncio.to_thread(lambda: suggest(indexes.searcher(guild_id, scope)))
        except (PassageIndexError, OSError) as error:
            logger.warning(
                "No suggestions, because the index could not be read (%s)",
                error or type(error).__name__,
            )
            return []

    def _find(self, origin: Origin, source: str, paragraph: int) -> list[Passage] | str:
        """Return the passages of a paragraph, or a notice that it does not exist; blocking."""
        searcher = self.runtime.server_indexes.searcher(origin.guild_id, origin.scope)
        info = self._lists.find(searcher, source)
        if info is None:
            name = escape(shorten(source, _NAME_ROOM))
            return origin.say(notices.NO_SUCH_TEXT, name=name)
        if parts := searcher.paragraph_parts(info.source, paragraph, _MAX_PARTS):
            return parts
        return origin.say.many(
            "{name} has {count} paragraph; there is no paragraph {paragraph}.",
            "{name} has {count} paragraphs; there is no paragraph {paragraph}.",
            info.paragraphs,
            name=escape(shorten(info.source, _NAME_ROOM)),
            paragraph=paragraph,
        )

    async def page(self, origin: Origin, page: int, *, plain: bool) -> Shown:
        """Return a page of the list of texts, with buttons to the pages before and after it."""
        infos, own = await asyncio.to_thread(self._sources, origin)
        made = source_strings.pages(origin.say, infos, own)
        percent = await asyncio.to_thread(self.runtime.encoding.percent_done, origin.guild_id)
        message = source_strings.page_message(origin.say, made, page, percent)
        page = min(max(page, 0), max(len(made) - 1, 0))
        beside = (
            (page - 1, source_strings.PREVIOUS_PAGE),
            (page + 1, source_strings.NEXT_PAGE),
        )
        buttons = [
            SourcesPageButton.make(Page(number), origin.say(label))
            for number, label in beside
            if number in range(len(made))
        ]
        return present_message(message, buttons, plain=plain)

    def _sources(self, origin: Origin) -> tuple[list[SourceInfo], set[str]]:
        indexes = self.runtime.server_indexes
        own = indexes.own(origin.guild_id)
        held = {info.source for info in self._lists.infos(own)} if own else set()
        return self._lists.infos(indexes.searcher(origin.guild_id, origin.scope)), held


def _quoted(
    parts: list[Passage], origin: Origin, reader_id: int, *, plain: bool, ephemeral: bool
) -> Shown:
    """Return the message that shows a paragraph, with its buttons."""
    quotes = tuple(map(quote_of, parts))
    message = passages_message(quotes, origin.say)
    answer = Answer("", quotes, None, 0.0)
    buttons = answer_buttons(answer, None, reader_id, origin.say, ephemeral=ephemeral)
    return present_message(message, buttons, plain=plain)
