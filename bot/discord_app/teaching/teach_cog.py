"""The cog that lets trusted members bind a question to the paragraph that answers it."""

import asyncio
from collections.abc import Sequence
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.answering.answer import quote_of
from bot.answering.conversation import without_announcement
from bot.database import QuotedPlace, Recorded
from bot.discord_app.commands.group import admitted
from bot.discord_app.context.access import may_teach
from bot.discord_app.context.services import AnyBot, Services
from bot.discord_app.context.visible_channels import Sight
from bot.discord_app.messages.component_errors import answer_press
from bot.discord_app.messages.list_buttons import ListButton, list_button
from bot.discord_app.messages.message_view import present_message
from bot.discord_app.messages.persistent_items import row_id
from bot.discord_app.messages.send import line, respond
from bot.discord_app.questions.addressing import question_in
from bot.discord_app.questions.service import Asker
from bot.discord_app.teaching import strings as words
from bot.discord_app.teaching.lesson_form import LessonForm
from bot.discord_app.teaching.paragraph_lookup import Pointer, paragraphs_meant
from bot.discord_app.teaching.pending_lessons import Lesson, Lessons
from bot.languages import Catalogue
from bot.rendering import notices, wording
from bot.rendering.discord_markdown import escape, shorten
from bot.rendering.discord_message import passages_message
from index import Passage, Searching, SourceInfo

# As Discord has it for labels of buttons.
_MAX_LABEL = 80

# With every sign escaped, a line of 500 characters around it.
_QUESTION_ROOM = 200


# A form must be opened within 3 s; the database comes first.
_PATIENCE_S = 1.0


class Teaching(commands.Cog):
    """Opens the form, shows the paragraph, binds it: each time only for those who may teach."""

    def __init__(self, bot: AnyBot, services: Services, asker: Asker, sight: Sight) -> None:
        self._bot = bot
        self._services = services
        self._asker = asker
        self._sight = sight
        self._lessons = Lessons()
        self._menu = app_commands.ContextMenu(
            name=app_commands.locale_str("Teach"), callback=self._teach_message
        )
        self._menu.allowed_contexts = app_commands.AppCommandContext(guild=True)
        self._menu.allowed_installs = app_commands.AppInstallationType(guild=True)

    async def cog_load(self) -> None:
        """Add the menu, which cogs do not add by themselves."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the menu away again."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @commands.Cog.listener()
    async def on_press_teach(self, interaction: discord.Interaction, state: list[str]) -> None:
        """Open the form for a question of the list."""
        await answer_press(interaction, self._services, self._teach_listed, state)

    @commands.Cog.listener()
    async def on_press_bind(self, interaction: discord.Interaction, state: list[str]) -> None:
        """Bind the question to the paragraph that was chosen."""
        await answer_press(interaction, self._services, self._bind, state)

    async def _teach_message(
        self, interaction: discord.Interaction, message: discord.Message
    ) -> None:
        """Open the form for a person's message, or for what an answer of the bot answers."""
        guild, me = await admitted(interaction, self._services, may_teach), self._bot.user
        if guild is None or me is None:
            return
        questions = self._services.database.questions
        is_answer = message.author.id == me.id
        find = questions.by_answer if is_answer else questions.by_message
        asked = await find(message.id)
        if asked is not None and asked.guild_id != guild.id:
            asked = None
        by_person = not message.author.bot and message.webhook_id is None
        question = asked.question if asked else question_in(message, me) if by_person else ""
        question = without_announcement(question)
        if not question:
            say = (await self._services.where(interaction)).say
            await respond(interaction, say(words.NOT_ASKED))
            return
        await self._open_form(interaction, guild.id, question, asked, quoted=is_answer)

    async def _teach_listed(self, interaction: discord.Interaction, state: Sequence[str]) -> None:
        (number,) = state
        guild = await admitted(interaction, self._services, may_teach)
        viewer = interaction.user
        if guild is None or not isinstance(viewer, discord.Member):
            return
        asked = await self._services.database.questions.get(row_id(number))
        if asked is None or asked.guild_id != guild.id or asked.private:
            seen: set[int] = set()
        else:
            seen = await self._sight.public_channels(guild, viewer, [asked.channel_id])
        if asked is None or not seen:
            say = (await self._services.where(interaction)).say
            await respond(interaction, say(words.NOT_OPEN))
            return
        question = without_announcement(asked.question)
        await self._open_form(interaction, guild.id, question, asked, quoted=False)

    async def _open_form(
        self,
        interaction: discord.Interaction,
        guild_id: int,
        question: str,
        asked: Recorded | None,
        *,
        quoted: bool,
    ) -> None:
        """Open the form; `quoted` says whether the paragraph that was quoted is chosen already."""
        searcher = await self._asker.searcher(guild_id)
        infos = await _texts(searcher)
        place = asked.places[0] if quoted and asked and asked.places else None
        asked_id = asked.id if asked else None
        say = (await self._services.where(interaction)).say

        async def submit(sent: discord.Interaction, question: str, pointer: Pointer) -> None:
            show = partial(self._show_choices, question, pointer, asked_id)
            await answer_press(sent, self._services, show, [])

        await interaction.response.send_modal(LessonForm(question, infos, place, say, submit))

    async def _show_choices(
        self,
        question: str,
        pointer: Pointer,
        asked_id: int | None,
        interaction: discord.Interaction,
        state: Sequence[str],
    ) -> None:
        """Show the paragraphs that may be meant, each with a button that binds it."""
        del state
        guild = await admitted(interaction, self._services, may_teach)
        if guild is None:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        say = (await self._services.where(interaction)).say
        server = await self._services.known.server(guild.id)
        searcher = await self._asker.searcher(guild.id)

        def find() -> list[Passage]:
            return paragraphs_meant(pointer, searcher, searcher.sources())

        passages = await asyncio.to_thread(find)
        if not passages:
            shown = line(say(words.NO_PARAGRAPH))
            await interaction.edit_original_response(**shown.edit(card=False))
            return
        places = tuple(QuotedPlace(p.source, p.paragraph, p.fingerprint) for p in passages)
        word = self._lessons.keep(Lesson(guild.id, interaction.user.id, question, asked_id, places))
        which = escape(say(words.WHICH_PARAGRAPH, question=shorten(question, _QUESTION_ROOM)))
        message = passages_message([quote_of(p) for p in passages], say, above=which)
        shown = present_message(message, _choices(word, passages, say), plain=server.plain)
        await interaction.edit_original_response(**shown.edit(card=not server.plain))

    async def _bind(self, interaction: discord.Interaction, state: Sequence[str]) -> None:
        """Bind a lesson's question to one of its paragraphs, if that still stands there."""
        word, number = state
        guild, message = await admitted(interaction, self._services, may_teach), interaction.message
        if guild is None or message is None:
            return
        say = (await self._services.where(interaction)).say
        lesson = self._lessons.get(word, guild.id, interaction.user.id)
        if lesson is None or not 0 <= int(number) < len(lesson.places):
            await respond(interaction, say(words.NO_LESSON))
            return
        await interaction.response.defer()
        place = lesson.places[int(number)]
        searcher = await self._asker.searcher(guild.id)
        passage = await asyncio.to_thread(
            searcher.passage_beside, place.source, place.paragraph, fingerprint=place.fingerprint
        )
        if passage is None:
            text = say(notices.TEXTS_CHANGED)
        else:
            await self._teach(lesson, place)
            text = say(
                words.BOUND,
                question=shorten(lesson.question, _QUESTION_ROOM),
                place=wording.place(quote_of(passage), say),
            )
        shown = line(escape(text))
        await interaction.edit_original_response(**shown.edit(card=message.flags.components_v2))

    async def _teach(self, lesson: Lesson, place: QuotedPlace) -> None:
        """Write a lesson down, and settle the questions alike that it answers."""
        database = self._services.database
        await database.taught.add(
            lesson.guild_id,
            lesson.question,
            source=place.source,
            paragraph=place.paragraph,
            fingerprint=place.fingerprint,
            taught_by=self._services.people.hashed(lesson.teacher_id),
        )
        if lesson.asked_id is None:
            return
        group = await database.unanswered.group(lesson.guild_id, lesson.asked_id)
        if group is not None:
            await database.unanswered.settle(lesson.guild_id, group.ids)


async def _texts(searcher: Searching) -> Sequence[SourceInfo]:
    """Return the texts to choose from; none where they are so many that it takes too long."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await asyncio.to_thread(searcher.sources)
    except TimeoutError:
        return ()


def _choices(word: str, passages: Sequence[Passage], say: Catalogue) -> list[ListButton]:
    """Return a button for each paragraph, labelled with where it stands."""
    return [
        list_button(
            f"bind:{word}:{number}",
            shorten(f"{say(words.TEACH)}: {wording.place(quote_of(passage), say)}", _MAX_LABEL),
            main=number == 0,
        )
        for number, passage in enumerate(passages)
    ]
