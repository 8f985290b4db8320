"""Who may ask, teach and administer; checked here because Discord only hides commands."""

import time
from collections.abc import Collection

import discord

from bot.database import ServerSettings
from bot.discord_app.context.cooldowns import Cooldowns
from bot.discord_app.context.origin import Origin, settings_channel_id
from bot.discord_app.context.runtime import Runtime
from bot.languages import Catalogue
from bot.rendering import notices


def refusal(
    member: discord.Member | discord.User,
    guild_id: int | None,
    settings: ServerSettings,
    cooldowns: Cooldowns,
    say: Catalogue,
    *,
    counts: bool = True,
) -> str | None:
    """Return why a person may not ask now; None if they may.

    Args:
        member: The person who asks.
        guild_id: The server; None outside of servers, where everybody may ask.
        settings: The server's settings.
        cooldowns: Recent questions of each person.
        say: The language of the reason.
        counts: Whether the cooldown counts this question, if they may ask.
    """
    if guild_id is None:
        return None
    if not may_ask(member, settings):
        return say(notices.MAY_NOT_ASK)
    ask = cooldowns.wait_s if counts else cooldowns.remaining_s
    wait_s = ask(guild_id, member.id, settings.cooldown_questions, settings.cooldown_seconds)
    return notices.wait(say, wait_s, time.time()) if wait_s > 0 else None


async def command_refusal(
    interaction: discord.Interaction, runtime: Runtime, origin: Origin
) -> str | None:
    """Return why a person may not use a command now; None if they may.

    If they may, the cooldown counts the command as a question.
    """
    server = await runtime.settings_cache.server(origin.guild_id)
    channel_id = settings_channel_id(interaction.channel)
    channel = await runtime.settings_cache.channel(origin.guild_id, channel_id)
    if channel.mode == "off":
        return origin.say(notices.TURNED_OFF)
    return refusal(interaction.user, origin.guild_id, server, runtime.cooldowns, origin.say)


def may_ask(member: discord.Member | discord.User, settings: ServerSettings) -> bool:
    """Return whether a person may ask: everybody, unless the settings name roles."""
    return not settings.ask_roles or _has_role(member, settings.ask_roles) or manages(member)


def may_administer(member: discord.Member | discord.User, settings: ServerSettings) -> bool:
    """Return whether a person may change the bot's settings and texts in their server."""
    return manages(member) or _has_role(member, settings.admin_roles)


def may_teach(member: discord.Member | discord.User, settings: ServerSettings) -> bool:
    """Return whether a person may bind questions to paragraphs."""
    return may_administer(member, settings) or _has_role(member, settings.trusted_roles)


def may_moderate(interaction: discord.Interaction, settings: ServerSettings) -> bool:
    """Return whether a person may delete the bot's answers to others."""
    return interaction.permissions.manage_messages or may_administer(interaction.user, settings)


def manages(member: discord.Member | discord.User) -> bool:
    """Return whether a person has the permission to manage the server."""
    if not isinstance(member, discord.Member):
        return False
    may = member.guild_permissions
    return may.administrator or may.manage_guild


def _has_role(member: discord.Member | discord.User, roles: Collection[int]) -> bool:
    if not isinstance(member, discord.Member):
        return False
    return any(role.id in roles for role in member.roles)
