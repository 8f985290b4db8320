"""Dump a database at one moment: rows as lines of JSON, which any database can load, and files."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from itertools import count

from alembic import command
from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import StaticPool

from bot.database.connection.engines import make_migration_engine
from bot.database.connection.migrate import ALEMBIC, migration_config, revision_of
from bot.database.connection.url import DatabaseAddress
from bot.database.key_check import CHECK_VALUE
from bot.database.schema.tables import FileChunkRow, FileRow, FolderRow
from bot.database.stores.files import StoredFile

# A bot that migrates its tables may lock them this long.
_LOCK_TIMEOUT_S = 120

_BATCH = 500

# Alembic's own table.
_VERSION_TABLE = "alembic_version"

# The files whose chunks are not the bytes that were hashed. PostgreSQL only; it holds the bytes of
# one file at a time.
_DAMAGED = text(
    "SELECT guild_id, path FROM files WHERE digest <> encode(sha256(coalesce("
    "(SELECT string_agg(content, ''::bytea ORDER BY number) FROM file_chunks"
    " WHERE file_chunks.guild_id = files.guild_id AND file_chunks.digest = files.digest)"
    ", ''::bytea)), 'hex') ORDER BY guild_id, path"
)

# Their content is dumped as files.
_TABLES_OF_FILES = {row.__tablename__ for row in (FolderRow, FileRow, FileChunkRow)}


class Snapshot:
    """The content of a database at one moment; other processes may write at the same time.

    Attributes:
        revision: The revision of its schema.
        tables: The names of its tables, without those of files; a table comes after those that it
            refers to.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        address: DatabaseAddress,
        revision: str,
        metadata: MetaData,
        *,
        has_files: bool,
    ) -> None:
        self.revision = revision
        self.tables = [table.name for table in metadata.sorted_tables]
        self._connection = connection
        self._address = address
        self._metadata = metadata
        self._has_files = has_files

    async def rows(self, table: str) -> AsyncIterator[bytes]:
        """Yield the rows of a table, each as a JSON object on one line.

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

    async def check_value(self) -> str | None:
        """Return the check value of the key of people's hashes; None without one.

        Raises:
            DatabaseError: It cannot be read.
        """
        with self._address.failures():
            value: str | None = await self._connection.scalar(CHECK_VALUE)
        return value

    async def counters(self) -> dict[str, int]:
        """Return the last id that was given to a row, for each table with such ids.

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

    async def folders(self) -> set[int]:
        """Return the servers that have a folder of files.

        Raises:
            DatabaseError: They cannot be read.
        """
        if not self._has_files:
            return set()
        with self._address.failures():
            return set((await self._connection.execute(select(FolderRow.guild_id))).scalars())

    async def files(self) -> list[tuple[int, str, StoredFile]]:
        """Return the files of all servers, each with its server and its path, in order.

        Raises:
            DatabaseError: They cannot be read.
        """
        if not self._has_files:
            return []
        chosen = select(FileRow.guild_id, FileRow.path, FileRow.digest, FileRow.size)
        ordered = chosen.order_by(FileRow.guild_id, FileRow.path)
        with self._address.failures():
            found = await self._connection.execute(ordered)
        return [(row.guild_id, row.path, StoredFile(row.digest, row.size)) for row in found]

    async def damaged_files(self) -> list[tuple[int, str]]:
        """Return the servers and paths of files whose bytes were lost or changed. PostgreSQL only.

        Raises:
            DatabaseError: They cannot be read.
        """
        if not self._has_files:
            return []
        with self._address.failures():
            found = await self._connection.execute(_DAMAGED)
        return [(row.guild_id, row.path) for row in found]

    async def chunks(self, guild_id: int, digest: str) -> AsyncIterator[bytes]:
        """Yield the bytes of a file; fewer if the database has lost some.

        Raises:
            DatabaseError: They cannot be read.
        """
        of_file = FileChunkRow.guild_id == guild_id, FileChunkRow.digest == digest
        chosen = select(FileChunkRow.content).where(*of_file)
        for number in count():
            with self._address.failures():
                found = await self._connection.execute(chosen.where(FileChunkRow.number == number))
            content = found.scalar()
            if content is None:
                return
            yield content


@asynccontextmanager
async def snapshot(url: str) -> AsyncIterator[Snapshot | None]:
    """Yield the content of a database, also one in use; None if it has no tables of ours.

    Raises:
        DatabaseError: It cannot be read, or a newer version made it.
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
            names: list[str] = []
            if revision is not None:
                names = await asyncio.to_thread(_all_tables_at, revision)
                await connection.run_sync(metadata.reflect, only=_of_rows(names))
        has_files = set(names) >= _TABLES_OF_FILES
        if revision is None:
            yield None
        else:
            yield Snapshot(connection, address, revision, metadata, has_files=has_files)


def tables_at(revision: str) -> list[str]:
    """Return the names of our tables in a revision that are dumped as rows."""
    return _of_rows(_all_tables_at(revision))


def _of_rows(names: list[str]) -> list[str]:
    return [name for name in names if name not in _TABLES_OF_FILES]


def _all_tables_at(revision: str) -> list[str]:
    """Return the names of our tables in a revision; the database may hold others."""
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
    """Parse a line of `Snapshot.rows`.

    Raises:
        ValueError: It is not a row of that table.
    """
    row = json.loads(line)
    if not isinstance(row, dict) or set(row) != set(table.columns.keys()):
        raise ValueError(f"a line is not a row of the table {table.name}")
    return {name: _native(table, name, value) for name, value in row.items()}


def _portable(value: object) -> str:
    """Return a time or a day as text; all times are in UTC."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written to a backup")


def _native(table: Table, name: str, value: object) -> object:
    kind = table.columns[name].type.python_type
    if isinstance(value, str) and kind is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(value, str) and kind is date:
        return date.fromisoformat(value)
    return value
