"""The panel of `/pullquote setup`: menus with the settings of a channel and its server."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.database import ChannelSettings, ServerSettings
from bot.discord_app.admin.setup import strings as words
from bot.discord_app.admin.setup.bot_permissions import missing_permissions, named
from bot.discord_app.admin.setup.setup_components import (
    ChannelState,
    CooldownButton,
    MenuState,
    SetupSwitch,
    TextsButton,
    channel_menu,
    role_menu,
    setup_menu,
)
from bot.discord_app.admin.setup.setup_values import OWN_LANGUAGE
from bot.languages import Catalogue


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows.

    Attributes:
        channel: The channel or category that is set up.
        chosen: The channel's settings.
        server: The settings of its server.
        reads_all: Whether the bot has the Message Content Intent.
        appoints: Whether the person may choose who else administers the bot.
        category: The settings of the channel's category.
    """

    channel: discord.abc.GuildChannel
    chosen: ChannelSettings
    server: ServerSettings
    reads_all: bool
    appoints: bool
    category: ChannelSettings = ChannelSettings()  # noqa: RUF009  (it is frozen)


def panel_view(panel: Panel, say: Catalogue) -> ui.LayoutView:
    """Return the panel: warnings of what the current settings still need, then the settings."""
    channel = panel.channel
    heading = f"### {say(words.TITLE, channel=channel.mention)}\n-# {say(words.AT_ONCE)}"
    children: list[ui.Item[Any]] = [ui.TextDisplay(heading)]
    if warnings := warning_lines(panel, say):
        children.append(ui.TextDisplay("\n".join(f"\u26a0\ufe0f {line}" for line in warnings)))
    children += _channel_items(panel, say)
    children += [ui.Separator(), ui.TextDisplay(f"### {say(words.SERVER)}")]
    children += _server_items(panel, say)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, accent_colour=discord.Colour.blurple()))
    return view


def warning_lines(panel: Panel, say: Catalogue) -> list[str]:
    """Return the warnings of a channel, and of the channel of the digest.

    One line names all permissions that its settings need and the bot does not have. Another line
    says that they need the Message Content Intent, if the bot does not have it.
    """
    lines = list(_digest_warnings(panel, say))
    if isinstance(panel.channel, discord.CategoryChannel):
        return lines
    if missing := missing_permissions(panel.channel, panel.chosen):
        names = named(missing, say)
        lines.append(say(words.LACKING, channel=panel.channel.mention, permissions=names))
    if panel.chosen.mode == "every" and not panel.reads_all:
        lines.append(say(words.NO_INTENT))
    return lines


def _digest_warnings(panel: Panel, say: Catalogue) -> Iterable[str]:
    """Yield why the weekly digest cannot be sent; nothing if it can, or is off."""
    if panel.server.digest_channel is None:
        return
    channel = panel.channel.guild.get_channel(panel.server.digest_channel)
    if channel is None:
        yield say(words.DIGEST_CHANNEL_GONE)
        return
    may = channel.permissions_for(channel.guild.me)
    missing = [name for name in ("view_channel", "send_messages") if not getattr(may, name)]
    is_named = channel.id == panel.channel.id and panel.chosen.mode != "off"
    if missing and not is_named:
        permissions = named(missing, say)
        yield say(words.LACKING, channel=channel.mention, permissions=permissions)


def _channel_items(panel: Panel, say: Catalogue) -> Iterable[ui.Item[Any]]:
    is_category = isinstance(panel.channel, discord.CategoryChannel)
    if not is_category:
        yield from _answering_items(panel, say)
    if is_category or panel.chosen.mode != "off":
        yield ui.ActionRow(*_channel_switches(panel, say))
    yield ui.TextDisplay(
        f"**{say(words.TEXTS)}**\n{words.texts(panel.chosen, panel.category.texts, say)}"
    )
    state = ChannelState(panel.channel.id)
    yield ui.ActionRow(TextsButton.make(state, say(words.CHOOSE_TEXTS)))


def _channel_switches(panel: Panel, say: Catalogue) -> Iterable[SetupSwitch]:
    channel, chosen = panel.channel, panel.chosen
    if isinstance(channel, discord.TextChannel):
        label = words.threads(chosen, say)
        yield SetupSwitch.showing(label, "threads", channel.id, on=chosen.threads)
    private = chosen.answers_privately(panel.category)
    label = say(words.PRIVATE_ON if private else words.PRIVATE_OFF)
    yield SetupSwitch.showing(label, "private", channel.id, on=private)


def _answering_items(panel: Panel, say: Catalogue) -> Iterable[ui.Item[Any]]:
    channel, chosen = panel.channel, panel.chosen
    modes = [
        discord.SelectOption(
            label=say(label), description=say(hint), value=mode, default=mode == chosen.mode
        )
        for mode, (label, hint) in words.MODES.items()
    ]
    yield from _menu(words.MODE, MenuState("mode", channel.id), modes, say)
    if chosen.mode == "every":
        confidences = [
            discord.SelectOption(label=say(label), value=value, default=value == chosen.confidence)
            for value, label in words.CONFIDENCES.items()
        ]
        state = MenuState("confidence", channel.id)
        yield from _menu(words.CONFIDENCE, state, confidences, say)


def _server_items(panel: Panel, say: Catalogue) -> Iterable[ui.Item[Any]]:
    server, number = panel.server, panel.channel.id
    languages = [
        discord.SelectOption(
            label=say(words.EVERYBODYS_OWN),
            description=say(words.EVERYBODYS_OWN_HINT),
            value=OWN_LANGUAGE,
            default=server.language is None,
        ),
        *(
            discord.SelectOption(label=name, value=code, default=code == server.language)
            for code, name in words.LANGUAGE_NAMES.items()
        ),
    ]
    yield from _menu(words.LANGUAGE, MenuState("language", number), languages, say)
    asks, teaches, administers = (
        MenuState("ask", number),
        MenuState("teach", number),
        MenuState("admin", number),
    )
    for state, title, empty, roles in (
        (asks, words.ASK_ROLES, words.ASK_ROLES_EMPTY, server.ask_roles),
        (teaches, words.TRUSTED_ROLES, words.TRUSTED_ROLES_EMPTY, server.trusted_roles),
        (administers, words.ADMIN_ROLES, words.ADMIN_ROLES_EMPTY, server.admin_roles),
    ):
        yield ui.TextDisplay(f"**{say(title)}**")
        there = [role for role in sorted(roles) if panel.channel.guild.get_role(role)]
        disabled = state.part == "admin" and not panel.appoints
        yield role_menu(state, say(empty), there, disabled=disabled)
    yield ui.TextDisplay(f"**{say(words.DIGEST)}**")
    chosen = panel.channel.guild.get_channel(server.digest_channel or 0)
    yield channel_menu(MenuState("digest", number), say(words.DIGEST_OFF), chosen)
    plain = SetupSwitch.showing(words.plain(server, say), "plain", number, on=server.plain)
    label = words.shared(server, say)
    shared = SetupSwitch.showing(label, "shared", number, on=server.shared_texts)
    yield ui.ActionRow(CooldownButton.showing(server, number, say), plain, shared)


def _menu(
    title: str, state: MenuState, options: list[discord.SelectOption], say: Catalogue
) -> Iterable[ui.Item[Any]]:
    yield ui.TextDisplay(f"**{say(title)}**")
    yield setup_menu(state, options)
