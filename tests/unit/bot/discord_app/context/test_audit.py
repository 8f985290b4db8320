"""Recording who changed something."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

from bot.database import Change, CircuitBreaker, Pseudonyms
from bot.discord_app.context.audit import note_change
from bot.errors import DatabaseError

CHANGE = Change(1, "text_added", "mill.md")
KEY = Pseudonyms(b"k" * 32)


class Log:
    """An audit log that records what is added, or fails."""

    def __init__(self, *, failing: bool = False) -> None:
        self.added: list[tuple[Change, str, str]] = []
        self._failing = failing

    async def add(self, change: Change, *, person: str, sealed: str) -> None:
        """Record a change, or fail as a locked database does."""
        if self._failing:
            raise DatabaseError("pullquote.db", "database is locked")
        self.added.append((change, person, sealed))


def note(log):
    """Record that person 7 made the change."""
    runtime: Any = SimpleNamespace(
        pseudonyms=KEY, breaker=CircuitBreaker(), database=SimpleNamespace(audit_log=log)
    )
    interaction: Any = SimpleNamespace(user=SimpleNamespace(id=7))
    asyncio.run(note_change(runtime, interaction, CHANGE))


def test_change_is_recorded_with_its_person():
    """The hash finds the person's changes, and the key tells who it was."""
    log = Log()
    note(log)
    ((change, person, sealed),) = log.added
    assert change == CHANGE
    assert person == KEY.hashed(7)
    assert KEY.opened(person, sealed) == 7


def test_change_stays_made_where_it_cannot_be_recorded(caplog):
    """A locked database is logged, and the person is not told of a failure."""
    caplog.set_level(logging.WARNING)
    note(Log(failing=True))
    assert "database is locked" in caplog.text
