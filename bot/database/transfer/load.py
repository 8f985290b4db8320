"""Replace the content of a database with that of a snapshot, and migrate it."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from itertools import islice

from alembic import command
from sqlalchemy import Connection, MetaData, Table, delete, insert, select, text

from bot.database.connection.engines import WRITING, make_lock_engine, make_migration_engine
from bot.database.connection.migrate import ALEMBIC, migration_config, revision_of
from bot.database.connection.shard_locks import IN_USE
from bot.database.connection.sqlite_file import is_in_use
from bot.database.connection.url import DatabaseAddress
from bot.database.schema.tables import FileChunkRow, FileRow, FolderRow, KeyValueRow
from bot.database.stores.files import IDENTITY, VERSION_BITS, StoredFile
from bot.database.transfer.dump import read_row, tables_at
from bot.errors import AlreadyRunningError

_LOCK_TIMEOUT_S = 120
_BATCH = 500

# After the backup the bot may have given ids to questions that buttons on Discord still hold. The
# new ids begin this much higher, so that no id is given twice. A busy bot uses as many in years.
_SKIPPED_NUMBERS = 1_000_000

# Other commands may have been registered since the backup: let the start check.
_REGISTERED = "commands of "

# The key whose value names the last restore.
_RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Content:
    """The content to write to a database.

    Attributes:
        revision: The revision of its schema.
        counters: The last id that was given to a row, by table.
        lines: Returns the rows of a table, like `Snapshot.rows`.
        mark: A word that identifies the restore.
        files: The files of each server by their paths; none for SQLite, which stores none.
        chunks: Returns the bytes of a server's file by its path, in chunks that can be stored.
    """

    revision: str
    counters: Mapping[str, int]
    lines: Callable[[str], Generator[bytes]]
    mark: str
    files: Mapping[int, Mapping[str, StoredFile]] = field(default_factory=dict)
    chunks: Callable[[int, str], Iterable[bytes]] = lambda _guild_id, _path: ()


async def replace_content(url: str, content: Content) -> None:
    """Replace the content of a database, in one transaction.

    Raises:
        DatabaseError: The database failed, or a newer version made it; nothing was changed.
        ValueError: A line is not a row of its table; nothing was changed.
    """
    address = DatabaseAddress.parse(url)
    engine = make_migration_engine(address, _LOCK_TIMEOUT_S)
    try:
        with address.failures():
            async with engine.execution_options(**{WRITING: True}).begin() as connection:
                await connection.run_sync(_replace, address, content)
    finally:
        await engine.dispose()


async def was_restored(url: str, mark: str) -> bool:
    """Return whether the restore with this mark has replaced the content of a database.

    Raises:
        DatabaseError: The database cannot be read.
    """
    address = DatabaseAddress.parse(url)
    engine = make_migration_engine(address, _LOCK_TIMEOUT_S)

    def read(connection: Connection) -> bool:
        if revision_of(connection, address) is None:
            return False
        return _value(connection, _RESTORED) == mark

    try:
        with address.failures():
            async with engine.connect() as connection:
                return await connection.run_sync(read)
    finally:
        await engine.dispose()


@asynccontextmanager
async def exclusive_access(url: str) -> AsyncIterator[None]:
    """Check that no other process uses a database; on PostgreSQL, lock it while the block runs.

    Raises:
        AlreadyRunningError: Another process uses it.
        DatabaseError: The database failed.
    """
    address = DatabaseAddress.parse(url)
    if address.file is not None:
        with address.failures():
            if await asyncio.to_thread(is_in_use, address.file):
                raise AlreadyRunningError(
                    f"Another process uses the database {address.shown}; stop it first"
                )
        yield
        return
    alone = text("SELECT pg_try_advisory_lock(:number)")
    async with AsyncExitStack() as opened:
        with address.failures():
            connection = await opened.enter_async_context(make_lock_engine(address).connect())
            is_alone = (await connection.execute(alone, {"number": IN_USE})).scalar()
        if not is_alone:
            raise AlreadyRunningError(
                f"A bot uses the database {address.shown}; stop it, on all machines"
            )
        yield


def _replace(connection: Connection, address: DatabaseAddress, content: Content) -> None:
    names = tables_at(content.revision)
    with ALEMBIC:
        config = migration_config(connection)
        identity = None
        if revision_of(connection, address) is not None:
            identity = _value(connection, IDENTITY)
            command.downgrade(config, "base")
        command.upgrade(config, content.revision)
        metadata = MetaData()
        metadata.reflect(connection, only=names)
        for table in metadata.sorted_tables:
            with closing(content.lines(table.name)) as lines:
                _fill(connection, table, lines)
        command.upgrade(config, "head")
    for name in content.counters.keys() & set(tables_at("head")):
        _count_from(connection, name, content.counters[name] + _SKIPPED_NUMBERS)
    registered = KeyValueRow.key.startswith(_REGISTERED, autoescape=True)
    connection.execute(delete(KeyValueRow).where(registered))
    _put(connection, _RESTORED, content.mark)
    if identity is not None:  # the folders of all machines are copies of this database
        _put(connection, IDENTITY, identity)
    for guild_id, files in content.files.items():
        _fill_folder(connection, guild_id, files, content.chunks)


def _value(connection: Connection, key: str) -> str | None:
    chosen = select(KeyValueRow.value).where(KeyValueRow.key == key)
    return connection.execute(chosen).scalar()


def _put(connection: Connection, key: str, value: str) -> None:
    connection.execute(delete(KeyValueRow).where(KeyValueRow.key == key))
    connection.execute(insert(KeyValueRow).values(key=key, value=value))


def _fill(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    rows = (read_row(table, line) for line in lines)
    while batch := list(islice(rows, _BATCH)):
        connection.execute(table.insert(), batch)


def _fill_folder(
    connection: Connection,
    guild_id: int,
    files: Mapping[str, StoredFile],
    chunks: Callable[[int, str], Iterable[bytes]],
) -> None:
    """Write the files of a server, under a version that no machine has a copy of."""
    version = secrets.randbits(VERSION_BITS)
    connection.execute(insert(FolderRow).values(guild_id=guild_id, version=version))
    written: set[str] = set()
    for path, file in files.items():
        values = {"guild_id": guild_id, "digest": file.digest}
        connection.execute(insert(FileRow).values(path=path, size=file.size, **values))
        if file.digest in written:
            continue
        written.add(file.digest)
        for number, content in enumerate(chunks(guild_id, path)):
            chunk = insert(FileChunkRow).values(number=number, content=content, **values)
            connection.execute(chunk)


def _count_from(connection: Connection, table: str, number: int) -> None:
    values = {"name": table, "number": number}
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        added = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)")
    else:
        added = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)")
    connection.execute(added, values)
