"""A database that cannot be used is one line with its place, never a password or a question."""

import asyncio
import os
import shutil
import sqlite3
import sys
import tempfile
import traceback
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.database import open_database
from bot.database.connection.engines import make_migration_engine
from bot.database.connection.url import DatabaseAddress
from bot.errors import DatabaseError, SettingsError
from tests.support.data.questions import QUESTION, asked
from tests.support.postgres import on_postgres


def _open_and_close(url):
    async def play():
        await (await open_database(url)).close()

    asyncio.run(play())


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ada:secret@localhost/quotes",
        "secret",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:secret.db",
        "sqlite://secret.db",
        "postgresql://ada:secret@localhost:port/quotes",
        "postgresql://ada:secret@localhost/\udcff",
        "postgresql://ada:secret@localhost/quotes?sslmod=require",
        "postgresql://ada:secret@one,,two/quotes",
        "postgresql://ada:secret@one:5432,two:99999/quotes",
        "postgresql://ada:secret@one,two/quotes?target_session_attrs=standby",
    ],
)
def test_address_that_names_no_database_is_a_wrong_setting(url):
    """The line names the variable and shows nothing of the value that may be secret."""
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: ") as caught:
        DatabaseAddress.parse(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///quotes.db", "{cwd}/quotes.db"),
        ("sqlite:////data/a b?c#d%20.db", "/data/a b?c#d%20.db"),
        ("sqlite+aiosqlite:////data/quotes.db", "/data/quotes.db"),
    ],
)
def test_address_of_sqlite_is_a_path(url, file):
    """Everything after the third slash is the path."""
    assert DatabaseAddress.parse(url).file == Path(file.format(cwd=Path.cwd()))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_address_of_postgresql_gets_its_driver_and_hides_its_password(scheme):
    """Every spelling leads to asyncpg; `sslmode` is called `ssl` there."""
    address = DatabaseAddress.parse(f"{scheme}://ada:secret@host:5433/quotes?sslmode=require")
    assert address.url.drivername == "postgresql+asyncpg"
    assert address.url.query == {"ssl": "require"}
    assert (address.url.password, address.url.port) == ("secret", 5433)
    assert address.shown == "postgresql://ada@host:5433/quotes"
    assert "secret" not in repr(address)


@pytest.mark.parametrize(
    ("rest", "hosts", "shown"),
    [
        ("one,two", [("one", 5432), ("two", 5432)], "one:5432,two:5432"),
        ("one:5433,two", [("one", 5433), ("two", 5432)], "one:5433,two:5432"),
        ("[::1]:5433,[::2]", [("::1", 5433), ("::2", 5432)], "[::1]:5433,[::2]:5432"),
    ],
)
@pytest.mark.parametrize("password", ["secret", "secret,more", "se:cr/et"])
def test_address_of_postgresql_may_list_servers(rest, hosts, shown, password):
    """As libpq takes them; which one takes changes is found out with each connection."""
    given = f"postgresql://ada:{password}@{rest}/quotes?sslmode=require"
    address = DatabaseAddress.parse(f"{given}&target_session_attrs=read-write")
    assert address.hosts == tuple(hosts)
    assert address.shown == f"postgresql://ada@{shown}/quotes"
    assert address.url.password == password
    assert address.url.query == {"ssl": "require"}


def test_address_of_postgresql_may_list_servers_as_parameters():
    """As SQLAlchemy takes them."""
    address = DatabaseAddress.parse("postgresql://ada@/quotes?host=one:5433&host=two")
    assert address.hosts == (("one", 5433), ("two", 5432))
    assert DatabaseAddress.parse("postgresql://ada:a,b@one/quotes").hosts == ()


def test_missing_driver_of_postgresql_names_the_extra(monkeypatch):
    """Without asyncpg the line says what to install."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(SettingsError, match=r"pip install -e '\.\[postgres\]'"):
        DatabaseAddress.parse("postgresql://host/quotes")


def test_folder_of_the_file_is_made(tmp_path):
    """A first start needs no folder."""
    file = tmp_path / "new folder" / "50%" / "pullquote.db"
    _open_and_close(f"sqlite:///{file}")
    assert file.is_file()


@pytest.mark.parametrize("content", [b"no database at all, but longer than a header of SQLite" * 9])
def test_corrupt_file_is_one_line_and_left_as_it_is(tmp_path, content):
    """A file that is not a database is not overwritten."""
    file = tmp_path / "pullquote.db"
    file.write_bytes(content)
    with pytest.raises(
        DatabaseError, match=rf"^The database {file} failed: .*not a database; restore"
    ):
        _open_and_close(f"sqlite:///{file}")
    assert file.read_bytes() == content


def test_database_with_a_torn_page_fails_in_one_line(tmp_path):
    """A page that was overwritten is found when it is read, as a DatabaseError."""
    file = tmp_path / "pullquote.db"

    async def play():
        database = await open_database(f"sqlite:///{file}")
        for number in range(200):
            await database.questions.record(asked(f"{number} " + "long " * 300))
        await database.close()
        pages = bytearray(file.read_bytes())
        for start in range(20 * 4096, len(pages), 4096):
            pages[start : start + 4096] = b"\xff" * 4096
        file.write_bytes(pages)
        database = await open_database(f"sqlite:///{file}")
        try:
            await database.privacy.stored_about(QUESTION.asker)
        finally:
            await database.close()

    with pytest.raises(DatabaseError, match="malformed; restore a copy"):
        asyncio.run(play())


def test_path_through_a_file_is_one_line(tmp_path):
    """The line says that the folder cannot be made."""
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError, match=r"Not a directory|File exists"):
        _open_and_close(f"sqlite:///{tmp_path}/file/pullquote.db")


@contextmanager
def _as_nobody():
    """Run without root's rights, which ignore read-only files; gives a folder."""
    folder = Path(tempfile.mkdtemp(prefix="pullquote-nobody-"))
    try:
        if os.geteuid() != 0:
            yield folder
            return
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(0)
    finally:
        for path in (folder, *folder.iterdir()):
            path.chmod(0o700)
        shutil.rmtree(folder)


def test_read_only_file_is_refused_when_opened():
    """The bot refuses it, because it could store nothing."""
    with _as_nobody() as folder:
        file = folder / "pullquote.db"
        _open_and_close(f"sqlite:///{file}")
        file.chmod(0o400)
        folder.chmod(0o500)
        with pytest.raises(DatabaseError, match=r"readonly database|unable to open"):
            _open_and_close(f"sqlite:///{file}")


def test_file_locked_by_another_process_fails_to_write_and_recovers(tmp_path, monkeypatch):
    """Reading goes on meanwhile; a write fails in one line, and succeeds once the lock is gone."""
    monkeypatch.setattr("bot.database.connection.engines.BUSY_TIMEOUT_MS", 50)
    file = tmp_path / "pullquote.db"

    async def play():
        database = await open_database(f"sqlite:///{file}")
        try:
            await database.key_values.put("before", "1")
            with closing(sqlite3.connect(file, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                with pytest.raises(DatabaseError, match="database is locked; another program"):
                    await database.key_values.put("while", "1")
                with pytest.raises(DatabaseError, match="database is locked"):
                    await open_database(f"sqlite:///{file}")
                assert await database.key_values.get("before") == "1"
            await database.key_values.put("after", "1")
            assert await database.key_values.get("while") is None
            assert await database.key_values.get("after") == "1"
        finally:
            await database.close()

    asyncio.run(play())


def test_failed_statement_shows_no_question(on_database):
    """The question is neither in the line nor in the traceback."""
    question = " ".join(["a", "secret", "question"])

    async def play(database, _):
        with pytest.raises(DatabaseError) as caught:
            await database.questions.record(asked(question, outcome="other"))
        assert "\n" not in str(caught.value)
        assert question not in "".join(traceback.format_exception(caught.value))

    on_database(play)


@on_postgres
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda url: url.set(password="wrong secret"), "password authentication failed"),
        (lambda url: url.set(database="nowhere"), '"nowhere" does not exist'),
        (lambda url: url.set(port=1), "Connect call failed|[Rr]efused"),
        (lambda url: url.set(host="no-such-host.invalid"), "Name or service|nodename|resolution"),
    ],
)
def test_postgresql_that_cannot_be_reached_is_one_line(postgres_url, change, reason):
    """The line has the address without its password, and why."""
    url = change(DatabaseAddress.parse(postgres_url).url)
    with pytest.raises(DatabaseError, match=reason) as caught:
        _open_and_close(url.render_as_string(hide_password=False))
    assert str(caught.value).startswith("The database postgresql://pullquote@")
    assert "secret" not in str(caught.value)


@on_postgres
def test_lost_connections_to_postgresql_are_replaced(postgres_url):
    """After the server dropped every connection, the next write succeeds."""

    async def drop_all():
        engine = make_migration_engine(DatabaseAddress.parse(postgres_url), lock_timeout_s=10)
        async with engine.begin() as connection:
            mine = "datname = current_database() AND pid <> pg_backend_pid()"
            dropped = await connection.scalars(
                text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}")
            )
            assert list(dropped) == [True]
        await engine.dispose()

    async def play():
        database = await open_database(postgres_url)
        await database.key_values.put("a", "1")
        await drop_all()
        await database.key_values.put("b", "2")
        kept = await database.key_values.get("b")
        await database.close()
        return kept

    assert asyncio.run(play()) == "2"


@on_postgres
def test_slow_statement_on_postgresql_is_given_up(postgres_url, monkeypatch):
    """A write that waits for another's lock fails after the time for statements."""
    monkeypatch.setattr("bot.database.connection.engines._STATEMENT_TIMEOUT_MS", 100)

    async def play():
        database = await open_database(postgres_url)
        engine = make_migration_engine(DatabaseAddress.parse(postgres_url), lock_timeout_s=10)
        try:
            async with engine.begin() as connection:
                await connection.execute(text("LOCK TABLE facts"))
                with pytest.raises(DatabaseError, match="statement timeout"):
                    await database.key_values.put("a", "1")
            await database.key_values.put("a", "1")
        finally:
            await engine.dispose()
            await database.close()

    asyncio.run(play())
