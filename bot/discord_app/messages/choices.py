"""The choices that Discord shows while somebody types an option of a command."""

import re
from collections.abc import Iterable

from bot.rendering.discord_markdown import message_length, shorten
from index import SourceInfo

# The limits of a list of choices, and of the name and value of each:
# https://discord.com/developers/docs/interactions/application-commands
MAX_CHOICES = 25
MAX_CHOICE_CHARS = 100

_TITLE_ROOM = 50

# After a second the person has typed on and needs other choices.
SUGGESTION_TIMEOUT_S = 1.0

# Discord refuses a list of choices with one of these characters.
_UNSENDABLE = re.compile("[\0\ud800-\udfff]")


def is_sendable(text: str) -> bool:
    """Return whether a text can be suggested unchanged."""
    return 0 < message_length(text) <= MAX_CHOICE_CHARS and not _UNSENDABLE.search(text)


def choice_name(text: str) -> str:
    """Return a text on one line, cut to the limit for names of choices.

    U+FFFD replaces characters that Discord refuses.
    """
    line = shorten(_UNSENDABLE.sub("\ufffd", text), MAX_CHOICE_CHARS)
    while message_length(line) > MAX_CHOICE_CHARS:
        line = shorten(line, len(line) - 1)
    return line


def source_choice(info: SourceInfo) -> str:
    """Return how a text is named in a list of choices: title and source."""
    return choice_name(f"{shorten(info.title, _TITLE_ROOM)} \u00b7 {info.source}")


def sendable(texts: Iterable[str]) -> Iterable[str]:
    """Return the texts that can be suggested unchanged."""
    return filter(is_sendable, texts)
