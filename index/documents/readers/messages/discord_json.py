"""Read a channel that DiscordChatExporter exported as JSON."""

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from index.documents.limits import Limits
from index.documents.model import Content
from index.documents.readers.charset import decode
from index.documents.readers.messages.attachments import attachments_left_out
from index.documents.readers.messages.authors import Authors
from index.documents.readers.messages.channel import Message, compose_channel

_NO_EXPORT = "it is no channel that DiscordChatExporter exported; other JSON is not read"

# Messages that tell of an event instead of being written.
_EVENTS = frozenset(
    """RecipientAdd RecipientRemove Call ChannelNameChange ChannelIconChange ChannelPinnedMessage
    GuildMemberJoin ThreadCreated""".split()
)

# How Discord itself writes that a person is mentioned.
_MENTION = re.compile(r"<@!?(\d{1,20})>")

# Replies of bots to commands, by the number of their type.
_OF_COMMANDS = ("20", "23", "ChatInputCommand", "ContextMenuCommand")


def read_exported_json(data: bytes, limits: Limits) -> Content:
    """Return a channel with one passage for each message.

    Left out are notices of Discord, replies of bots to commands, and pictures and other files. What
    is embedded is read in messages of bots and webhooks only; else it is a preview of a link.

    Raises:
        ValueError: It is no such export.
    """
    decoded = decode(data)
    try:
        export = json.loads(decoded.text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(_NO_EXPORT) from error
    messages = list(_objects(_object(export).get("messages")))
    channel = _object(_object(export).get("channel"))
    if not channel or not any("content" in one for one in messages):
        raise ValueError(_NO_EXPORT)
    guild = _object(export.get("guild"))
    authors = Authors(limits.names_authors)
    address = f"https://discord.com/channels/{_id(guild, '@me')}/{_id(channel, '')}/"
    read = (_message(one, authors, address) for one in messages if _is_written(one))
    names = f"#{_text(channel.get('name'))}", _text(guild.get("name"))
    days = {_text(one.get("id")): day for one in messages if (day := _day(one.get("timestamp")))}
    title = " \u00b7 ".join(filter(None, names))
    n_files = sum(len(list(_objects(one.get("attachments")))) for one in messages)
    return Content(
        *compose_channel(read, title, _text(channel.get("topic")), days),
        remark=decoded.remark or attachments_left_out(n_files),
    )


def _is_written(message: Mapping[str, Any]) -> bool:
    kind = message.get("type")
    is_reply_of_bot = _is_bot(message) and (kind in _OF_COMMANDS or "interaction" in message)
    return kind not in _EVENTS and not is_reply_of_bot


def _message(message: Mapping[str, Any], authors: Authors, address: str) -> Message:
    key = _text(message.get("id"))
    return Message(
        key,
        _label(_object(message.get("author")), authors),
        _mentions_replaced(message, _content(message), authors),
        "markdown",
        answered=_text(_object(message.get("reference")).get("messageId")) or None,
        url=address + key if key.isdigit() and "//" not in address[8:] else None,
    )


def _content(message: Mapping[str, Any]) -> str:
    forwarded = _object(message.get("forwardedMessage"))
    parts = [_text(message.get("content")), _text(forwarded.get("content"))]
    for embed in _objects(message.get("embeds")) if _is_bot(message) else ():
        parts += [_text(embed.get("title")), _text(embed.get("description"))]
        for one in _objects(embed.get("fields")):
            parts += [f"{_text(one.get('name'))}:", _text(one.get("value"))]
    return "\n\n".join(filter(None, parts))


def _mentions_replaced(message: Mapping[str, Any], text: str, authors: Authors) -> str:
    """Return a text in which people who are mentioned are called as authors are."""
    for person in _objects(message.get("mentions")):
        names = [_text(person.get("nickname")), _text(person.get("name"))]
        label = _label(person, authors)
        for name in sorted(filter(None, names), key=len, reverse=True):
            text = text.replace(f"@{name}", f"@{label}")
    return _MENTION.sub(lambda found: f"@{authors.label(found[1], '')}", text)


def _label(person: Mapping[str, Any], authors: Authors) -> str:
    name = _text(person.get("nickname")) or _text(person.get("name"))
    return authors.label(_text(person.get("id")) or name, name)


def _is_bot(message: Mapping[str, Any]) -> bool:
    return _object(message.get("author")).get("isBot") is True


def _day(timestamp: object) -> str | None:
    try:
        return datetime.datetime.fromisoformat(_text(timestamp)).date().isoformat()
    except ValueError:
        return None


def _id(holder: Mapping[str, Any], default: str) -> str:
    key = _text(holder.get("id"))
    return key if key.isdigit() and int(key) else default


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterator[dict[str, Any]]:
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()
