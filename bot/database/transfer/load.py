"""Replace the content of a database with that of a snapshot, and migrate it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from itertools import islice

from alembic import command
from sqlalchemy import Connection, MetaData, Table, delete, insert, select, text

from bot.database.connection.engines import WRITING, make_lock_engine, make_migration_engine
from bot.database.connection.migrate import ALEMBIC, migration_config, revision_of
from bot.database.connection.shard_locks import IN_USE
from bot.database.connection.sqlite_file import is_in_use
from bot.database.connection.url import DatabaseAddress
from bot.database.schema.tables import KeyValueRow
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
    """

    revision: str
    counters: Mapping[str, int]
    lines: Callable[[str], Generator[bytes]]
    mark: str


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
        found = connection.scalar(select(KeyValueRow.value).where(KeyValueRow.key == _RESTORED))
        return bool(found == mark)

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
        if revision_of(connection, address) is not None:
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
    old = KeyValueRow.key.startswith(_REGISTERED, autoescape=True) | (KeyValueRow.key == _RESTORED)
    connection.execute(delete(KeyValueRow).where(old))
    connection.execute(insert(KeyValueRow).values(key=_RESTORED, value=content.mark))


def _fill(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    rows = (read_row(table, line) for line in lines)
    while batch := list(islice(rows, _BATCH)):
        connection.execute(table.insert(), batch)


def _count_from(connection: Connection, table: str, number: int) -> None:
    values = {"name": table, "number": number}
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        added = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)")
    else:
        added = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)")
    connection.execute(added, values)
