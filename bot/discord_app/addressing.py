"""Decide which messages are questions for the bot, and read what they ask."""

import re
from collections.abc import Callable, Mapping

import discord

_ANSWERABLE_TYPES = (discord.MessageType.default, discord.MessageType.reply)

_PERSON_OR_ROLE = re.compile(r"<(@[!&]?)(\d+)>")

# What Discord writes for channels, custom emoji, times, commands and places, and addresses: for
# people it shows something else, and no text answers it.
_NO_WORDS = re.compile(
    r"<#\d+>|<a?:\w+:\d+>|<t:-?\d+(?::\w)?>|</[^:<>]+:\d+>|<id:\w+>|https?://[^\s<>]+"
)


def should_answer(
    message: discord.Message, me: discord.ClientUser, is_answer: Callable[[int], bool]
) -> bool:
    """Say whether a person addressed the bot: by mention, by replying to it, or in private.

    Mentions of everyone or of a role do not count; bots, webhooks and system messages are never
    answered.

    Args:
        message: What was posted.
        me: The bot.
        is_answer: Whether the message of that id is known to be the bot's.
    """
    if message.author.bot or message.webhook_id is not None:
        return False
    if message.type not in _ANSWERABLE_TYPES:
        return False
    mentioned = any(user.id == me.id for user in message.mentions)
    return message.guild is None or mentioned or _replies_to(message, me, is_answer)


def _replies_to(
    message: discord.Message, me: discord.ClientUser, is_answer: Callable[[int], bool]
) -> bool:
    """Say whether the message is a reply to one of the bot's own messages."""
    reference = message.reference
    if reference is None or message.type is not discord.MessageType.reply:
        return False
    if reference.resolved is None:  # Discord need not send the original
        return reference.message_id is not None and is_answer(reference.message_id)
    original = reference.resolved
    return isinstance(original, discord.Message) and original.author.id == me.id


def question_in(message: discord.Message, me: discord.ClientUser) -> str:
    """Return what was asked, in words; empty where nothing is readable.

    The mention of the bot, addresses and custom emoji are left out; people and roles stand by
    their names.
    """
    names = {user.id: user.display_name for user in message.mentions if user.id != me.id}
    names |= {role.id: role.name for role in message.role_mentions if not _is_own(role, me)}
    return words_in(message.content, names)


def words_in(text: str, names: Mapping[int, str] | None = None) -> str:
    """Return a text without Discord's markup for things that are no words.

    Args:
        text: What was typed.
        names: Of people and roles by id; others are left out.
    """
    named = _PERSON_OR_ROLE.sub(lambda match: f" {(names or {}).get(int(match[2]), '')} ", text)
    return _NO_WORDS.sub(" ", named).strip()


def _is_own(role: discord.Role, me: discord.ClientUser) -> bool:
    """Say whether Discord made the role for the bot."""
    return role.tags is not None and role.tags.bot_id == me.id
