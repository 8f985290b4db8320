"""Change settings to the values that a person chose on the panel; does not use discord.py."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal, get_args

from bot.database import ChannelSettings, Confidence, Mode, ServerSettings
from bot.languages import LANGUAGES

# Parts of the settings that a menu sets, and those that a button switches; forms set "cooldown" and
# "texts".
MenuPart = Literal["mode", "confidence", "language", "ask", "teach", "admin", "digest"]
SwitchPart = Literal["threads", "private", "plain", "shared"]

# Those that concern the channel; the others concern the server.
CHANNEL_PARTS = ("mode", "confidence", "threads", "texts", "private")

# The option of the language menu for the language of each person or server.
OWN_LANGUAGE = "own"

# Higher numbers limit nothing, or are typing errors.
MAX_QUESTIONS = 1000
MAX_SECONDS = 86_400

_NO_CATEGORY = ChannelSettings()


def changed_channel(
    settings: ChannelSettings,
    part: str,
    values: Sequence[str],
    category: ChannelSettings = _NO_CATEGORY,
) -> ChannelSettings:
    """Return a channel's settings with a new value for one of CHANNEL_PARTS.

    Args:
        settings: The current settings.
        part: What was chosen.
        values: The names of texts for "texts", any number; otherwise one.
        category: The settings of the channel's category. A channel that chooses the same for
            "private" follows its category again.

    Raises:
        ValueError: The panel does not offer these values.
    """
    if part == "texts":
        return replace(settings, texts=named_texts(values) or None)
    value = _one(values)
    if part == "threads":
        return replace(settings, threads=_switch(value))
    if part == "private":
        chosen, of_category = _switch(value), bool(category.private_answers)
        return replace(settings, private_answers=None if chosen == of_category else chosen)
    for mode in get_args(Mode):
        if (part, value) == ("mode", mode):
            return replace(settings, mode=mode)
    for confidence in get_args(Confidence):
        if (part, value) == ("confidence", confidence):
            return replace(settings, confidence=confidence)
    raise ValueError(f"{part} cannot be {value!r}")


def changed_server(
    settings: ServerSettings, part: str, values: Sequence[str], choosable: Collection[int]
) -> ServerSettings:
    """Return a server's settings with a new value for one of the other parts.

    Args:
        settings: The current settings.
        part: What was chosen.
        values: Ids of roles, any number; the id of a channel or nothing for "digest"; questions
            and seconds for "cooldown"; otherwise one.
        choosable: The roles, or channels for "digest", that may be chosen; others are left out.

    Raises:
        ValueError: The panel does not offer these values.
    """
    if part in ("ask", "teach", "admin"):
        chosen = frozenset(int(value) for value in values) & frozenset(choosable)
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
    if part == "digest":
        digest_channel = next((int(value) for value in values if int(value) in choosable), None)
        return replace(settings, digest_channel=digest_channel)
    value = _one(values)
    if part == "plain":
        return replace(settings, plain=_switch(value))
    if part == "shared":
        return replace(settings, shared_texts=_switch(value))
    if part == "language" and value in (OWN_LANGUAGE, *LANGUAGES):
        return replace(settings, language=None if value == OWN_LANGUAGE else value)
    raise ValueError(f"{part} cannot be {value!r}")


def channel_values(
    settings: ChannelSettings, part: str, category: ChannelSettings = _NO_CATEGORY
) -> tuple[str, ...]:
    """Return the values of one of CHANNEL_PARTS, in the form in which they are chosen."""
    held = {
        "mode": (settings.mode,),
        "confidence": (settings.confidence,),
        "threads": (_word(settings.threads),),
        "texts": settings.texts or (),
        "private": (_word(settings.answers_privately(category)),),
    }
    return held[part]


def server_values(settings: ServerSettings, part: str) -> tuple[str, ...]:
    """Return the values of one of the other parts, in the form in which they are chosen."""
    held = {
        "language": (settings.language or OWN_LANGUAGE,),
        "ask": _ids(settings.ask_roles),
        "teach": _ids(settings.trusted_roles),
        "admin": _ids(settings.admin_roles),
        "cooldown": (str(settings.cooldown_questions), str(settings.cooldown_seconds)),
        "digest": _ids([settings.digest_channel] if settings.digest_channel else []),
        "plain": (_word(settings.plain),),
        "shared": (_word(settings.shared_texts),),
    }
    return held[part]


def named_texts(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the names of texts on the lines of a form, each once."""
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _ids(ids: Collection[int]) -> tuple[str, ...]:
    return tuple(map(str, sorted(ids)))


def _word(on: bool) -> str:
    return "on" if on else "off"


def _one(values: Sequence[str]) -> str:
    (value,) = values
    return value


def _switch(value: str) -> bool:
    if value not in ("on", "off"):
        raise ValueError(f"neither on nor off: {value!r}")
    return value == "on"
