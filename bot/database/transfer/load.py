"""Put what a snapshot read in the place of all that a database holds, and bring it up to date."""

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

# After the backup the bot may have given numbers to questions that buttons on Discord still carry:
# none of those is given again. A busy bot gives as many in years.
_SKIPPED_NUMBERS = 1_000_000

# What was registered with Discord since the backup is another thing: let the start look.
_REGISTERED = "commands of "

# The key whose value names the last restore.
_RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Content:
    """What a database is to hold.

    Attributes:
        revision: The schema that it has in.
        counters: By table the last number that was given to a row.
        lines: Gives the rows of a table, as `Snapshot.rows` does.
        mark: A word by which the restore is known again.
    """

    revision: str
    counters: Mapping[str, int]
    lines: Callable[[str], Generator[bytes]]
    mark: str


async def replace_content(url: str, content: Content) -> None:
    """Put a content in the place of the present one, in one transaction.

    Raises:
        DatabaseError: The database failed, or a newer program made it; it is as it was.
        ValueError: A line is no row of its table; it is as it was.
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
    """Say whether the restore of a mark has replaced the content of a database.

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
    """See that no other process works with a database; PostgreSQL's is kept so in the block.

    Raises:
        AlreadyRunningError: One does.
        DatabaseError: The database failed.
    """
    address = DatabaseAddress.parse(url)
    if address.file is not None:
        with address.failures():
            if await asyncio.to_thread(is_in_use, address.file):
                raise AlreadyRunningError(
                    f"Another process works with the database {address.shown}; end it first"
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
                f"A bot works with the database {address.shown}; stop it, on all machines"
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
