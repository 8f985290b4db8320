"""Change settings to the values that a person chose on the panel; does not use discord.py."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal, get_args

from bot.database import ChannelSettings, Confidence, Mode, ServerSettings
from bot.languages import LANGUAGES

# Parts of the settings that a menu sets, and those that a button switches; forms set "cooldown" and
# "texts".
MenuPart = Literal["mode", "confidence", "language", "ask", "teach", "admin"]
SwitchPart = Literal["threads", "plain", "shared"]

# Those that concern the channel; the others concern the server.
CHANNEL_PARTS = ("mode", "confidence", "threads", "texts")

# The option of the language menu for the language of each person or server.
OWN_LANGUAGE = "own"

# Higher numbers limit nothing, or are typing errors.
MAX_QUESTIONS = 1000
MAX_SECONDS = 86_400


def changed_channel(settings: ChannelSettings, part: str, values: Sequence[str]) -> ChannelSettings:
    """Return a channel's settings with a new value for one of CHANNEL_PARTS.

    Args:
        settings: The current settings.
        part: What was chosen.
        values: The names of texts for "texts", any number; otherwise one.

    Raises:
        ValueError: The panel does not offer these values.
    """
    if part == "texts":
        return replace(settings, texts=named_texts(values) or None)
    value = _one(values)
    if part == "threads":
        return replace(settings, threads=_switch(value))
    for mode in get_args(Mode):
        if (part, value) == ("mode", mode):
            return replace(settings, mode=mode)
    for confidence in get_args(Confidence):
        if (part, value) == ("confidence", confidence):
            return replace(settings, confidence=confidence)
    raise ValueError(f"{part} cannot be {value!r}")


def changed_server(
    settings: ServerSettings, part: str, values: Sequence[str], roles: Collection[int]
) -> ServerSettings:
    """Return a server's settings with a new value for one of the other parts.

    Args:
        settings: The current settings.
        part: What was chosen.
        values: Ids of roles, any number; questions and seconds for "cooldown"; otherwise one.
        roles: The roles that may be chosen; others are left out.

    Raises:
        ValueError: The panel does not offer these values.
    """
    if part in ("ask", "teach", "admin"):
        chosen = frozenset(int(value) for value in values) & frozenset(roles)
        if part == "ask":
            return replace(settings, ask_roles=chosen)
        if part == "teach":
            return replace(settings, trusted_roles=chosen)
        return replace(settings, admin_roles=chosen)
    if part == "cooldown":
        questions, seconds = (int(value) for value in values)
        if not (0 <= questions <= MAX_QUESTIONS and 1 <= seconds <= MAX_SECONDS):
            raise ValueError(f"{questions} questions in {seconds} seconds")
        return replace(settings, cooldown_questions=questions, cooldown_seconds=seconds)
    value = _one(values)
    if part == "plain":
        return replace(settings, plain=_switch(value))
    if part == "shared":
        return replace(settings, shared_texts=_switch(value))
    if part == "language" and value in (OWN_LANGUAGE, *LANGUAGES):
        return replace(settings, language=None if value == OWN_LANGUAGE else value)
    raise ValueError(f"{part} cannot be {value!r}")


def named_texts(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the names of texts on the lines of a form, each once."""
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _one(values: Sequence[str]) -> str:
    (value,) = values
    return value


def _switch(value: str) -> bool:
    if value not in ("on", "off"):
        raise ValueError(f"neither on nor off: {value!r}")
    return value == "on"
