"""The button that asks a question of the texts that it was not asked of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.answering import Answer, Turn
from bot.discord_app.context.origin import Origin
from bot.discord_app.questions.buttons.answer_button import AnswerButton
from bot.discord_app.questions.buttons.other_answer import show_other_answer
from bot.discord_app.questions.models import Hints

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

        async def search(turns: Sequence[Turn]) -> tuple[Answer, Hints]:
            return await cog.pipeline.search.elsewhere(turns, origin, str(interaction.locale))

        state = self.state
        await show_other_answer(interaction, cog, origin, state.question_id, state.asker_id, search)
