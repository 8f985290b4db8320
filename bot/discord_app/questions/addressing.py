"""Decide which messages are questions for the bot, and read them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import discord

from bot.answering import Turn, makes_sense_alone, passes_on, reads_like_a_question
from bot.database import ChannelSettings
from bot.discord_app.context.origin import is_public, of_message, settings_channel_id
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.questions.models import IncomingQuestion, Trigger
from bot.discord_app.questions.state.conversations import ConversationMemory

_ANSWERABLE_TYPES = (discord.MessageType.default, discord.MessageType.reply)

_NAMED = re.compile(r"<(?:@[!&]?|#)(\d+)>")
_CHANNEL = re.compile(r"<#(\d+)>")

# Discord's markup for custom emoji, times, commands and navigation, and web addresses:
# people see something else in their place, and it helps no search.
_NO_WORDS = re.compile(r"<a?:\w+:\d+>|<t:-?\d+(?::\w)?>|</[^:<>]+:\d+>|<id:\w+>|https?://[^\s<>]+")


def trigger_of(
    message: discord.Message,
    me: discord.ClientUser,
    conversations: ConversationMemory,
    channel: ChannelSettings,
) -> Trigger | None:
    """Return why a message is a question for the bot; None if it is not.

    Args:
        message: What a person posted.
        me: The bot.
        conversations: The remembered answers.
        channel: The settings where it was posted.

    Returns:
        "addressed": a mention of the bot (not of everyone or of a role), a reply to it, or a direct
            message.
        "post": the opening message of a forum post, or a later question of its author that
            addresses nobody, in a channel where the bot answers all questions.
        "thread": a question in a thread that the bot opened.
        "overheard": a question that addresses nobody, in a channel where the bot answers all
            questions.
    """
    if message.type not in _ANSWERABLE_TYPES or channel.mode == "off":
        return None
    if is_direct(message):
        return "addressed"
    if message.guild is None:
        return None  # of a server that this connection does not know, or not yet
    mentioned = any(user.id == me.id for user in message.mentions)
    if mentioned or _replies_to(message, me, conversations.is_answer):
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
    was_answered = conversations.has_answer(message.channel.id, message.author.id)
    asks = reads_like_a_question(
        words_in(message.content),
        follows_answer=trigger == "thread" or (trigger == "post" and was_answered),
    )
    return trigger if asks else None


def is_direct(message: discord.Message) -> bool:
    """Return whether a message was sent to the bot alone; others belong to a server."""
    return isinstance(message.channel, discord.DMChannel)


def can_read(message: discord.Message, client: discord.Client) -> bool:
    """Return whether Discord sends the message's text to the bot.

    Without the message content intent, Discord sends the text of direct messages and of messages
    that mention the bot. A reply to the bot's answer to a command must have the mention in its
    text; the ping that a reply sends is not enough.
    """
    return is_direct(message) or client.intents.message_content or bool(message.content)


def is_own_thread(channel: object, me: discord.ClientUser) -> bool:
    """Return whether a channel is a thread of the bot, where all people share one conversation."""
    return isinstance(channel, discord.Thread) and channel.owner_id == me.id


def is_opening_post(message: discord.Message) -> bool:
    """Return whether a message opens a forum post; its id is that of the post's thread."""
    post = _forum_post(message)
    return post is not None and message.id == post.id


def _is_of_poster(message: discord.Message) -> bool:
    """Return whether somebody writes in the forum post that they opened."""
    post = _forum_post(message)
    return post is not None and message.author.id == post.owner_id


def _forum_post(message: discord.Message) -> discord.Thread | None:
    """Return the forum post that a message is in, or None."""
    thread = message.channel
    if isinstance(thread, discord.Thread) and isinstance(thread.parent, discord.ForumChannel):
        return thread
    return None


def _replies_to(
    message: discord.Message, me: discord.ClientUser, is_answer: Callable[[int], bool]
) -> bool:
    """Return whether the message is a reply to one of the bot's messages."""
    reference, message_id = message.reference, replied_to(message)
    if reference is None or message_id is None:
        return False
    if reference.resolved is None:  # Discord may leave out the original
        return is_answer(message_id)
    original = reference.resolved
    return isinstance(original, discord.Message) and original.author.id == me.id


def replied_to(message: discord.Message) -> int | None:
    """Return the id of the message in the same channel that a message replies to, or None."""
    reference = message.reference
    if reference is None or message.type is not discord.MessageType.reply:
        return None
    return reference.message_id if reference.channel_id == message.channel.id else None


def question_in(message: discord.Message, me: discord.ClientUser) -> str:
    """Return the question of a message as plain text; may be empty.

    Mentions of the bot, web addresses and custom emoji are left out; mentions of people, roles and
    channels become their names. The title of a forum post stands before its opening message.
    """
    names = {user.id: user.display_name for user in message.mentions if user.id != me.id}
    names |= {role.id: role.name for role in message.role_mentions if not _is_own(role, me)}
    if message.guild is not None:
        names |= channel_names(message.content, message.channel, message.author)
    asked = words_in(message.content, names)
    if is_opening_post(message) and isinstance(message.channel, discord.Thread):
        return f"{message.channel.name}\n{asked}".strip()
    return asked


def words_in(text: str, names: Mapping[int, str] | None = None) -> str:
    """Return a text without Discord's markup and web addresses.

    Args:
        text: What was typed.
        names: Names of people, roles and channels by id; other mentions are left out.
    """
    named = _NAMED.sub(lambda match: f" {(names or {}).get(int(match[1]), '')} ", text)
    return _NO_WORDS.sub(" ", named).strip()


def channel_names(text: str, place: object, author: object) -> dict[int, str]:
    """Return the names of the channels that a text mentions, by id.

    Answers, and threads that are named after their question, repeat these names. So a channel that
    is not public is named only to a member who can see it, in a place that is not public either.

    Args:
        text: What was typed.
        place: The channel where it was typed.
        author: The person who typed it.
    """
    guild = getattr(place, "guild", None)
    if not isinstance(guild, discord.Guild):
        return {}
    found = (guild.get_channel_or_thread(int(channel_id)) for channel_id in _CHANNEL.findall(text))
    return {
        channel.id: channel.name
        for channel in found
        if channel is not None
        and (is_public(channel, guild) or (_sees(author, channel) and not is_public(place, guild)))
    }


def _sees(author: object, channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    """Return whether a member can see a channel; False for private threads and if unknown."""
    if isinstance(channel, discord.Thread) and (channel.is_private() or channel.parent is None):
        return False
    return isinstance(author, discord.Member) and channel.permissions_for(author).view_channel


def _passed_on(message: discord.Message, me: discord.ClientUser) -> discord.Message | None:
    """Return the message of a person that a message replies to while it mentions the bot.

    Returns:
        None if it replies to a bot or to nothing, or if Discord does not show the bot the text.
    """
    original = message.reference.resolved if message.reference else None
    if replied_to(message) is None or all(user.id != me.id for user in message.mentions):
        return None
    if not isinstance(original, discord.Message) or original.type not in _ANSWERABLE_TYPES:
        return None
    if original.author.bot or original.webhook_id is not None or is_direct(message):
        return None
    return original if original.content else None


def _is_own(role: discord.Role, me: discord.ClientUser) -> bool:
    """Return whether Discord made the role for the bot."""
    return role.tags is not None and role.tags.bot_id == me.id


async def channel_settings(message: discord.Message, runtime: Runtime) -> ChannelSettings:
    """Return the settings of the channel of a message."""
    guild_id = message.guild.id if message.guild else None
    return await runtime.settings_cache.channel(guild_id, settings_channel_id(message.channel))


async def read_question(
    message: discord.Message,
    me: discord.ClientUser,
    runtime: Runtime,
    trigger: Trigger | None,
    channel: ChannelSettings,
) -> IncomingQuestion:
    """Return the question of a message, with the settings of its server.

    Args:
        message: What a person posted.
        me: The bot.
        runtime: Where the server's settings are read.
        trigger: Why it is a question; None for an edited message that is no longer one.
        channel: The settings where it was posted.
    """
    guild_id = message.guild.id if message.guild else None
    server = await runtime.settings_cache.server(guild_id)
    scope = await runtime.scope(guild_id, message.channel)
    question = IncomingQuestion(
        text=question_in(message, me),
        origin=of_message(message, server.language, scope),
        asker=message.author,
        trigger=trigger,
        server=server,
        channel=channel,
        message_id=message.id,
        reply_to=replied_to(message),
        shared=is_own_thread(message.channel, me),
    )
    original = _passed_on(message, me)
    if original is None or trigger != "addressed":
        return question
    said, author_id = question_in(original, me), original.author.id
    if passes_on(question.text):
        return replace(question, text=said, words_by=author_id, context=())
    if not makes_sense_alone(said):
        return question
    author = runtime.pseudonyms.hashed(author_id)
    return replace(question, context=(Turn(said, asked_by=author, kept=False),))
