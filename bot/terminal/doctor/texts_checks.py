"""The check of servers' texts: those of this machine, in the database and in the indexes."""

import asyncio

from bot.config.settings import Settings
from bot.database import database_file
from bot.errors import BotError
from bot.indexing.texts_check import TextsComparison, compare_texts
from bot.rendering.plain_text import counted
from bot.terminal.doctor.check import Check

_NAME = "texts"

# A line has room for so many names of each kind.
_MAX_NAMES = 2

_START = "start the bot, which brings them up to date; a running one does within a minute"


def check_texts(settings: Settings) -> Check:
    """Check that servers' texts are the same here as in the database, and indexed."""
    try:
        compared = asyncio.run(compare_texts(settings))
    except BotError:  # the database has a check of its own
        return Check(_NAME, "unknown", "the database cannot be read")
    except OSError as error:
        detail = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return Check(_NAME, "failure", detail, "let the user of the bot read it")
    doubts = _doubts(compared)
    total = f"{counted(compared.texts, 'text')} of {counted(compared.servers, 'server')}"
    if not doubts:
        place = "" if database_file(settings.database) else " as in the database,"
        return Check(_NAME, "ok", f"{total},{place} indexed")
    return Check(
        _NAME,
        "failure" if compared.damaged else "warning",
        "; ".join([total, *(f"{said}: {_first(names)}" for said, names, _ in doubts)]),
        "; ".join(dict.fromkeys(advice for _, _, advice in doubts)),
        tuple(f"{said}: {name}" for said, names, _ in doubts for name in names),
    )


def _doubts(compared: TextsComparison) -> list[tuple[str, tuple[str, ...], str]]:
    """Return what does not agree: in words, with its names, and what to do."""
    again = "add the damaged texts again, or remove them"
    remove = "remove folders that are left over after a start of the bot"
    every = [
        ("file", "damaged in the database", compared.damaged, again),
        ("file", "not as in the database", compared.differing, _START),
        ("server", "not fetched yet", compared.missing, _START),
        ("server", "not in the database yet", compared.unstored, _START),
        ("folder", "left over", compared.leftover, remove),
        ("server", "whose index is not current", compared.unindexed, _START),
    ]
    return [
        (f"{counted(len(names), noun)} {said}", names, advice)
        for noun, said, names, advice in every
        if names
    ]


def _first(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_MAX_NAMES]) + (", ..." if len(names) > _MAX_NAMES else "")
