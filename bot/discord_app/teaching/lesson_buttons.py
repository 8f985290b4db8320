"""The buttons that teach: one opens the form for a listed question, one binds a paragraph."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.answering import asked_in, quote_of
from bot.database import Change
from bot.discord_app.commands.group import permitted_guild
from bot.discord_app.context.access import may_teach
from bot.discord_app.context.audit import note_change
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.messages.persistent_items import PersistentButton
from bot.discord_app.messages.send import line, respond
from bot.discord_app.teaching import strings as words
from bot.discord_app.teaching.pending_lessons import PendingLesson
from bot.languages import Catalogue
from bot.rendering import wording
from bot.rendering.discord_markdown import escape, shorten
from index import Passage, PassageRef

if TYPE_CHECKING:
    from bot.discord_app.teaching.teach_cog import TeachCog

# Discord's limit.
_MAX_LABEL = 80

# With every character escaped, it fits a line of 500 characters.
QUESTION_ROOM = 200


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    """The id of a question in the database."""

    question_id: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A paragraph of a pending lesson: the lesson's key, and the paragraph's position, from 0."""

    lesson: str
    number: int


class TeachButton(
    PersistentButton["TeachCog", ListedQuestion], prefix="pq:teach", state=ListedQuestion
):
    """Opens the form for a question of the list of unanswered questions."""

    async def press(self, interaction: discord.Interaction, cog: "TeachCog") -> None:
        """Open the form, if the member may see the question."""
        question_id = self.state.question_id
        guild = await permitted_guild(interaction, cog.runtime, may_teach)
        viewer = interaction.user
        if guild is None or not isinstance(viewer, discord.Member):
            return
        asked = await cog.runtime.database.questions.get(question_id)
        if asked is None or asked.guild_id != guild.id or asked.private:
            seen: set[int] = set()
        else:
            seen = await cog.visible_channels.public_channels(guild, viewer, [asked.channel_id])
        if asked is None or not seen:
            say = (await cog.runtime.origin(interaction)).say
            await respond(interaction, say(words.NOT_OPEN))
            return
        question = asked_in(asked.question)
        await cog.open_form(interaction, question, asked, quoted=False)


class BindButton(PersistentButton["TeachCog", Choice], prefix="pq:bind", state=Choice):
    """Binds a lesson's question to one of its paragraphs."""

    async def press(self, interaction: discord.Interaction, cog: "TeachCog") -> None:
        """Bind the question, if the paragraph is unchanged."""
        chosen = self.state
        guild = await permitted_guild(interaction, cog.runtime, may_teach)
        message = interaction.message
        if guild is None or message is None:
            return
        origin = await cog.runtime.origin(interaction)
        say = origin.say
        lesson = cog.lessons.get(chosen.lesson, guild.id, interaction.user.id)
        if lesson is None or chosen.number >= len(lesson.refs):
            await respond(interaction, say(words.NO_LESSON))
            return
        await interaction.response.defer()
        ref = lesson.refs[chosen.number]
        searcher = await cog.search.searcher(origin)
        passage = await asyncio.to_thread(searcher.passage_from, ref)
        if passage is None:
            text = say(words.PARAGRAPH_CHANGED)
        else:
            await _teach(cog.runtime, lesson, ref)
            change = Change(guild.id, "lesson_taught", ref.source, paragraph=ref.paragraph)
            await note_change(cog.runtime, interaction, change)
            text = _bound(lesson, passage, say)
        shown = line(escape(text))
        await interaction.edit_original_response(**shown.edit(card=message.flags.components_v2))


def choice_buttons(lesson: str, passages: Sequence[Passage], say: Catalogue) -> list[BindButton]:
    """Return a button for each paragraph of a lesson, labelled with its citation."""
    return [
        BindButton.make(
            Choice(lesson, number),
            shorten(
                f"{say(words.TEACH)}: {wording.citation_of(quote_of(passage), say)}", _MAX_LABEL
            ),
            style=discord.ButtonStyle.secondary if number else discord.ButtonStyle.primary,
        )
        for number, passage in enumerate(passages)
    ]


def _bound(lesson: PendingLesson, passage: Passage, say: Catalogue) -> str:
    question = shorten(lesson.question, QUESTION_ROOM)
    return say(words.BOUND, question=question, place=wording.citation_of(quote_of(passage), say))


async def _teach(runtime: Runtime, lesson: PendingLesson, ref: PassageRef) -> None:
    """Store a lesson, and settle the similar questions that it answers."""
    database = runtime.database
    await database.taught.add(
        lesson.guild_id,
        lesson.question,
        ref,
        taught_by=runtime.pseudonyms.hashed(lesson.teacher_id),
    )
    if lesson.asked_id is None:
        return
    group = await database.unanswered.group(lesson.guild_id, lesson.asked_id)
    if group is not None:
        await database.unanswered.settle(lesson.guild_id, group.ids)
