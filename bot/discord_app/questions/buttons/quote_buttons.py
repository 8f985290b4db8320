"""The buttons about the best quote of an answer: its context, and votes."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import discord

from bot.answering import quote_of
from bot.database import VoteValue
from bot.discord_app.context.origin import Origin
from bot.discord_app.messages.message_view import present_message
from bot.discord_app.messages.respond import edit_answer
from bot.discord_app.messages.send import respond
from bot.discord_app.questions.buttons.answer_button import AnswerButton, answered_question
from bot.discord_app.questions.buttons.quoted_at import QuotedAt
from bot.rendering import notices
from bot.rendering.discord_message import passages_message

if TYPE_CHECKING:
    from bot.discord_app.questions.buttons.button_cog import ButtonCog


class ContextButton(AnswerButton[QuotedAt], prefix="pq:context", state=QuotedAt):
    """Shows the person the quote with the paragraphs before and after it."""

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Show the paragraphs, or tell the person that the texts have changed."""
        quoted_at = self.state
        await interaction.response.defer(ephemeral=True, thinking=True)
        searcher = await cog.pipeline.search.searcher(origin)
        passages = await asyncio.to_thread(quoted_at.surroundings, searcher)
        if passages is None:
            text = origin.say(notices.TEXTS_CHANGED)
            await interaction.edit_original_response(content=text)
            return
        server = await cog.runtime.settings_cache.server(origin.guild_id)
        quotes = tuple(quote_of(passage) for passage in passages)
        shown = present_message(passages_message(quotes, origin.say), plain=server.plain)
        await edit_answer(interaction, shown, card=not server.plain)


@dataclass(frozen=True, slots=True)
class Voted:
    """A stored question, and the best quote of its answer."""

    question_id: int
    source: int
    paragraph: int
    fingerprint: int

    @classmethod
    def on(cls, question_id: int, quoted_at: QuotedAt) -> "Voted":
        """Return the state of a vote button."""
        return cls(question_id, quoted_at.source, quoted_at.paragraph, quoted_at.fingerprint)

    @property
    def quoted_at(self) -> QuotedAt:
        """The quote."""
        return QuotedAt(self.source, self.paragraph, self.fingerprint)


class VoteButton(AnswerButton[Voted]):
    """Base class of the vote buttons.

    Attributes:
        value: The vote.
    """

    value: ClassVar[VoteValue]

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Store the person's vote, and dispatch it as the event "vote"."""
        voted = self.state
        asked = await answered_question(interaction, cog, voted.question_id)
        if asked is None:
            await respond(interaction, origin.say(notices.OUTDATED))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        searcher = await cog.pipeline.search.searcher(origin)
        passage = await asyncio.to_thread(voted.quoted_at.passage, searcher)
        if passage is None:
            text = origin.say(notices.TEXTS_CHANGED)
        else:
            voter = cog.runtime.pseudonyms.hashed(interaction.user.id)
            questions = cog.runtime.database.questions
            await cog.runtime.breaker.must_write(
                lambda: questions.vote(asked.id, voter, self.value, passage.ref)
            )
            cog.bot.dispatch("vote", asked, passage.ref)
            text = origin.say(notices.THANKS)
        await interaction.edit_original_response(content=text)


class UpButton(VoteButton, prefix="pq:up", state=Voted):
    """Votes for the quote."""

    value = 1


class DownButton(VoteButton, prefix="pq:down", state=Voted):
    """Votes against the quote."""

    value = -1
