"""The base class of buttons below answers: who may press, and which question was answered."""

from typing import TYPE_CHECKING, ClassVar

import discord

from bot.database import StoredQuestion
from bot.discord_app.context.access import may_ask
from bot.discord_app.context.origin import Origin
from bot.discord_app.messages.persistent_items import PersistentButton, StateT
from bot.discord_app.messages.send import respond, try_to_respond
from bot.discord_app.questions.state.fair_queue import QueueFullError
from bot.errors import DatabaseError
from bot.rendering import notices, wording

if TYPE_CHECKING:
    from bot.discord_app.questions.buttons.button_cog import ButtonCog


class AnswerButton(PersistentButton["ButtonCog", StateT]):
    """Base class of the buttons below answers.

    Whatever an id holds, it is believed only as far as the person could have come by it: votes and
    further quotes belong to the message that the button stands below, and passages are read from
    the texts of the server that it is pressed in.

    Attributes:
        for_askers: Whether only those who may ask may press it, as it shows more of the texts.
    """

    for_askers: ClassVar[bool] = True

    async def press(self, interaction: discord.Interaction, cog: "ButtonCog") -> None:
        """Do what the button is for, if the person may and the queue has room."""
        origin = await cog.runtime.origin(interaction)
        server = await cog.runtime.settings_cache.server(origin.guild_id)
        if self.for_askers and not may_ask(interaction.user, server):
            await respond(interaction, origin.say(notices.MAY_NOT_ASK))
            return
        try:
            with cog.pipeline.queue.admit(origin.queue_id, interaction.user.id):
                await self.act(interaction, cog, origin)
        except QueueFullError as full:
            await try_to_respond(interaction, notices.busy(origin.say, own=full.own))
        except DatabaseError:  # logged by the circuit breaker
            await try_to_respond(interaction, origin.say(wording.APOLOGY))

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Do what the button is for."""
        raise NotImplementedError


async def answered_question(
    interaction: discord.Interaction, cog: "ButtonCog", question_id: int
) -> StoredQuestion | None:
    """Return the question that the pressed message answers; None for another or a lost one."""
    message = interaction.message
    if message is None:
        return None
    questions = cog.runtime.database.questions
    asked = await cog.runtime.breaker.must_read(lambda: questions.get(question_id))
    if asked is None or asked.channel_id != interaction.channel_id:
        return None
    # It has no answer yet while the message is new and its id not recorded.
    return asked if asked.answer_id in (message.id, None) else None
