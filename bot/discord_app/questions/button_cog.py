"""The cog behind the buttons below answers: more, in context, private copy, thumbs, delete."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import discord
from discord import ui
from discord.ext import commands

from bot.answering.answer import quote_of
from bot.database import QuotedPlace, Recorded, VoteValue
from bot.discord_app.context.access import may_ask, may_moderate
from bot.discord_app.context.origin import Where
from bot.discord_app.context.services import AnyBot, Services
from bot.discord_app.messages.component_errors import answer_press
from bot.discord_app.messages.message_view import present_message
from bot.discord_app.messages.persistent_items import row_id
from bot.discord_app.messages.respond import edit_answer
from bot.discord_app.messages.send import NO_PINGS, respond, try_to_respond
from bot.discord_app.questions.answer_buttons import AnswerButton, QuotedAt, passage_at
from bot.discord_app.questions.answer_view import present
from bot.discord_app.questions.models import Found
from bot.discord_app.questions.service import Asker
from bot.discord_app.questions.state.fair_queue import QueueFullError
from bot.errors import DatabaseError
from bot.rendering import notices, wording
from bot.rendering.discord_message import passages_message
from index import Passage, Searching, fingerprint

# What shows more of the texts, or teaches, is for those who may ask.
_FOR_ASKERS = frozenset(("more", "context", "up", "down"))

_Press = Callable[[discord.Interaction, Where, list[int]], Awaitable[None]]


class Presses(commands.Cog):
    """Does what the buttons below answers say.

    Whatever an id holds, it is believed only as far as the person could have come by it: votes
    and further quotes belong to the message that the button stands below, and passages are read
    from the texts of the server that it is pressed in.
    """

    def __init__(self, bot: AnyBot, services: Services, asker: Asker) -> None:
        self._bot = bot
        self._services = services
        self._asker = asker
        self._actions: dict[str, _Press] = {
            "more": self._more,
            "context": self._context,
            "copy": self._copy,
            "up": self._up,
            "down": self._down,
            "delete": self._delete,
        }

    async def cog_load(self) -> None:
        """Take the presses on messages of all times."""
        self._bot.add_dynamic_items(AnswerButton)

    async def cog_unload(self) -> None:
        """Leave the presses alone again."""
        self._bot.remove_dynamic_items(AnswerButton)

    @commands.Cog.listener()
    async def on_answer_button(
        self, interaction: discord.Interaction, action: str, state: list[str]
    ) -> None:
        """Do what a button says, or say why not."""

        async def act(interaction: discord.Interaction, state: Sequence[str]) -> None:
            where = await self._services.where(interaction)
            server = await self._services.known.server(where.guild_id)
            if action in _FOR_ASKERS and not may_ask(interaction.user, server):
                await respond(interaction, where.say(notices.MAY_NOT_ASK))
                return
            try:
                with self._asker.queue.place(where.crowd_id, interaction.user.id):
                    numbers = [row_id(part) for part in state]
                    await self._actions[action](interaction, where, numbers)
            except QueueFullError as full:
                await try_to_respond(interaction, notices.busy(where.say, own=full.own))
            except DatabaseError:  # which is logged
                await try_to_respond(interaction, where.say(wording.APOLOGY))

        await answer_press(interaction, self._services, act, state)

    async def _more(self, interaction: discord.Interaction, where: Where, state: list[int]) -> None:
        """Show the next quotes: to the asker in place of the answer, to others privately."""
        question_id, n_seen, asker_id = state
        asked = await self._asked(interaction, question_id)
        message = interaction.message
        if asked is None or message is None:
            await respond(interaction, where.say(notices.OUTDATED))
            return
        in_place = self._services.people.hashed(interaction.user.id) == asked.asker
        await interaction.response.defer(ephemeral=True, thinking=not in_place)
        still_there = await self._still_there(asked)
        answer = None
        if still_there:
            turn = self._asker.queue.turn(where.crowd_id, interaction.user.id)
            answer = await self._asker.further(asked, n_seen, turn)
        if answer is None or not answer.quotes:
            text = where.say(notices.NO_MORE if still_there else notices.TEXTS_CHANGED)
            if in_place:
                await interaction.followup.send(text, ephemeral=True)
            else:
                await interaction.edit_original_response(content=text)
            return
        server = await self._services.known.server(where.guild_id)
        shown = present(
            Found(answer, ()),
            where.say,
            question_id if in_place else None,
            asker_id,
            plain=server.plain,
            show_question=asked.message_id is None,
            ephemeral=message.flags.ephemeral or not in_place,
        )
        as_card = message.flags.components_v2 if in_place else not server.plain
        await edit_answer(interaction, shown, card=as_card)

    async def _context(
        self, interaction: discord.Interaction, where: Where, state: list[int]
    ) -> None:
        """Show a paragraph between those around it, to the person who asked for it."""
        at = _quoted_at(state)
        await interaction.response.defer(ephemeral=True, thinking=True)
        searcher = await self._asker.searcher(where.guild_id)
        passages = await asyncio.to_thread(_surroundings, searcher, at)
        if passages is None:
            text = where.say(notices.TEXTS_CHANGED)
            await interaction.edit_original_response(content=text)
            return
        server = await self._services.known.server(where.guild_id)
        quotes = tuple(quote_of(passage) for passage in passages)
        shown = present_message(passages_message(quotes, where.say), plain=server.plain)
        await edit_answer(interaction, shown, card=not server.plain)

    async def _copy(self, interaction: discord.Interaction, where: Where, state: list[int]) -> None:
        """Show the person the answer as it stands, for them alone."""
        del state
        message = interaction.message
        if message is None:
            await respond(interaction, where.say(notices.OUTDATED))
            return
        if message.flags.components_v2:
            view = _without_buttons(ui.LayoutView.from_message(message, timeout=None))
            view.stop()  # else discord.py waits 15 minutes for presses on it
            await interaction.response.send_message(
                view=view, ephemeral=True, allowed_mentions=NO_PINGS
            )
        else:
            await respond(interaction, message.content)

    async def _up(self, interaction: discord.Interaction, where: Where, state: list[int]) -> None:
        await self._vote(interaction, where, state, 1)

    async def _down(self, interaction: discord.Interaction, where: Where, state: list[int]) -> None:
        await self._vote(interaction, where, state, -1)

    async def _vote(
        self, interaction: discord.Interaction, where: Where, state: list[int], value: VoteValue
    ) -> None:
        """Count a person's vote on the paragraph that the answer shows on top."""
        question_id, *place = state
        quoted_at = _quoted_at(place)
        asked = await self._asked(interaction, question_id)
        if asked is None:
            await respond(interaction, where.say(notices.OUTDATED))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        searcher = await self._asker.searcher(asked.guild_id)
        passage = await asyncio.to_thread(passage_at, searcher, quoted_at)
        if passage is None:
            text = where.say(notices.TEXTS_CHANGED)
        else:
            at = QuotedPlace(passage.source, passage.paragraph, fingerprint(passage.text))
            voter = self._services.people.hashed(interaction.user.id)
            questions = self._services.database.questions
            await self._services.attempts.must_write(
                lambda: questions.vote(question_id, voter, value, at)
            )
            self._bot.dispatch("vote", asked, at)
            text = where.say(notices.THANKS)
        await interaction.edit_original_response(content=text)

    async def _delete(
        self, interaction: discord.Interaction, where: Where, state: list[int]
    ) -> None:
        """Delete the answer for its asker or a moderator."""
        (asker_id,) = state
        server = await self._services.known.server(where.guild_id)
        if interaction.user.id != asker_id and not may_moderate(interaction, server):
            await respond(interaction, where.say(notices.NOT_YOURS))
            return
        await interaction.response.defer()
        await interaction.delete_original_response()

    async def _asked(self, interaction: discord.Interaction, question_id: int) -> Recorded | None:
        """Return the question that a message answers; None for another message's, or a lost one."""
        message = interaction.message
        if message is None:
            return None
        questions = self._services.database.questions
        asked = await self._services.attempts.must_read(lambda: questions.get(question_id))
        if asked is None or asked.channel_id != interaction.channel_id:
            return None
        # It has no answer yet while the message is new and its id not recorded.
        return asked if asked.answer_id in (message.id, None) else None

    async def _still_there(self, asked: Recorded) -> bool:
        """Say whether the best quote of an answer stands where it stood."""
        if not asked.places:
            return True
        best = asked.places[0]
        searcher = await self._asker.searcher(asked.guild_id)
        passage = await asyncio.to_thread(searcher.passage_at, best.source, best.paragraph)
        return passage is not None and fingerprint(passage.text) == best.fingerprint


def _quoted_at(state: Sequence[int]) -> QuotedAt:
    """Return which quote a button is about; ValueError where its id does not say."""
    source, paragraph, text = state
    return QuotedAt(source, paragraph, text)


def _surroundings(searcher: Searching, at: QuotedAt) -> list[Passage] | None:
    """Return a passage between its neighbours; None where another text stands there now."""
    passage = passage_at(searcher, at)
    if passage is None:
        return None
    before, after = (
        searcher.passage_beside(passage.source, at.paragraph, fingerprint=at.fingerprint, step=step)
        for step in (-1, 1)
    )
    return [one for one in (before, passage, after) if one is not None]


def _without_buttons(view: ui.LayoutView) -> ui.LayoutView:
    """Return a card without its rows of buttons."""
    for part in [view, *view.children]:
        if isinstance(part, ui.LayoutView | ui.Container):
            for row in [item for item in part.children if isinstance(item, ui.ActionRow)]:
                part.remove_item(row)
    return view
