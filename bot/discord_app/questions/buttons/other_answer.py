"""Shows another answer to a stored question: for the asker in place, for others privately."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import discord

from bot.answering import Answer, Turn
from bot.discord_app.context.origin import Origin
from bot.discord_app.messages.respond import edit_answer
from bot.discord_app.messages.send import respond
from bot.discord_app.questions.addressing import is_own_thread
from bot.discord_app.questions.buttons.answer_button import answered_question
from bot.discord_app.questions.models import Hints, speaker
from bot.discord_app.questions.question_log import turns_of
from bot.rendering import notices

if TYPE_CHECKING:
    from bot.discord_app.questions.buttons.button_cog import ButtonCog

# Returns the answer for the turns up to a question, and suggestions if it found nothing.
Search = Callable[[Sequence[Turn]], Awaitable[tuple[Answer, Hints]]]


async def show_other_answer(
    interaction: discord.Interaction,
    cog: "ButtonCog",
    origin: Origin,
    question_id: int,
    asker_id: int,
    search: Search,
) -> None:
    """Show the answer that a search gives, or tell the person that the question is forgotten.

    Args:
        interaction: The press.
        cog: The cog of the buttons.
        origin: Where it was pressed.
        question_id: The stored question.
        asker_id: The person who asked, who may delete the message.
        search: Finds the answer, in a slot of the fair queue.
    """
    message = interaction.message
    asked = await answered_question(interaction, cog, question_id)
    if asked is None or message is None:
        await respond(interaction, origin.say(notices.OUTDATED))
        return
    in_place = cog.runtime.pseudonyms.hashed(interaction.user.id) == asked.asker
    await interaction.response.defer(ephemeral=True, thinking=not in_place)
    async with cog.pipeline.queue.slot(origin.queue_id, interaction.user.id):
        answer, hints = await search(turns_of(asked))
    if in_place:
        cog.pipeline.correct(asked, _speaker(interaction, cog), message.id, answer)
    server = await cog.runtime.settings_cache.server(origin.guild_id)
    shown = cog.present(
        answer,
        origin.say,
        None,
        asker_id,
        versions_of=question_id if in_place else None,
        hints=hints,
        plain=server.plain,
        show_question=asked.message_id is None,
        ephemeral=message.flags.ephemeral or not in_place,
    )
    as_card = message.flags.components_v2 if in_place else not server.plain
    await edit_answer(interaction, shown, card=as_card)


def _speaker(interaction: discord.Interaction, cog: "ButtonCog") -> int:
    """Return the owner of the conversation that the message with the button belongs to."""
    me = cog.bot.user
    shared = me is not None and is_own_thread(interaction.channel, me)
    private = interaction.message is not None and interaction.message.flags.ephemeral
    return speaker(interaction.user.id, shared=shared and not private, private=private)
