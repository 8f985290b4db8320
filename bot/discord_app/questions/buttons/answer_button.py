"""The base classes of the items below answers, and the look-up of the answered question."""

from typing import TYPE_CHECKING, ClassVar

import discord

from bot.database import StoredQuestion
from bot.discord_app.context.access import may_ask
from bot.discord_app.context.origin import Origin
from bot.discord_app.messages.persistent_items import PersistentButton, PersistentItem, StateT
from bot.discord_app.messages.send import respond, try_to_respond
from bot.discord_app.questions.state.fair_queue import QueueFullError
from bot.errors import DatabaseError
from bot.rendering import notices, wording

if TYPE_CHECKING:
    from bot.discord_app.questions.buttons.button_cog import ButtonCog


class AnswerItem(PersistentItem["ButtonCog", StateT]):
    """Base class of the buttons and menus below answers.

    A custom id is not trusted, because a client could send any: votes and further quotes must
    belong to the message with the button, and passages are read from the texts of the server in
    which the button is pressed.

    Attributes:
        for_askers: Whether only people who may ask may use it, because it shows more of the
            texts or teaches.
    """

    for_askers: ClassVar[bool] = True

    async def press(self, interaction: discord.Interaction, cog: "ButtonCog") -> None:
        """Act, if the person may use the item and the queue has room."""
        origin = await cog.runtime.origin(interaction)
        server = await cog.runtime.settings_cache.server(origin.guild_id)
        if self.for_askers and not may_ask(interaction.user, server):
            await respond(interaction, origin.say(notices.MAY_NOT_ASK))
            return
        try:
            with cog.pipeline.queue.reserve(origin.queue_id, interaction.user.id):
                await self.act(interaction, cog, origin)
        except QueueFullError as full:
            await try_to_respond(interaction, notices.busy(origin.say, own=full.own))
        except DatabaseError:  # logged by the circuit breaker
            await try_to_respond(interaction, origin.say(wording.APOLOGY))

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Do what the item is for; each class implements it."""
        raise NotImplementedError


class AnswerButton(AnswerItem[StateT], PersistentButton["ButtonCog", StateT]):
    """Base class of the buttons below answers."""


async def answered_question(
    interaction: discord.Interaction, cog: "ButtonCog", question_id: int
) -> StoredQuestion | None:
    """Return the stored question that the message with the button answers.

    None if the message answers another question, or the question is no longer stored.
    """
    message = interaction.message
    if message is None:
        return None
    questions = cog.runtime.database.questions
    asked = await cog.runtime.breaker.must_read(lambda: questions.get(question_id))
    if asked is None or asked.channel_id != interaction.channel_id:
        return None
    # The message's id is stored shortly after the message is sent.
    return asked if asked.answer_id in (message.id, None) else None
