"""Decide which messages are questions for the bot."""

import re

import discord

_ANSWERABLE_TYPES = (discord.MessageType.default, discord.MessageType.reply)


def should_answer(message: discord.Message, me: discord.ClientUser) -> bool:
    """Say whether a person addressed the bot: by mention, by replying to it, or in private.

    Mentions of everyone or of a role do not count; bots, webhooks and system messages are never
    answered.
    """
    if message.author.bot or message.webhook_id is not None:
        return False
    if message.type not in _ANSWERABLE_TYPES:
        return False
    mentioned = any(user.id == me.id for user in message.mentions)
    return message.guild is None or mentioned or replies_to(message, me)


def replies_to(message: discord.Message, me: discord.ClientUser) -> bool:
    """Say whether the message is a reply to one of the bot's own messages."""
    original = message.reference.resolved if message.reference else None
    return isinstance(original, discord.Message) and original.author.id == me.id


def question_in(message: discord.Message, me: discord.ClientUser) -> str:
    """Return what was asked, without the mention of the bot; empty where nothing is readable."""
    return re.sub(rf"<@!?{me.id}>", " ", message.content).strip()
