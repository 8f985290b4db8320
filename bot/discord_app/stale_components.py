"""The cog that answers for buttons and menus of other versions, which nothing else reads."""

from typing import Any

import discord
from discord.ext import commands

from bot.discord_app.admin.setup_components import SetupItem
from bot.discord_app.context.services import Services
from bot.discord_app.gateway.dynamic_items import takes
from bot.discord_app.messages.list_buttons import ListButton
from bot.discord_app.messages.send import try_to_respond
from bot.discord_app.privacy.privacy_cog import CONFIRM_ID
from bot.discord_app.questions.answer_buttons import AnswerButton
from bot.rendering import notices


class OutdatedButtons(commands.Cog):
    """Says that a button does nothing any more, where the client would show a failure."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a press or a choice that no item of this version takes."""
        if interaction.type is discord.InteractionType.component:
            data: dict[str, Any] = {**(interaction.data or {})}
            if not is_known(str(data.get("custom_id"))):
                say = (await self._services.where(interaction)).say
                await try_to_respond(interaction, say(notices.OUTDATED))


def is_known(custom_id: str) -> bool:
    """Return whether a button or menu of this version has that id."""
    items = (AnswerButton, ListButton, SetupItem)
    return custom_id == CONFIRM_ID or any(takes(item, custom_id) for item in items)
