"""Store the audit log: who changed which text, lesson or setting of a server, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast, get_args

from sqlalchemy import delete, select

from bot.database.connection.sessions import Sessions
from bot.database.schema.tables import AuditRow

ChangeAction = Literal[
    "text_added",
    "text_replaced",
    "text_removed",
    "text_restored",
    "lesson_taught",
    "lesson_removed",
    "setting_changed",
]

# What actions begin with.
ChangeKind = Literal["text", "lesson", "setting"]

# Long enough to find out what happened, also months ago.
AUDIT_LOG_DAYS = 90

# Only this many of a server's newest changes are listed.
_MAX_LISTED = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a server's texts, lessons or settings.

    Attributes:
        guild_id: The server.
        action: What was done.
        subject: The name of the text, or of the setting.
        paragraph: The paragraph of a lesson.
        channel_id: The channel of a setting; None for the whole server.
        before: The values of a setting before the change.
        after: Its values since the change.
    """

    guild_id: int
    action: ChangeAction
    subject: str
    paragraph: int | None = None
    channel_id: int | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChange(Change):
    """A stored change.

    Attributes:
        id: Given by the database.
        person: Keyed hash of the person who made it; empty once it is deleted.
        sealed: Their id, encrypted; empty once it is deleted.
        at: When it was made.
    """

    id: int
    person: str
    sealed: str
    at: datetime


class AuditLogStore:
    """Stores changes, separately for each server."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def add(self, change: Change, *, person: str, sealed: str) -> None:
        """Store a change.

        Args:
            change: The change.
            person: Keyed hash of the person who made it.
            sealed: Their id, encrypted.

        Raises:
            DatabaseError: The database failed.
        """
        row = AuditRow(
            guild_id=change.guild_id,
            person=person,
            sealed=sealed,
            action=change.action,
            subject=change.subject,
            paragraph=change.paragraph,
            channel_id=change.channel_id,
            before=list(change.before),
            after=list(change.after),
            at=self._sessions.now(),
        )
        async with self._sessions.writing() as session:
            session.add(row)

    async def changes(self, guild_id: int, kind: ChangeKind | None = None) -> list[StoredChange]:
        """Return the newest changes of a server, newest first.

        Args:
            guild_id: The server.
            kind: Only what was changed of this kind; None for all.

        Raises:
            DatabaseError: The database failed.
        """
        chosen = select(AuditRow).where(AuditRow.guild_id == guild_id)
        if kind is not None:
            actions = [action for action in get_args(ChangeAction) if action.startswith(kind)]
            chosen = chosen.where(AuditRow.action.in_(actions))
        chosen = chosen.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(_MAX_LISTED)
        async with self._sessions.reading() as session:
            return [stored_change(row) for row in await session.scalars(chosen)]

    async def delete_older_than(self, moment: datetime) -> int:
        """Delete the changes that were made before a time, and return their number.

        Raises:
            DatabaseError: The database failed; nothing was deleted.
        """
        gone = delete(AuditRow).where(AuditRow.at < moment).returning(AuditRow.id)
        async with self._sessions.writing() as session:
            return len(list(await session.scalars(gone)))


def stored_change(row: AuditRow) -> StoredChange:
    """Return the change of a row."""
    return StoredChange(
        guild_id=row.guild_id,
        action=cast(ChangeAction, row.action),
        subject=row.subject,
        paragraph=row.paragraph,
        channel_id=row.channel_id,
        before=tuple(row.before),
        after=tuple(row.after),
        id=row.id,
        person=row.person,
        sealed=row.sealed,
        at=row.at,
    )
