"""The cog that answers buttons and menus of other versions, which no item matches."""

from typing import Any

import discord
from discord.ext import commands

from bot.discord_app.context.feature_cog import FeatureCog, loaded_items
from bot.discord_app.gateway.dynamic_items import matches
from bot.discord_app.messages.send import try_to_respond
from bot.rendering import notices


class StaleComponentsCog(FeatureCog):
    """Says that a button no longer works, instead of letting it fail."""

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a button or menu that no item of this version matches."""
        if interaction.type is discord.InteractionType.component:
            data: dict[str, Any] = {**(interaction.data or {})}
            if not self._is_known(str(data.get("custom_id"))):
                say = (await self.runtime.origin(interaction)).say
                await try_to_respond(interaction, say(notices.OUTDATED))

    def _is_known(self, custom_id: str) -> bool:
        """Return whether a button or menu of this version has that id."""
        return any(matches(item, custom_id) for item in loaded_items(self.bot))
