"""Decide which messages are questions for the bot, and read what they ask."""

import re
from collections.abc import Callable, Mapping

import discord

from bot.answering import reads_like_a_question
from bot.database import ChannelSettings
from bot.discord_app.context.origin import of_message, settings_channel_id
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.questions.models import IncomingQuestion, Trigger

_ANSWERABLE_TYPES = (discord.MessageType.default, discord.MessageType.reply)

_PERSON_OR_ROLE = re.compile(r"<(@[!&]?)(\d+)>")

# What Discord writes for channels, custom emoji, times, commands and places, and addresses: for
# people it shows something else, and no text answers it.
_NO_WORDS = re.compile(
    r"<#\d+>|<a?:\w+:\d+>|<t:-?\d+(?::\w)?>|</[^:<>]+:\d+>|<id:\w+>|https?://[^\s<>]+"
)


def trigger_of(
    message: discord.Message,
    me: discord.ClientUser,
    is_answer: Callable[[int], bool],
    channel: ChannelSettings,
) -> Trigger | None:
    """Return why a message is a question for the bot; None where it is not.

    Args:
        message: What a person posted.
        me: The bot.
        is_answer: Whether the message of that id is known to be the bot's.
        channel: The settings where it was posted.

    Returns:
        "addressed": by mention (not of everyone or of a role), by a reply to the bot, in private.
        "post": in a forum post of the author, where all questions are answered: the opening
            message, and a later question that addresses nobody.
        "thread": a question in a thread that the bot opened for one.
        "overheard": a question to nobody, where all questions are answered.
    """
    if message.type not in _ANSWERABLE_TYPES or channel.mode == "off":
        return None
    if message.guild is None and not is_direct(message):
        return None  # of a server that this connection does not know, or not yet
    if is_direct(message) or mentions(message, me) or _replies_to(message, me, is_answer):
        return "addressed"
    answers_all = channel.mode == "every"
    if is_opening_post(message):
        return "post" if answers_all else None
    if message.reference is not None or message.mentions:  # it talks to somebody else
        return None
    trigger: Trigger | None = "overheard" if answers_all else None
    if isinstance(message.channel, discord.Thread):
        trigger = "post" if answers_all and _is_of_poster(message) else None
        if is_own_thread(message.channel, me):
            trigger = "thread"
    follows_answer = trigger in ("thread", "post")
    asks = reads_like_a_question(words_in(message.content), follows_answer=follows_answer)
    return trigger if asks else None


def is_direct(message: discord.Message) -> bool:
    """Return whether a message was sent to the bot alone; others belong to a server."""
    return isinstance(message.channel, discord.DMChannel)


def mentions(message: discord.Message, me: discord.ClientUser) -> bool:
    """Return whether a message mentions the bot itself, not everyone or a role."""
    return any(user.id == me.id for user in message.mentions)


def can_read(message: discord.Message, client: discord.Client) -> bool:
    """Return whether Discord sends us the message's text.

    Without the message content intent it does in direct messages and in messages that mention the
    bot, but not in replies to its answers to commands, even if they mention it.
    """
    return is_direct(message) or client.intents.message_content or bool(message.content)


def is_own_thread(channel: object, me: discord.ClientUser) -> bool:
    """Say whether the bot opened a thread; all who write there are in one conversation."""
    return isinstance(channel, discord.Thread) and channel.owner_id == me.id


def is_opening_post(message: discord.Message) -> bool:
    """Say whether a message opens a forum post; it has the id of the post's thread."""
    channel = message.channel
    return (
        isinstance(channel, discord.Thread)
        and message.id == channel.id
        and isinstance(channel.parent, discord.ForumChannel)
    )


def _is_of_poster(message: discord.Message) -> bool:
    """Return whether somebody writes in the forum post that they opened."""
    channel = message.channel
    return (
        isinstance(channel, discord.Thread)
        and isinstance(channel.parent, discord.ForumChannel)
        and channel.owner_id == message.author.id
    )


def _replies_to(
    message: discord.Message, me: discord.ClientUser, is_answer: Callable[[int], bool]
) -> bool:
    """Say whether the message is a reply to one of the bot's own messages."""
    reference, message_id = message.reference, replied_to(message)
    if reference is None or message_id is None:
        return False
    if reference.resolved is None:  # Discord need not send the original
        return is_answer(message_id)
    original = reference.resolved
    return isinstance(original, discord.Message) and original.author.id == me.id


def replied_to(message: discord.Message) -> int | None:
    """Return the message of the same channel that a message replies to; forwards are no replies."""
    reference = message.reference
    if reference is None or message.type is not discord.MessageType.reply:
        return None
    return reference.message_id if reference.channel_id == message.channel.id else None


def question_in(message: discord.Message, me: discord.ClientUser) -> str:
    """Return what was asked, in words; empty where nothing is readable.

    The mention of the bot, addresses and custom emoji are left out; people and roles stand by
    their names. The title of a forum post belongs to the question that opens it.
    """
    names = {user.id: user.display_name for user in message.mentions if user.id != me.id}
    names |= {role.id: role.name for role in message.role_mentions if not _is_own(role, me)}
    asked = words_in(message.content, names)
    if is_opening_post(message) and isinstance(message.channel, discord.Thread):
        return f"{message.channel.name}\n{asked}".strip()
    return asked


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


async def channel_settings(message: discord.Message, runtime: Runtime) -> ChannelSettings:
    """Return the settings that hold where a message was posted."""
    guild_id = message.guild.id if message.guild else None
    return await runtime.settings_cache.channel(guild_id, settings_channel_id(message.channel))


async def read_question(
    message: discord.Message,
    me: discord.ClientUser,
    runtime: Runtime,
    trigger: Trigger | None,
    channel: ChannelSettings,
) -> IncomingQuestion:
    """Return what a message asks, with the settings of its server.

    Args:
        message: What a person posted.
        me: The bot.
        runtime: What the settings come from.
        trigger: Why it is taken for a question.
        channel: The settings where it was posted.
    """
    server = await runtime.settings_cache.server(message.guild.id if message.guild else None)
    return IncomingQuestion(
        text=question_in(message, me),
        origin=of_message(message, server.language),
        asker=message.author,
        trigger=trigger,
        server=server,
        channel=channel,
        message_id=message.id,
        reply_to=replied_to(message),
        shared=is_own_thread(message.channel, me),
    )
