"""The button that shows the next quotes of an answer."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.answering import Answer
from bot.database import StoredQuestion
from bot.discord_app.context.origin import Origin
from bot.discord_app.messages.respond import edit_answer
from bot.discord_app.messages.send import respond
from bot.discord_app.questions.buttons.answer_button import AnswerButton, answered_question
from bot.discord_app.questions.question_log import turns_of
from bot.rendering import notices

if TYPE_CHECKING:
    from bot.discord_app.questions.buttons.button_cog import ButtonCog


@dataclass(frozen=True, slots=True)
class ShownQuotes:
    """How many quotes of a stored question were shown, and who asked it."""

    question_id: int
    n_seen: int
    asker_id: int


class MoreButton(AnswerButton[ShownQuotes], prefix="pq:more", state=ShownQuotes):
    """Shows the next quotes; they replace the asker's answer, and others see them privately."""

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Show the next quotes, or tell the person why there are none."""
        state, message = self.state, interaction.message
        asked = await answered_question(interaction, cog, state.question_id)
        if asked is None or message is None:
            await respond(interaction, origin.say(notices.OUTDATED))
            return
        in_place = cog.runtime.pseudonyms.hashed(interaction.user.id) == asked.asker
        await interaction.response.defer(ephemeral=True, thinking=not in_place)
        if not await _is_still_there(cog, origin, asked):
            await _tell(interaction, origin.say(notices.TEXTS_CHANGED), in_place=in_place)
            return
        answer = await self._further(interaction, cog, origin, asked)
        if not answer.quotes:
            await _tell(interaction, origin.say(notices.NO_MORE), in_place=in_place)
            return
        server = await cog.runtime.settings_cache.server(origin.guild_id)
        shown = cog.present(
            answer,
            origin.say,
            asked.id if in_place else None,
            state.asker_id,
            plain=server.plain,
            show_question=asked.message_id is None,
            ephemeral=message.flags.ephemeral or not in_place,
        )
        as_card = message.flags.components_v2 if in_place else not server.plain
        await edit_answer(interaction, shown, card=as_card)

    async def _further(
        self,
        interaction: discord.Interaction,
        cog: "ButtonCog",
        origin: Origin,
        asked: StoredQuestion,
    ) -> Answer:
        """Return the quotes that follow the shown ones."""
        async with cog.pipeline.queue.slot(origin.queue_id, interaction.user.id):
            # Commands know the locale of the asker's client, messages do not.
            locale = str(interaction.locale) if asked.message_id is None else None
            search = cog.pipeline.search
            return await search.further(turns_of(asked), self.state.n_seen, origin, locale)


async def _is_still_there(cog: "ButtonCog", origin: Origin, asked: StoredQuestion) -> bool:
    """Return whether the best quote of an answer is still at its place in the texts."""
    if not asked.places:
        return True
    best = asked.places[0]
    searcher = await cog.pipeline.search.searcher(origin)
    passage = await asyncio.to_thread(searcher.passage_at, best.source, best.paragraph)
    return passage is not None and passage.fingerprint == best.fingerprint


async def _tell(interaction: discord.Interaction, text: str, *, in_place: bool) -> None:
    """Send the person a private notice.

    If the answer itself was to be changed, leave it and send a follow-up.
    """
    if in_place:
        await interaction.followup.send(text, ephemeral=True)
    else:
        await interaction.edit_original_response(content=text)
