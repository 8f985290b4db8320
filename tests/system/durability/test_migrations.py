"""The migrations make exactly the tables of the code, on both databases, once."""

import asyncio
import sqlite3

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.database import open_database
from bot.database.connection.engines import make_migration_engine
from bot.database.connection.migrate import migrate, migration_config
from bot.database.connection.url import DatabaseAddress
from bot.database.schema.tables import Base
from bot.errors import DatabaseError
from tests.support.forks import fork

TABLES = {"servers", "channels", "questions", "votes", "taught", "audit_log", "facts"}
TABLES |= {"folders", "files", "file_chunks"}


def _with_connection(url, work):
    """Return what `work` returns of a connection to the database."""

    async def run():
        engine = make_migration_engine(DatabaseAddress.parse(url), lock_timeout_s=10)
        async with engine.begin() as connection:
            result = await connection.run_sync(work)
        await engine.dispose()
        return result

    return asyncio.run(run())


def _tables(connection):
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_migrations_make_the_tables_of_the_code(database_url):
    """Alembic finds no difference between a migrated database and the typed tables."""
    migrate(DatabaseAddress.parse(database_url))
    found = _with_connection(
        database_url,
        lambda connection: compare_metadata(
            MigrationContext.configure(
                connection, opts={"compare_type": True, "compare_server_default": True}
            ),
            Base.metadata,
        ),
    )
    assert found == []


def test_migrations_make_the_checks_of_the_code(database_url):
    """The checks of values, which Alembic does not compare, have the same names and tables."""
    migrate(DatabaseAddress.parse(database_url))

    def checks(connection):
        found = {t: inspect(connection).get_check_constraints(t) for t in TABLES}
        return {table: {check["name"] for check in has} for table, has in found.items() if has}

    assert _with_connection(database_url, checks) == {
        "questions": {"ck_questions_outcome"},
        "votes": {"ck_votes_value"},
        "taught": {"ck_taught_kind"},
    }


def test_migrations_lead_down_and_up_again(database_url):
    """A database can be downgraded to nothing and migrated again."""
    address = DatabaseAddress.parse(database_url)
    migrate(address)
    assert _with_connection(database_url, _tables) == TABLES
    _with_connection(database_url, lambda c: command.downgrade(migration_config(c), "base"))
    assert _with_connection(database_url, _tables) == set()
    migrate(address)
    assert _with_connection(database_url, _tables) == TABLES


def test_migrating_again_keeps_what_is_stored(database_url):
    """Opening a database that is up to date changes nothing in it."""

    async def play():
        database = await open_database(database_url)
        await database.key_values.put("commands", "abc")
        await database.close()
        database = await open_database(database_url)
        kept = await database.key_values.get("commands")
        await database.close()
        return kept

    assert asyncio.run(play()) == "abc"


@pytest.mark.parametrize("oldest", ["base", "0001"])
def test_many_processes_migrate_at_once(database_url, oldest):
    """Several processes that start on an empty or an old database all find it migrated."""
    address = DatabaseAddress.parse(database_url)
    migrate(address)
    _with_connection(
        database_url, lambda connection: command.downgrade(migration_config(connection), oldest)
    )
    processes = [fork(migrate, address) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0] * 3
    assert _with_connection(database_url, _tables) == TABLES


def test_databases_can_be_opened_side_by_side_in_one_process(tmp_path):
    """Two new databases are migrated at once, each its own."""

    async def play():
        urls = [f"sqlite:///{tmp_path}/{name}.db" for name in "ab"]
        databases = await asyncio.gather(*map(open_database, urls))
        for database in databases:
            await database.close()

    asyncio.run(play())
    assert _with_connection(f"sqlite:///{tmp_path}/a.db", _tables) == TABLES
    assert _with_connection(f"sqlite:///{tmp_path}/b.db", _tables) == TABLES


def test_newer_schema_is_refused(database_url):
    """A database of a newer program is left alone, and the line says what to do."""
    migrate(DatabaseAddress.parse(database_url))
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    _with_connection(database_url, lambda connection: connection.execute(newer).rowcount)
    with pytest.raises(DatabaseError, match=r"newer version .*schema 9999.*; update Pullquote"):
        asyncio.run(open_database(database_url))


def test_failed_migration_leaves_nothing_behind(tmp_path):
    """A migration that cannot be finished, here for a table in the way, changes nothing."""
    file = tmp_path / "pullquote.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE taught (something)")
    with pytest.raises(DatabaseError, match="table taught already exists"):
        asyncio.run(open_database(f"sqlite:///{file}"))
    with sqlite3.connect(file) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert names.fetchall() == [("taught",)]
