"""The menus and buttons of the setup panel. Their ids hold the channel that the panel is about."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

import discord
from discord import ui

from bot.database import ServerSettings
from bot.discord_app.admin.setup import strings as words
from bot.discord_app.admin.setup import texts_form
from bot.discord_app.admin.setup.cooldown_form import PREFIX, CooldownForm
from bot.discord_app.admin.setup.setup_values import MenuPart, SwitchPart
from bot.discord_app.admin.setup.texts_form import TextsForm
from bot.discord_app.messages.persistent_items import PersistentButton, PersistentItem
from bot.discord_app.questions.suggestions import text_names
from bot.languages import Catalogue

if TYPE_CHECKING:
    from bot.discord_app.admin.setup.setup_cog import SetupCog

# https://discord.com/developers/docs/components/reference#role-select
_MAX_ROLES = 25


@dataclass(frozen=True, slots=True)
class MenuState:
    """What a menu sets, and the channel."""

    part: MenuPart
    channel_id: int


@dataclass(frozen=True, slots=True)
class SwitchState:
    """What a button switches, the channel, and the value that a press gives it."""

    part: SwitchPart
    channel_id: int
    value: Literal["on", "off"]


@dataclass(frozen=True, slots=True)
class ChannelState:
    """The channel."""

    channel_id: int


class SetupMenu(PersistentItem["SetupCog", MenuState], prefix="pqs", state=MenuState):
    """Sets a part of the settings to what is chosen in it."""

    async def press(self, interaction: discord.Interaction, cog: "SetupCog") -> None:
        """Save what was chosen."""
        state = self.state
        data: dict[str, Any] = {**(interaction.data or {})}
        await cog.choose(interaction, state.part, state.channel_id, data.get("values", []))


class SetupSwitch(PersistentButton["SetupCog", SwitchState], prefix="pqs", state=SwitchState):
    """Shows whether a part of the settings is on, and turns it off or on."""

    @classmethod
    def showing(cls, label: str, part: SwitchPart, channel_id: int, *, on: bool) -> Self:
        """Return the button that shows whether a part is on."""
        style = discord.ButtonStyle.success if on else discord.ButtonStyle.secondary
        return cls.make(SwitchState(part, channel_id, "off" if on else "on"), label, style=style)

    async def press(self, interaction: discord.Interaction, cog: "SetupCog") -> None:
        """Save the other value."""
        state = self.state
        await cog.choose(interaction, state.part, state.channel_id, [state.value])


class CooldownButton(PersistentButton["SetupCog", ChannelState], prefix=PREFIX, state=ChannelState):
    """Opens the form for the cooldown."""

    @classmethod
    def showing(cls, server: ServerSettings, channel_id: int, say: Catalogue) -> Self:
        """Return the button that shows the cooldown of a server."""
        return cls.make(ChannelState(channel_id), words.cooldown(server, say))

    async def press(self, interaction: discord.Interaction, cog: "SetupCog") -> None:
        """Open the form for those who may fill it in."""
        channel = await cog.channel(interaction, self.state.channel_id)
        if channel is not None:
            server = await cog.runtime.settings_cache.server(channel.guild.id)
            say = (await cog.runtime.origin(interaction)).say
            await interaction.response.send_modal(CooldownForm(channel.id, server, say))


class TextsButton(
    PersistentButton["SetupCog", ChannelState], prefix=texts_form.PREFIX, state=ChannelState
):
    """Opens the form for the texts that answer in a channel."""

    async def press(self, interaction: discord.Interaction, cog: "SetupCog") -> None:
        """Open the form for those who may fill it in."""
        channel = await cog.channel(interaction, self.state.channel_id)
        if channel is not None:
            chosen = await cog.runtime.settings_cache.channel(channel.guild.id, channel.id)
            texts = await cog.texts(channel.guild.id)
            say = (await cog.runtime.origin(interaction)).say
            form = TextsForm(channel.id, chosen, text_names(texts), say)
            await interaction.response.send_modal(form)


def setup_menu(state: MenuState, options: list[discord.SelectOption]) -> ui.ActionRow[Any]:
    """Return a menu of one value as a row of the panel."""
    menu: ui.Select[Any] = ui.Select(custom_id=SetupMenu.id_of(state), options=options)
    return ui.ActionRow(SetupMenu(menu))


def channel_menu(
    state: MenuState, placeholder: str, channel: discord.abc.GuildChannel | None
) -> ui.ActionRow[Any]:
    """Return a menu of the server's text channels, with one of them chosen or none, as a row."""
    menu: ui.ChannelSelect[Any] = ui.ChannelSelect(
        custom_id=SetupMenu.id_of(state),
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        placeholder=placeholder,
        min_values=0,
        default_values=[channel] if channel else [],
    )
    return ui.ActionRow(SetupMenu(menu))


def role_menu(
    state: MenuState, placeholder: str, role_ids: list[int], *, disabled: bool
) -> ui.ActionRow[Any]:
    """Return a menu of the server's roles, with some of them chosen, as a row of the panel."""
    menu: ui.RoleSelect[Any] = ui.RoleSelect(
        custom_id=SetupMenu.id_of(state),
        placeholder=placeholder,
        min_values=0,
        max_values=_MAX_ROLES,
        default_values=[discord.Object(role_id, type=discord.Role) for role_id in role_ids],
        disabled=disabled,
    )
    return ui.ActionRow(SetupMenu(menu))
