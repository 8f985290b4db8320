"""Look at a database without changing it."""

import asyncio
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from bot.database.connection.engines import BUSY_TIMEOUT_MS, make_migration_engine
from bot.database.connection.migrate import known_revisions, revision_of
from bot.database.connection.sqlite_file import RESTORE, find_damage
from bot.database.connection.url import DatabaseAddress
from bot.database.key_check import CHECK_VALUE
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
        check_value: The check value of the key of people's hashes; None without one.
    """

    shown: str
    has_tables: bool
    is_current: bool
    is_writable: bool
    check_value: str | None = None


def inspect_database(url: str) -> DatabaseState:
    """Open a database for reading; a missing file of SQLite is not made.

    Raises:
        SettingsError: The address cannot be used.
        DatabaseError: It cannot be opened, is damaged, or a newer version made it.
    """
    address = DatabaseAddress.parse(url)
    with address.failures():
        if address.file is None:
            return asyncio.run(_look_at_server(address))
        return _look_at_file(address, address.file)


def _state(connection: Connection, address: DatabaseAddress, *, is_writable: bool) -> DatabaseState:
    revision = revision_of(connection, address)
    has_tables = revision is not None
    check_value = connection.scalar(CHECK_VALUE) if has_tables else None
    is_current = revision == known_revisions()[0]
    return DatabaseState(address.shown, has_tables, is_current, is_writable, check_value)


def _look_at_file(address: DatabaseAddress, file: Path) -> DatabaseState:
    if not file.exists():
        is_writable = not file.parent.exists() or os.access(file.parent, os.W_OK)
        return DatabaseState(
            address.shown, has_tables=False, is_current=False, is_writable=is_writable
        )
    # SQLite makes the companions of a database that nobody has open, unless it is immutable.
    is_open = file.with_name(f"{file.name}-wal").exists()
    uri = f"{file.as_uri()}?mode=ro" + ("" if is_open else "&immutable=1")
    connect = partial(sqlite3.connect, uri, uri=True, timeout=_LOCK_TIMEOUT_S)
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    is_writable = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
    with engine.connect() as connection:
        state = _state(connection, address, is_writable=is_writable)
    with closing(connect()) as opened:
        if damage := find_damage(opened):
            raise DatabaseError(address.shown, f"it is damaged ({damage})", RESTORE)
    return state


async def _look_at_server(address: DatabaseAddress) -> DatabaseState:
    engine = make_migration_engine(address, _LOCK_TIMEOUT_S)
    try:
        async with engine.connect() as connection:
            read_only = await connection.scalar(text("SHOW transaction_read_only"))
            return await connection.run_sync(_state, address, is_writable=read_only == "off")
    finally:
        await engine.dispose()
