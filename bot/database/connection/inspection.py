"""Look at a database without changing it."""

import asyncio
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bot.database.connection.engines import BUSY_TIMEOUT_MS, make_migration_engine
from bot.database.connection.migrate import known_revisions, revision_of
from bot.database.connection.sqlite_file import RESTORE, find_damage
from bot.database.connection.url import DatabaseAddress
from bot.errors import DatabaseError

_LOCK_TIMEOUT_S = BUSY_TIMEOUT_MS // 1000


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """The state of a database that can be read.

    Attributes:
        shown: The database, without its password.
        has_tables: Whether it has tables of ours; the first start makes them.
        is_current: Whether they are those of this version; the next start migrates older ones.
        is_writable: Whether this user may write to it.
    """

    shown: str
    has_tables: bool
    is_current: bool
    is_writable: bool


def inspect_database(url: str) -> DatabaseState:
    """Open a database for reading; a missing file of SQLite is not made.

    Raises:
        SettingsError: The address cannot be used.
        DatabaseError: It cannot be opened, is damaged, or a newer version made it.
    """
    address = DatabaseAddress.parse(url)
    with address.failures():
        if address.file is None:
            revision, is_writable = asyncio.run(_look_at_server(address))
        else:
            revision, is_writable = _look_at_file(address, address.file)
    is_current = revision == known_revisions()[0]
    return DatabaseState(address.shown, revision is not None, is_current, is_writable)


def _look_at_file(address: DatabaseAddress, file: Path) -> tuple[str | None, bool]:
    """Return the revision of a file of SQLite, and whether it can be written."""
    if not file.exists():
        return None, not file.parent.exists() or os.access(file.parent, os.W_OK)
    # SQLite makes the companions of a database that nobody has open, unless it is immutable.
    is_open = file.with_name(f"{file.name}-wal").exists()
    uri = f"{file.as_uri()}?mode=ro" + ("" if is_open else "&immutable=1")
    connect = partial(sqlite3.connect, uri, uri=True, timeout=_LOCK_TIMEOUT_S)
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    with engine.connect() as connection:
        revision = revision_of(connection, address)
    with closing(connect()) as opened:
        if damage := find_damage(opened):
            raise DatabaseError(address.shown, f"it is damaged ({damage})", RESTORE)
    return revision, os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


async def _look_at_server(address: DatabaseAddress) -> tuple[str | None, bool]:
    """Return the revision of a database of PostgreSQL, and whether it takes changes."""
    engine = make_migration_engine(address, _LOCK_TIMEOUT_S)
    try:
        async with engine.connect() as connection:
            revision = await connection.run_sync(revision_of, address)
            read_only = await connection.execute(text("SHOW transaction_read_only"))
            return revision, read_only.scalar() == "off"
    finally:
        await engine.dispose()
