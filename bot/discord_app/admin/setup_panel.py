"""The panel of `/pullquote setup`: what a channel and its server are set to, and menus for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.database import ChannelSettings, ServerSettings
from bot.discord_app.admin import strings as words
from bot.discord_app.admin.bot_permissions import missing_permissions, named
from bot.discord_app.admin.setup_components import SetupItem, item_id
from bot.discord_app.admin.setup_values import MAX_SECONDS, OWN_LANGUAGE
from bot.languages import Catalogue

# https://discord.com/developers/docs/components/reference#role-select
_MAX_ROLES = 25

# As long as the token of the interaction that opened it.
_FORM_TIMEOUT_S = 900.0


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows.

    Attributes:
        channel: The one that is set up.
        chosen: Its settings.
        server: Those of its server.
        reads_all: Whether the bot has the Message Content Intent.
        appoints: Whether the person may say who else administers the bot.
    """

    channel: discord.abc.GuildChannel
    chosen: ChannelSettings
    server: ServerSettings
    reads_all: bool
    appoints: bool


def panel_view(panel: Panel, say: Catalogue) -> ui.LayoutView:
    """Return the panel with what is chosen, and above it what is lacking for that."""
    channel = panel.channel
    heading = f"### {say(words.TITLE, channel=channel.mention)}\n-# {say(words.AT_ONCE)}"
    children: list[ui.Item[Any]] = [ui.TextDisplay(heading)]
    if warnings := lacking(panel, say):
        children.append(ui.TextDisplay("\n".join(f"\u26a0\ufe0f {line}" for line in warnings)))
    children += _channel_items(panel, say)
    children += [ui.Separator(), ui.TextDisplay(f"### {say(words.SERVER)}")]
    children += _server_items(panel, say)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, accent_colour=discord.Colour.blurple()))
    return view


def lacking(panel: Panel, say: Catalogue) -> list[str]:
    """Return a line for each thing without which the settings of a channel come to nothing."""
    lines = []
    if missing := missing_permissions(panel.channel, panel.chosen):
        names = named(missing, say)
        lines.append(say(words.LACKING, channel=panel.channel.mention, permissions=names))
    if panel.chosen.mode == "every" and not panel.reads_all:
        lines.append(say(words.NO_INTENT))
    return lines


def cooldown_form(channel_id: int, server: ServerSettings, say: Catalogue) -> ui.Modal:
    """Return the form that asks for the cooldown."""
    form = ui.Modal(
        title=say(words.COOLDOWN_TITLE),
        custom_id=item_id("cooldown", channel_id),
        timeout=_FORM_TIMEOUT_S,
    )
    for name, label, value in (
        ("questions", words.COOLDOWN_QUESTIONS, server.cooldown_questions),
        ("seconds", words.COOLDOWN_SECONDS, server.cooldown_seconds),
    ):
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id=name, default=str(value), max_length=len(str(MAX_SECONDS))
        )
        form.add_item(ui.Label(text=say(label), component=field))
    return form


def _channel_items(panel: Panel, say: Catalogue) -> Iterable[ui.Item[Any]]:
    channel, chosen = panel.channel, panel.chosen
    modes = [
        discord.SelectOption(
            label=say(label), description=say(hint), value=mode, default=mode == chosen.mode
        )
        for mode, (label, hint) in words.MODES.items()
    ]
    yield from _menu(words.MODE, item_id("mode", channel.id), modes, say)
    if chosen.mode == "every":
        confidences = [
            discord.SelectOption(label=say(label), value=value, default=value == chosen.confidence)
            for value, label in words.CONFIDENCES.items()
        ]
        yield from _menu(words.CONFIDENCE, item_id("confidence", channel.id), confidences, say)
    if chosen.mode != "off" and isinstance(channel, discord.TextChannel):
        label = words.threads(chosen, say)
        yield ui.ActionRow(_switch(label, "threads", channel.id, on=chosen.threads))


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
    yield from _menu(words.LANGUAGE, item_id("language", number), languages, say)
    for part, title, empty, roles in (
        ("ask", words.ASK_ROLES, words.ASK_ROLES_EMPTY, server.ask_roles),
        ("teach", words.TRUSTED_ROLES, words.TRUSTED_ROLES_EMPTY, server.trusted_roles),
        ("admin", words.ADMIN_ROLES, words.ADMIN_ROLES_EMPTY, server.admin_roles),
    ):
        there = [role for role in sorted(roles) if panel.channel.guild.get_role(role)]
        picker: ui.RoleSelect[Any] = ui.RoleSelect(
            custom_id=item_id(part, number),
            placeholder=say(empty),
            min_values=0,
            max_values=_MAX_ROLES,
            default_values=[discord.Object(role, type=discord.Role) for role in there],
            disabled=part == "admin" and not panel.appoints,
        )
        yield ui.TextDisplay(f"**{say(title)}**")
        yield ui.ActionRow(SetupItem(picker))
    cooldown: ui.Button[Any] = ui.Button(
        label=words.cooldown(server, say), custom_id=item_id("cooldown", number)
    )
    plain = _switch(words.plain(server, say), "plain", number, on=server.plain)
    yield ui.ActionRow(SetupItem(cooldown), plain)


def _menu(
    title: str, custom_id: str, options: Sequence[discord.SelectOption], say: Catalogue
) -> Iterable[ui.Item[Any]]:
    yield ui.TextDisplay(f"**{say(title)}**")
    menu: ui.Select[Any] = ui.Select(custom_id=custom_id, options=list(options))
    yield ui.ActionRow(SetupItem(menu))


def _switch(label: str, part: str, channel_id: int, *, on: bool) -> SetupItem:
    """Return a button that shows what is, and whose press makes it the other."""
    style = discord.ButtonStyle.success if on else discord.ButtonStyle.secondary
    wanted = item_id(part, channel_id, "off" if on else "on")
    button: ui.Button[Any] = ui.Button(label=label, style=style, custom_id=wanted)
    return SetupItem(button)
