"""The button that takes an entry of a digest off the list of unanswered questions."""

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.discord_app.commands.group import permitted_guild
from bot.discord_app.context.access import may_teach
from bot.discord_app.messages.persistent_items import PersistentButton
from bot.discord_app.messages.send import NO_PINGS, respond
from bot.discord_app.teaching import strings as words
from bot.discord_app.teaching.lesson_buttons import ListedQuestion, TeachButton

if TYPE_CHECKING:
    from bot.discord_app.teaching.digest.digest_cog import DigestCog

# On the button of an entry that was dismissed.
_DONE = "\u2705"


class DismissFromDigestButton(
    PersistentButton["DigestCog", ListedQuestion], prefix="pq:digest", state=ListedQuestion
):
    """Takes a question, and those that are similar, off the list for good."""

    async def press(self, interaction: discord.Interaction, cog: "DigestCog") -> None:
        """Dismiss the entry, and turn its buttons off."""
        question_id, message = self.state.question_id, interaction.message
        guild, viewer = await permitted_guild(interaction, cog.runtime, may_teach), interaction.user
        if guild is None or message is None or not isinstance(viewer, discord.Member):
            return
        await interaction.response.defer()
        store = cog.runtime.database.unanswered
        channel_ids = await store.channels(guild.id)
        seen = await cog.visible_channels.public_channels(guild, viewer, channel_ids)
        if not await store.settle_alike(guild.id, question_id, seen):
            say = (await cog.runtime.origin(interaction)).say
            await respond(interaction, say(words.NOT_OPEN))
        view = without_entry(message, question_id)
        await interaction.edit_original_response(view=view, allowed_mentions=NO_PINGS)


def without_entry(message: discord.Message, question_id: int) -> ui.LayoutView | ui.View:
    """Return the components of a digest, with the buttons of one entry turned off."""
    kind: type[ui.LayoutView | ui.View] = ui.View
    if message.flags.components_v2:
        kind = ui.LayoutView
    view = kind.from_message(message, timeout=None)
    view.stop()  # otherwise discord.py keeps it for presses, which the persistent buttons answer
    listed = ListedQuestion(question_id)
    dismiss, teach = DismissFromDigestButton.id_of(listed), TeachButton.id_of(listed)
    for item in view.walk_children():
        if isinstance(item, ui.Button) and item.custom_id in (teach, dismiss):
            item.disabled = True
            if item.custom_id == dismiss:
                item.emoji = _DONE
    return view
