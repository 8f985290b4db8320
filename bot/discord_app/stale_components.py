"""The cog that answers buttons and menus of other versions, which no item matches."""

from typing import Any

import discord
from discord.ext import commands

from bot.discord_app.context.feature_cog import FeatureCog, loaded_items
from bot.discord_app.messages.persistent_items import PersistentItem
from bot.discord_app.messages.send import try_to_respond
from bot.rendering import notices


class StaleComponentsCog(FeatureCog):
    """Tells people that a button of another version no longer works."""

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a button or menu that no item of this version matches."""
        if interaction.type is discord.InteractionType.component:
            data: dict[str, Any] = {**(interaction.data or {})}
            if not self._is_known(str(data.get("custom_id"))):
                say = (await self.runtime.origin(interaction)).say
                await try_to_respond(interaction, say(notices.OUTDATED))

    def _is_known(self, custom_id: str) -> bool:
        """Return whether an item of this version has a custom id."""
        items = (item for item in loaded_items(self.bot) if issubclass(item, PersistentItem))
        return any(item.has_id(custom_id) for item in items)
