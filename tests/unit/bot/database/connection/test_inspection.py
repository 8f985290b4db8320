"""A database is looked at and stays as it is."""

import sqlite3
from contextlib import closing

import pytest

from bot.database import inspect_database
from bot.errors import DatabaseError, SettingsError


def test_database_of_this_version_is_current(migrated_url):
    """It has its tables and can be written; the address is shown without a password."""
    found = inspect_database(migrated_url)
    assert (found.has_tables, found.is_current, found.is_writable) == (True, True, True)
    assert "://" not in found.shown or ":" not in found.shown.partition("://")[2].partition("@")[0]


def test_empty_database_has_no_tables(database_url):
    """The first start makes them; a file that is missing stays so."""
    found = inspect_database(database_url)
    assert (found.has_tables, found.is_current, found.is_writable) == (False, False, True)


def test_missing_file_is_not_made(tmp_path):
    """Neither is its folder."""
    inspect_database(f"sqlite:///{tmp_path}/new/pullquote.db")
    assert list(tmp_path.iterdir()) == []


def test_no_file_is_made_beside_a_database(sqlite_template):
    """SQLite would make companions of a file that nobody has open."""
    before = sorted(path.name for path in sqlite_template.parent.iterdir())
    inspect_database(f"sqlite:///{sqlite_template}")
    assert sorted(path.name for path in sqlite_template.parent.iterdir()) == before


def test_newest_writes_of_a_running_bot_are_seen(tmp_path):
    """They are not in the file itself yet."""
    file = tmp_path / "pullquote.db"
    with closing(sqlite3.connect(file)) as running:
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        running.execute("INSERT INTO alembic_version VALUES ('9999')")
        running.commit()
        with pytest.raises(DatabaseError, match="a newer version"):
            inspect_database(f"sqlite:///{file}")


def test_damaged_file_is_refused(tmp_path):
    """A page of it is overwritten."""
    file = tmp_path / "pullquote.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 100)
    content = bytearray(file.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    file.write_bytes(content)
    with pytest.raises(DatabaseError, match="damaged"):
        inspect_database(f"sqlite:///{file}")


def test_address_of_another_database_is_refused():
    """As at a start."""
    with pytest.raises(SettingsError, match="neither SQLite nor PostgreSQL"):
        inspect_database("mysql://host/name")
