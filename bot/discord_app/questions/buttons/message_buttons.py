"""The buttons that copy and delete the message of an answer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.discord_app.context.access import may_moderate
from bot.discord_app.context.origin import Origin
from bot.discord_app.messages.persistent_items import NoState
from bot.discord_app.messages.send import NO_PINGS, respond
from bot.discord_app.questions.buttons.answer_button import AnswerButton
from bot.rendering import notices

if TYPE_CHECKING:
    from bot.discord_app.questions.buttons.button_cog import ButtonCog


class CopyButton(AnswerButton[NoState], prefix="pq:copy"):
    """Sends the person a private copy of the answer."""

    for_askers = False

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Send the copy."""
        del cog
        message = interaction.message
        if message is None:
            await respond(interaction, origin.say(notices.OUTDATED))
            return
        if message.flags.components_v2:
            view = _without_buttons(ui.LayoutView.from_message(message, timeout=None))
            view.stop()  # otherwise discord.py waits 15 minutes for interactions with it
            await interaction.response.send_message(
                view=view, ephemeral=True, allowed_mentions=NO_PINGS
            )
        else:
            await respond(interaction, message.content)


@dataclass(frozen=True, slots=True)
class AskedBy:
    """The person who asked."""

    asker_id: int


class DeleteButton(AnswerButton[AskedBy], prefix="pq:delete", state=AskedBy):
    """Deletes the answer; only its asker and moderators may."""

    for_askers = False

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Delete the answer, or tell the person that they may not."""
        server = await cog.runtime.settings_cache.server(origin.guild_id)
        is_asker = interaction.user.id == self.state.asker_id
        if not is_asker and not may_moderate(interaction, server):
            await respond(interaction, origin.say(notices.NOT_YOURS))
            return
        await interaction.response.defer()
        await interaction.delete_original_response()


def _without_buttons(view: ui.LayoutView) -> ui.LayoutView:
    """Return a card without its rows of buttons."""
    for part in [view, *view.children]:
        if isinstance(part, ui.LayoutView | ui.Container):
            for row in [item for item in part.children if isinstance(item, ui.ActionRow)]:
                part.remove_item(row)
    return view
