"""Bring a database to the newest schema, one process at a time."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.database.connection import engines
from bot.database.connection.engines import WRITING, make_migration_engine
from bot.database.connection.url import DatabaseAddress
from bot.errors import DatabaseError

_FOLDER = Path(__file__).parents[1] / "schema" / "migrations"

# Any number that no other program uses on the same database: "Pullquot" in ASCII.
_ADVISORY_LOCK = int.from_bytes(b"Pullquot", "big")

# A migration may rewrite a table; another process waits this long for it.
_LOCK_TIMEOUT_S = 120

# Alembic keeps its state in globals.
ALEMBIC = threading.Lock()


def migrate(address: DatabaseAddress) -> None:
    """Bring a database to the newest schema, in one transaction; blocks until it is done.

    Raises:
        DatabaseError: A newer version made it, or it cannot be opened or changed.
    """
    with ALEMBIC:
        if address.file is not None:
            _look_into(address.file)
        asyncio.run(_migrate(address))


def migration_config(connection: Connection) -> Config:
    """Return Alembic's configuration for the migrations of this package on a connection."""
    config = _config()
    config.attributes["connection"] = connection
    return config


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def _look_into(file: Path) -> None:
    """Raise sqlite3.Error if a file is not a database or cannot be opened.

    aiosqlite would raise it too, but its thread may outlive the event loop and log a traceback.
    """
    with closing(sqlite3.connect(file, timeout=engines.BUSY_TIMEOUT_MS / 1000)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


async def _migrate(address: DatabaseAddress) -> None:
    engine = make_migration_engine(address, _LOCK_TIMEOUT_S)
    try:
        async with engine.execution_options(**{WRITING: True}).begin() as connection:
            if not address.is_sqlite:
                lock = text("SELECT pg_advisory_xact_lock(:number)")
                await connection.execute(lock, {"number": _ADVISORY_LOCK})
            await connection.run_sync(_upgrade, address)
    finally:
        await engine.dispose()


def known_revisions() -> list[str]:
    """Return the revisions that this version knows, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def revision_of(connection: Connection, address: DatabaseAddress) -> str | None:
    """Return the revision of a database; None if it has no tables of ours.

    Raises:
        DatabaseError: A newer version made it.
    """
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known_revisions():
        raise DatabaseError(
            address.shown,
            f"a newer version of Pullquote made it (schema {current})",
            "update Pullquote, or set another DATABASE_URL",
        )
    return current


def _upgrade(connection: Connection, address: DatabaseAddress) -> None:
    if revision_of(connection, address) != known_revisions()[0]:
        command.upgrade(migration_config(connection), "head")
