"""The cog behind the buttons below answers: more, in context, private copy, thumbs, delete."""

import asyncio

import discord
from discord import ui

from bot.answering.answer import Answer, quote_of
from bot.answering.conversation import Turn
from bot.database import StoredQuestion, VoteValue
from bot.discord_app.context.access import may_moderate
from bot.discord_app.context.feature_cog import FeatureCog
from bot.discord_app.context.origin import Origin
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.message_view import present_message
from bot.discord_app.messages.respond import edit_answer
from bot.discord_app.messages.send import NO_PINGS, respond
from bot.discord_app.questions.answer_view import present
from bot.discord_app.questions.buttons.answer_buttons import (
    ContextButton,
    CopyButton,
    DeleteButton,
    DownButton,
    MoreButton,
    ShownQuotes,
    UpButton,
    Voted,
)
from bot.discord_app.questions.buttons.quoted_at import QuotedAt
from bot.discord_app.questions.pipeline import QuestionPipeline
from bot.discord_app.questions.question_log import turns_before
from bot.rendering import notices
from bot.rendering.discord_message import passages_message


class ButtonCog(FeatureCog):
    """Does what the buttons below answers say.

    Whatever an id holds, it is believed only as far as the person could have come by it: votes
    and further quotes belong to the message that the button stands below, and passages are read
    from the texts of the server that it is pressed in.

    Attributes:
        pipeline: Whose answers they are.
    """

    items = (MoreButton, ContextButton, CopyButton, UpButton, DownButton, DeleteButton)

    def __init__(self, bot: AnyBot, runtime: Runtime, pipeline: QuestionPipeline) -> None:
        super().__init__(bot, runtime)
        self.pipeline = pipeline

    async def show_more(
        self, interaction: discord.Interaction, origin: Origin, shown: ShownQuotes
    ) -> None:
        """Show the next quotes: to the asker in place of the answer, to others privately."""
        asked = await self._asked(interaction, shown.question_id)
        message = interaction.message
        if asked is None or message is None:
            await respond(interaction, origin.say(notices.OUTDATED))
            return
        in_place = self.runtime.pseudonyms.hashed(interaction.user.id) == asked.asker
        await interaction.response.defer(ephemeral=True, thinking=not in_place)
        is_there = await self._is_still_there(asked)
        answer = await self._further(interaction, origin, asked, shown) if is_there else None
        if answer is None or not answer.quotes:
            text = origin.say(notices.NO_MORE if is_there else notices.TEXTS_CHANGED)
            if in_place:
                await interaction.followup.send(text, ephemeral=True)
            else:
                await interaction.edit_original_response(content=text)
            return
        server = await self.runtime.settings_cache.server(origin.guild_id)
        page = present(
            answer,
            origin.say,
            asked.id if in_place else None,
            shown.asker_id,
            plain=server.plain,
            show_question=asked.message_id is None,
            ephemeral=message.flags.ephemeral or not in_place,
        )
        as_card = message.flags.components_v2 if in_place else not server.plain
        await edit_answer(interaction, page, card=as_card)

    async def show_context(
        self, interaction: discord.Interaction, origin: Origin, quoted_at: QuotedAt
    ) -> None:
        """Show a paragraph between those around it, to the person who asked for it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        searcher = await self.pipeline.search.searcher(origin.guild_id)
        passages = await asyncio.to_thread(quoted_at.surroundings, searcher)
        if passages is None:
            text = origin.say(notices.TEXTS_CHANGED)
            await interaction.edit_original_response(content=text)
            return
        server = await self.runtime.settings_cache.server(origin.guild_id)
        quotes = tuple(quote_of(passage) for passage in passages)
        shown = present_message(passages_message(quotes, origin.say), plain=server.plain)
        await edit_answer(interaction, shown, card=not server.plain)

    async def send_copy(self, interaction: discord.Interaction, origin: Origin) -> None:
        """Show the person the answer as it stands, for them alone."""
        message = interaction.message
        if message is None:
            await respond(interaction, origin.say(notices.OUTDATED))
            return
        if message.flags.components_v2:
            view = _without_buttons(ui.LayoutView.from_message(message, timeout=None))
            view.stop()  # else discord.py waits 15 minutes for presses on it
            await interaction.response.send_message(
                view=view, ephemeral=True, allowed_mentions=NO_PINGS
            )
        else:
            await respond(interaction, message.content)

    async def vote(
        self, interaction: discord.Interaction, origin: Origin, voted: Voted, value: VoteValue
    ) -> None:
        """Count a person's vote on the paragraph that the answer shows on top."""
        asked = await self._asked(interaction, voted.question_id)
        if asked is None:
            await respond(interaction, origin.say(notices.OUTDATED))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        searcher = await self.pipeline.search.searcher(asked.guild_id)
        passage = await asyncio.to_thread(voted.quoted_at.passage, searcher)
        if passage is None:
            text = origin.say(notices.TEXTS_CHANGED)
        else:
            voter = self.runtime.pseudonyms.hashed(interaction.user.id)
            questions = self.runtime.database.questions
            await self.runtime.breaker.must_write(
                lambda: questions.vote(asked.id, voter, value, passage.ref)
            )
            self.bot.dispatch("vote", asked, passage.ref)
            text = origin.say(notices.THANKS)
        await interaction.edit_original_response(content=text)

    async def delete(self, interaction: discord.Interaction, origin: Origin, asker_id: int) -> None:
        """Delete the answer for its asker or a moderator."""
        server = await self.runtime.settings_cache.server(origin.guild_id)
        if interaction.user.id != asker_id and not may_moderate(interaction, server):
            await respond(interaction, origin.say(notices.NOT_YOURS))
            return
        await interaction.response.defer()
        await interaction.delete_original_response()

    async def _asked(
        self, interaction: discord.Interaction, question_id: int
    ) -> StoredQuestion | None:
        """Return the question that a message answers; None for another message's, or a lost one."""
        message = interaction.message
        if message is None:
            return None
        questions = self.runtime.database.questions
        asked = await self.runtime.breaker.must_read(lambda: questions.get(question_id))
        if asked is None or asked.channel_id != interaction.channel_id:
            return None
        # It has no answer yet while the message is new and its id not recorded.
        return asked if asked.answer_id in (message.id, None) else None

    async def _further(
        self,
        interaction: discord.Interaction,
        origin: Origin,
        asked: StoredQuestion,
        shown: ShownQuotes,
    ) -> Answer:
        """Return the quotes of a recorded question that follow those shown."""
        last = Turn(asked.question, hesitant=asked.outcome == "hesitant")
        turns = [*turns_before(asked), last]
        async with self.pipeline.queue.slot(origin.queue_id, interaction.user.id):
            return await self.pipeline.search.further(turns, shown.n_seen, asked.guild_id)

    async def _is_still_there(self, asked: StoredQuestion) -> bool:
        """Return whether the best quote of an answer stands where it stood."""
        if not asked.places:
            return True
        best = asked.places[0]
        searcher = await self.pipeline.search.searcher(asked.guild_id)
        passage = await asyncio.to_thread(searcher.passage_at, best.source, best.paragraph)
        return passage is not None and passage.fingerprint == best.fingerprint


def _without_buttons(view: ui.LayoutView) -> ui.LayoutView:
    """Return a card without its rows of buttons."""
    for part in [view, *view.children]:
        if isinstance(part, ui.LayoutView | ui.Container):
            for row in [item for item in part.children if isinstance(item, ui.ActionRow)]:
                part.remove_item(row)
    return view
