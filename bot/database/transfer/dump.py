"""Read all that a database holds, at one moment, as lines of JSON that any database takes back."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime

from alembic import command
from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import StaticPool

from bot.database.connection.engines import make_migration_engine
from bot.database.connection.migrate import ALEMBIC, migration_config, revision_of
from bot.database.connection.url import DatabaseAddress

# A bot that brings its tables up to date holds them for as long.
_LOCK_TIMEOUT_S = 120

_BATCH = 500

# Alembic's own.
_VERSION_TABLE = "alembic_version"


class Snapshot:
    """What a database holds at one moment, whoever writes to it meanwhile.

    Attributes:
        revision: Its schema.
        tables: The names of its tables, those that others refer to first.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        address: DatabaseAddress,
        revision: str,
        metadata: MetaData,
    ) -> None:
        self.revision = revision
        self.tables = [table.name for table in metadata.sorted_tables]
        self._connection = connection
        self._address = address
        self._metadata = metadata

    async def rows(self, table: str) -> AsyncIterator[bytes]:
        """Yield the rows of a table, each as an object of JSON in a line.

        Raises:
            DatabaseError: They cannot be read.
        """
        chosen = select(self._metadata.tables[table]).execution_options(yield_per=_BATCH)
        with self._address.failures():
            found = await self._connection.stream(chosen)
        batches = found.mappings().partitions(_BATCH)
        while True:
            with self._address.failures():
                batch = await anext(batches, None)
            if batch is None:
                return
            for row in batch:
                yield json.dumps(dict(row), default=_portable).encode() + b"\n"

    async def counters(self) -> dict[str, int]:
        """Return the last number that was given to a row, for each table that numbers its rows.

        Raises:
            DatabaseError: They cannot be read.
        """
        counted = {}
        for name in self.tables:
            if "id" not in self._metadata.tables[name].columns:
                continue
            if self._connection.dialect.name == "sqlite":
                last = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
            else:
                last = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:name, 'id'))")
            with self._address.failures():
                found = await self._connection.execute(last, {"name": name})
            counted[name] = int(found.scalar() or 0)
        return counted


@asynccontextmanager
async def snapshot(url: str) -> AsyncIterator[Snapshot | None]:
    """Give what a database holds, which it goes on to serve; None where it has no tables of ours.

    Raises:
        DatabaseError: It cannot be read, or a newer program made it.
    """
    address = DatabaseAddress.parse(url)
    if address.file is not None and not address.file.exists():
        yield None
        return
    engine = make_migration_engine(address, _LOCK_TIMEOUT_S)
    if not address.is_sqlite:
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    async with AsyncExitStack() as opened:
        opened.push_async_callback(engine.dispose)
        with address.failures():
            connection = await opened.enter_async_context(engine.connect())
            revision = await connection.run_sync(revision_of, address)
            metadata = MetaData()
            if revision is not None:
                names = await asyncio.to_thread(tables_at, revision)
                await connection.run_sync(metadata.reflect, only=names)
        yield Snapshot(connection, address, revision, metadata) if revision else None


def tables_at(revision: str) -> list[str]:
    """Return the names of our tables in a schema; others may be in the same database."""
    scratch: Engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with ALEMBIC, scratch.begin() as connection:
            command.upgrade(migration_config(connection), revision)
            return [
                name for name in inspect(connection).get_table_names() if name != _VERSION_TABLE
            ]
    finally:
        scratch.dispose()


def read_row(table: Table, line: bytes) -> dict[str, object]:
    """Return the row that a line of `Snapshot.rows` holds.

    Raises:
        ValueError: It is no row of that table.
    """
    row = json.loads(line)
    if not isinstance(row, dict) or set(row) != set(table.columns.keys()):
        raise ValueError(f"a line is no row of the table {table.name}")
    return {name: _native(table, name, value) for name, value in row.items()}


def _portable(value: object) -> str:
    """Return a moment or a day as text; all moments are in UTC."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a backup")


def _native(table: Table, name: str, value: object) -> object:
    kind = table.columns[name].type.python_type
    if isinstance(value, str) and kind is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(value, str) and kind is date:
        return date.fromisoformat(value)
    return value
