"""Engines with the options that each kind of database needs."""

import time
from functools import partial
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import AdaptedConnection, DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.database.connection.hosts import connect_to_writable, is_read_only
from bot.database.connection.url import DatabaseAddress

# With this option of an engine, SQLite takes the write lock when a transaction begins.
# A transaction that begins with a read could not wait for the lock later.
WRITING = "pullquote_writing"

# How long SQLite waits while another process writes.
BUSY_TIMEOUT_MS = 5000

# The longest that an answer waits for PostgreSQL; asyncpg times out after the server does.
_STATEMENT_TIMEOUT_MS = 10_000
_COMMAND_TIMEOUT_S = 15
_CONNECT_TIMEOUT_S = 5

# A connection that does not answer a check within this time is dropped with all others, and the use
# gets a new one: a server that vanished closes none. Answers wait 1.5 s for the database.
_CHECK_WITHIN_S = 0.5

# How long a connection to a server that only reads is kept before one that takes changes is sought.
_READ_ONLY_FOR_S = 5.0

# In seconds, except the count: three probes after 30 s of silence, then the connection is closed.
_KEEPALIVE = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


def make_engine(address: DatabaseAddress) -> AsyncEngine:
    """Return the engine for normal use; it connects at first use."""
    engine = create_async_engine(
        address.url,
        hide_parameters=True,  # errors must not log what people asked
        pool_timeout=_CONNECT_TIMEOUT_S,
        connect_args={} if address.is_sqlite else _postgresql(address, _STATEMENT_TIMEOUT_MS),
    )
    if address.is_sqlite:
        _tune_sqlite(engine, foreign_keys=True)
    else:
        _check_connections(engine, address)
    return engine


def make_migration_engine(address: DatabaseAddress, lock_timeout_s: int) -> AsyncEngine:
    """Return an engine for changing tables: only waiting for a lock times out."""
    settings = _postgresql(address, 0) | {"command_timeout": None}
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

    The server releases the locks when the connection ends. With keep-alive probes it notices within
    a minute that the other side is gone; without them it would take hours.
    """
    # Locks on a standby would not be seen by those who lock on the primary.
    arguments = _postgresql(address, _STATEMENT_TIMEOUT_MS, or_read_only=False)
    arguments["server_settings"] |= _KEEPALIVE
    return create_async_engine(
        address.url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args=arguments,
    )


def _postgresql(
    address: DatabaseAddress, statement_timeout_ms: int, *, or_read_only: bool = True
) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "timeout": _CONNECT_TIMEOUT_S,
        "command_timeout": _COMMAND_TIMEOUT_S,
        "server_settings": {
            "application_name": "pullquote",
            "statement_timeout": str(statement_timeout_ms),
        },
    }
    if address.hosts:

        async def connect(**given: object) -> object:
            # SQLAlchemy's address names only the first.
            others = {name: value for name, value in given.items() if name not in ("host", "port")}
            return await connect_to_writable(address.hosts, others, or_read_only=or_read_only)

        arguments["async_creator_fn"] = connect
    return arguments


def _check_connections(engine: AsyncEngine, address: DatabaseAddress) -> None:
    """Check a connection of the pool before each use.

    `pool_pre_ping` does the same without a timeout of its own.
    """
    since, fresh, dead_until_s = "connected at", "fresh", 0.0
    failures: tuple[type[Exception], ...] = (OSError, *address.driver_errors)

    def on_connect(_: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info[since], entry.info[fresh] = time.monotonic(), True

    def on_checkout(connection: AdaptedConnection, entry: ConnectionPoolEntry, _: object) -> None:
        nonlocal dead_until_s
        if entry.info.pop(fresh, False):
            return
        try:
            read_only = connection.run_async(partial(is_read_only, timeout_s=_CHECK_WITHIN_S))
        except failures as error:
            dead_until_s = time.monotonic()
            raise InvalidatePoolError from error
        if read_only and time.monotonic() - entry.info[since] > _READ_ONLY_FOR_S:
            raise InvalidatePoolError

    event.listen(engine.sync_engine, "connect", on_connect)

    def on_close(connection: AdaptedConnection, entry: ConnectionPoolEntry) -> None:
        if entry.info[since] < dead_until_s:
            # SQLAlchemy would wait 2 s for each one's server to say goodbye.
            connection.driver_connection.terminate()

    event.listen(engine.sync_engine, "checkout", on_checkout)
    event.listen(engine.sync_engine, "close", on_close)


def _tune_sqlite(engine: AsyncEngine, *, foreign_keys: bool) -> None:
    """Set the options of each new SQLite connection, and begin transactions ourselves."""

    def on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver would begin a transaction itself, too late
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA journal_mode = WAL")  # readers wait for nobody
        cursor.execute("PRAGMA synchronous = NORMAL")  # with WAL a crash damages nothing
        cursor.execute("PRAGMA secure_delete = ON")  # not every build overwrites by itself
        cursor.close()

    def on_begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.execute(text("BEGIN IMMEDIATE" if writing else "BEGIN"))

    event.listen(engine.sync_engine, "connect", on_connect)
    event.listen(engine.sync_engine, "begin", on_begin)
