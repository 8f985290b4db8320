"""The cog that lets trusted members bind a question to the paragraph that answers it."""

import asyncio
from collections.abc import Sequence

import discord
from discord import app_commands

from bot.answering import asked_in, quote_of
from bot.database import StoredQuestion
from bot.discord_app.commands.group import permitted_guild
from bot.discord_app.context.access import may_teach
from bot.discord_app.context.feature_cog import FeatureCog, message_menu
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.context.visible_channels import VisibleChannels
from bot.discord_app.messages.component_errors import component_errors
from bot.discord_app.messages.message_view import present_message
from bot.discord_app.messages.send import line, respond
from bot.discord_app.questions.addressing import question_in
from bot.discord_app.questions.search import QuestionSearch
from bot.discord_app.teaching import strings as words
from bot.discord_app.teaching.lesson_buttons import (
    QUESTION_ROOM,
    BindButton,
    TeachButton,
    choice_buttons,
)
from bot.discord_app.teaching.lesson_form import LessonForm
from bot.discord_app.teaching.paragraph_lookup import ParagraphQuery, find_paragraphs
from bot.discord_app.teaching.pending_lessons import PendingLesson, PendingLessons
from bot.indexing.scope import EVERYTHING
from bot.rendering.discord_markdown import escape, shorten
from bot.rendering.discord_message import passages_message
from index import AnySearcher, Passage, SourceInfo

# A form must be opened within 3 s, and the database is read first.
_TEXTS_TIMEOUT_S = 1.0


class TeachCog(FeatureCog):
    """Opens the form and shows the paragraphs with buttons that bind them, for teachers only."""

    items = (TeachButton, BindButton)

    def __init__(
        self,
        bot: AnyBot,
        runtime: Runtime,
        search: QuestionSearch,
        visible_channels: VisibleChannels,
    ) -> None:
        super().__init__(bot, runtime)
        self.search = search
        self.visible_channels = visible_channels
        self.lessons = PendingLessons()

    @message_menu("Teach")
    @app_commands.allowed_installs(guilds=True)
    @app_commands.allowed_contexts(guilds=True)
    async def teach(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Open the form for a person's message, or for the question behind a bot's answer."""
        guild, me = await permitted_guild(interaction, self.runtime, may_teach), self.bot.user
        if guild is None or me is None:
            return
        questions = self.runtime.database.questions
        is_answer = message.author.id == me.id
        find = questions.by_answer if is_answer else questions.by_message
        asked = await find(message.id)
        if asked is not None and asked.guild_id != guild.id:
            asked = None
        by_person = not message.author.bot and message.webhook_id is None
        question = asked.question if asked else question_in(message, me) if by_person else ""
        question = asked_in(question)
        if not question:
            say = (await self.runtime.origin(interaction)).say
            await respond(interaction, say(words.NOT_ASKED))
            return
        await self.open_form(interaction, question, asked, quoted=is_answer)

    async def open_form(
        self,
        interaction: discord.Interaction,
        question: str,
        asked: StoredQuestion | None,
        *,
        quoted: bool,
    ) -> None:
        """Open the form; with `quoted` the paragraph that was quoted is preselected."""
        origin = await self.runtime.origin(interaction)
        searcher = await self.search.searcher(origin)
        infos = await _texts(searcher)
        ref = asked.places[0] if quoted and asked and asked.places else None
        if ref and origin.scope != EVERYTHING and ref.source not in {one.source for one in infos}:
            ref = None
        asked_id = asked.id if asked else None
        say = origin.say

        async def submit(sent: discord.Interaction, question: str, query: ParagraphQuery) -> None:
            async with component_errors(sent, self.runtime):
                await self._show_choices(sent, question, query, asked_id)

        await interaction.response.send_modal(LessonForm(question, infos, ref, say, submit))

    async def _show_choices(
        self,
        interaction: discord.Interaction,
        question: str,
        query: ParagraphQuery,
        asked_id: int | None,
    ) -> None:
        """Show the paragraphs that may be meant, each with a button that binds it."""
        guild = await permitted_guild(interaction, self.runtime, may_teach)
        if guild is None:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        origin = await self.runtime.origin(interaction)
        say = origin.say
        server = await self.runtime.settings_cache.server(guild.id)
        searcher = await self.search.searcher(origin)

        def find() -> list[Passage]:
            return find_paragraphs(query, searcher, searcher.sources())

        passages = await asyncio.to_thread(find)
        if not passages:
            shown = line(say(words.NO_PARAGRAPH))
            await interaction.edit_original_response(**shown.edit(card=False))
            return
        refs = tuple(passage.ref for passage in passages)
        word = self.lessons.keep(
            PendingLesson(guild.id, interaction.user.id, question, asked_id, refs)
        )
        which = escape(say(words.WHICH_PARAGRAPH, question=shorten(question, QUESTION_ROOM)))
        message = passages_message([quote_of(p) for p in passages], say, above=which)
        shown = present_message(message, choice_buttons(word, passages, say), plain=server.plain)
        await interaction.edit_original_response(**shown.edit(card=not server.plain))


async def _texts(searcher: AnySearcher) -> Sequence[SourceInfo]:
    """Return the texts to choose from; empty if listing them takes too long."""
    try:
        async with asyncio.timeout(_TEXTS_TIMEOUT_S):
            return await asyncio.to_thread(searcher.sources)
    except TimeoutError:
        return ()
