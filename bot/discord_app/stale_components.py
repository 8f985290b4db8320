"""The cog that answers buttons and menus which discord.py would let fail."""

from collections.abc import Iterable, Iterator
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.discord_app.context.feature_cog import FeatureCog, loaded_items
from bot.discord_app.messages.persistent_items import PersistentItem
from bot.discord_app.messages.send import try_to_respond
from bot.rendering import notices


class StaleComponentsCog(FeatureCog):
    """Answers what discord.py passes over: ids of other versions, and rows that were replaced."""

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a button or menu that discord.py does not call.

        discord.py calls an item only if the message still has it. A button of this version that
        an edit took away a moment before the press is called here. For all other items, a line
        tells the person that they no longer work.
        """
        if interaction.type is not discord.InteractionType.component:
            return
        data: dict[str, Any] = {**(interaction.data or {})}
        custom_id = str(data.get("custom_id"))
        item_class = self._item_class(custom_id)
        message = interaction.message
        if item_class is not None and message and custom_id in _custom_ids(message.components):
            return
        is_button = data.get("component_type") == discord.ComponentType.button.value
        if item_class is not None and is_button:
            await item_class(ui.Button(custom_id=custom_id)).callback(interaction)
            return
        say = (await self.runtime.origin(interaction)).say
        await try_to_respond(interaction, say(notices.NO_LONGER_WORKS))

    def _item_class(self, custom_id: str) -> type[PersistentItem[Any, Any]] | None:
        """Return the class of the buttons or menus of this version that have such an id."""
        items = (item for item in loaded_items(self.bot) if issubclass(item, PersistentItem))
        return next((item for item in items if item.has_id(custom_id)), None)


def _custom_ids(components: Iterable[object]) -> Iterator[str]:
    """Yield the ids of the components of a message, of those inside others, too."""
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id is not None:
            yield custom_id
        yield from _custom_ids(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            yield from _custom_ids([accessory])
