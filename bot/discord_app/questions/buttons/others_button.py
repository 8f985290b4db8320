"""The button that asks a question of the texts that it was not asked of."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.answering import Answer
from bot.database import StoredQuestion
from bot.discord_app.context.origin import Origin
from bot.discord_app.messages.respond import edit_answer
from bot.discord_app.messages.send import respond
from bot.discord_app.questions.addressing import is_own_thread
from bot.discord_app.questions.buttons.answer_button import AnswerButton, answered_question
from bot.discord_app.questions.models import Hints, speaker
from bot.discord_app.questions.question_log import turns_of
from bot.rendering import notices

if TYPE_CHECKING:
    from bot.discord_app.questions.buttons.button_cog import ButtonCog


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A stored question, and who asked it."""

    question_id: int
    asker_id: int


class OthersButton(AnswerButton[UnansweredQuestion], prefix="pq:others", state=UnansweredQuestion):
    """Shows what the other texts answer; for the asker in the message, for others privately."""

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Ask the other texts, or tell the person that the question is no longer known."""
        state, message = self.state, interaction.message
        asked = await answered_question(interaction, cog, state.question_id)
        if asked is None or message is None:
            await respond(interaction, origin.say(notices.OUTDATED))
            return
        in_place = cog.runtime.pseudonyms.hashed(interaction.user.id) == asked.asker
        await interaction.response.defer(ephemeral=True, thinking=not in_place)
        answer, hints = await self._elsewhere(interaction, cog, origin, asked)
        if in_place:
            cog.pipeline.correct(asked, _speaker(interaction, cog), message.id, answer)
        server = await cog.runtime.settings_cache.server(origin.guild_id)
        shown = cog.present(
            answer,
            origin.say,
            None,
            state.asker_id,
            hints=hints,
            plain=server.plain,
            show_question=asked.message_id is None,
            ephemeral=message.flags.ephemeral or not in_place,
        )
        as_card = message.flags.components_v2 if in_place else not server.plain
        await edit_answer(interaction, shown, card=as_card)

    async def _elsewhere(
        self,
        interaction: discord.Interaction,
        cog: "ButtonCog",
        origin: Origin,
        asked: StoredQuestion,
    ) -> tuple[Answer, Hints]:
        """Return the answer of the other texts."""
        async with cog.pipeline.queue.slot(origin.queue_id, interaction.user.id):
            return await cog.pipeline.search.elsewhere(turns_of(asked), origin)


def _speaker(interaction: discord.Interaction, cog: "ButtonCog") -> int:
    """Return the owner of the conversation that the message with the button belongs to."""
    me = cog.bot.user
    shared = me is not None and is_own_thread(interaction.channel, me)
    private = interaction.message is not None and interaction.message.flags.ephemeral
    return speaker(interaction.user.id, shared=shared and not private, private=private)
