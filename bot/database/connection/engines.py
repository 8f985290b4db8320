"""Engines with the options that each kind of database needs."""

from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.database.connection.url import DatabaseAddress

# The option of an engine under which SQLite takes the lock for writing when a transaction begins:
# one that begins by reading could not wait for it later.
WRITING = "pullquote_writing"

# How long SQLite waits for another process that writes.
BUSY_TIMEOUT_MS = 5000

# An answer may wait so long for PostgreSQL; asyncpg gives up after the server does.
_STATEMENT_TIMEOUT_MS = 10_000
_COMMAND_TIMEOUT_S = 15
_CONNECT_TIMEOUT_S = 10

# In seconds, but for the count: after 30 s of silence three probes, then the connection is over.
_KEEPALIVE = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


def make_engine(address: DatabaseAddress) -> AsyncEngine:
    """Return the engine that the bot works with; it connects at first use."""
    engine = create_async_engine(
        address.url,
        hide_parameters=True,  # errors must not log what people asked
        pool_pre_ping=not address.is_sqlite,
        pool_timeout=_CONNECT_TIMEOUT_S,
        connect_args={} if address.is_sqlite else _postgresql(_STATEMENT_TIMEOUT_MS),
    )
    if address.is_sqlite:
        _tune_sqlite(engine, foreign_keys=True)
    return engine


def make_migration_engine(address: DatabaseAddress, lock_timeout_s: int) -> AsyncEngine:
    """Return an engine for changing tables: nothing else than waiting for a lock times out."""
    settings = _postgresql(0) | {"command_timeout": None}
    settings["server_settings"]["lock_timeout"] = str(lock_timeout_s * 1000)
    engine = create_async_engine(
        address.url, poolclass=NullPool, connect_args={} if address.is_sqlite else settings
    )
    if address.is_sqlite:
        # Alembic changes a table of SQLite by replacing it, which must delete no rows elsewhere.
        _tune_sqlite(engine, foreign_keys=False)
    return engine


def make_lock_engine(address: DatabaseAddress) -> AsyncEngine:
    """Return an engine of PostgreSQL whose connection is kept for its locks.

    The server lets go of them when the connection ends, and within a minute where nobody is at the
    other end any more, which it would else notice after hours.
    """
    arguments = _postgresql(_STATEMENT_TIMEOUT_MS)
    arguments["server_settings"] |= _KEEPALIVE
    return create_async_engine(
        address.url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args=arguments,
    )


def _postgresql(statement_timeout_ms: int) -> dict[str, Any]:
    return {
        "timeout": _CONNECT_TIMEOUT_S,
        "command_timeout": _COMMAND_TIMEOUT_S,
        "server_settings": {
            "application_name": "pullquote",
            "statement_timeout": str(statement_timeout_ms),
        },
    }


def _tune_sqlite(engine: AsyncEngine, *, foreign_keys: bool) -> None:
    """Set what SQLite forgets with each connection, and begin transactions in our own way."""

    def on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin by itself, too late
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA journal_mode = WAL")  # who reads waits for nobody
        cursor.execute("PRAGMA synchronous = NORMAL")  # with WAL a crash damages nothing
        cursor.execute("PRAGMA secure_delete = ON")  # not every build overwrites by itself
        cursor.close()

    def on_begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.execute(text("BEGIN IMMEDIATE" if writing else "BEGIN"))

    event.listen(engine.sync_engine, "connect", on_connect)
    event.listen(engine.sync_engine, "begin", on_begin)
