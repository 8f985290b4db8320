"""A database that is taken away, replaced or broken while it is open: nothing is lost of it."""

import asyncio
import logging
import shutil
import sqlite3
import threading
from contextlib import closing

import pytest

from bot.database import open_database, open_database_when_possible
from bot.database.connection import circuit_breaker
from bot.database.connection import sqlite_file as sqlite_file_module
from bot.database.connection import supervisor as link_module
from bot.database.connection.circuit_breaker import CircuitBreaker
from bot.database.connection.engines import make_engine
from bot.errors import DatabaseError, SettingsError


@pytest.fixture
def file(tmp_path):
    """Where the database is: in a folder of its own."""
    return tmp_path / "data" / "pullquote.db"


@pytest.fixture
def play(file, caplog):
    """Play with an open database that holds one value; returns the warnings meanwhile."""

    def play(work):
        async def run():
            database = await open_database(f"sqlite:///{file}")
            try:
                await database.key_values.put("before", "1")
                await work(database)
            finally:
                await database.close()

        asyncio.run(run())
        return [record.getMessage() for record in caplog.records if record.levelname != "INFO"]

    return play


def _facts(file):
    """Return the values in a file that nobody has open, after checking all of it."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return dict(connection.execute("SELECT key, value FROM facts"))


def _files(file):
    return sorted(path.name for path in file.parent.iterdir())


def test_work_that_was_given_up_on_ends_before_the_database_is_closed(file, play, monkeypatch):
    """No thread of it is left that would keep the process alive."""
    monkeypatch.setattr(circuit_breaker, "_WRITING_S", 0.1)
    before = set(threading.enumerate())

    async def give_up(database):
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            put = CircuitBreaker().write(
                lambda: database.key_values.put("after", "1"), "given up on"
            )
            assert await put == "given up on"
            other.execute("ROLLBACK")

    play(give_up)
    assert set(threading.enumerate()) <= before


def test_database_in_its_place_is_opened_once(file, play, monkeypatch):
    """Reading, writing and other programs that look into it give no reason to open it again."""
    opened = []

    def counted(address):
        opened.append(address)
        return make_engine(address)

    monkeypatch.setattr(link_module, "make_engine", counted)

    async def work(database):
        for number in range(20):
            await asyncio.gather(
                *(database.key_values.put(f"{number}{n}", "x" * 999) for n in "abc")
            )
            await asyncio.gather(*(database.key_values.get(f"{number}{n}") for n in "abcd"))
            if number % 5 == 0:
                with closing(sqlite3.connect(file)) as other:
                    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    assert play(work) == []
    assert len(opened) == 1


@pytest.mark.parametrize(
    "removed", [["pullquote.db"], ["pullquote.db", "pullquote.db-wal", "pullquote.db-shm"], None]
)
def test_removed_database_is_written_again(file, play, removed):
    """The file, all of its files or its folder: what was in it is there, in one whole file."""

    async def work(database):
        if removed is None:
            shutil.rmtree(file.parent)
        for name in removed or ():
            (file.parent / name).unlink()
        assert await database.key_values.get("before") == "1"
        await database.key_values.put("after", "2")

    (line,) = play(work)
    assert f"The database {file} was removed; it was written again with all its data" in line
    assert _facts(file) == {"before": "1", "after": "2"}
    assert _files(file) == ["pullquote.db"]


@pytest.mark.parametrize("names", [["-wal"], ["-shm"], ["-wal", "-shm"]])
def test_removed_files_beside_the_database_cost_nothing(file, play, names):
    """What was written last stood in them, and is in the database afterwards."""

    async def work(database):
        for name in names:
            file.with_name(file.name + name).unlink()
        await database.key_values.put("after", "2")

    (line,) = play(work)
    assert "was removed; nothing is lost" in line
    assert _facts(file) == {"before": "1", "after": "2"}


def test_copy_in_the_place_of_the_database_is_in_force(file, play):
    """An older copy that is moved there is used at once, without what the newer one held."""
    copy = file.with_name("copy.db")

    async def work(database):
        with closing(sqlite3.connect(file)) as running:
            running.execute("VACUUM INTO ?", (str(copy),))
        await database.key_values.put("newer", "2")
        copy.replace(file)
        assert await database.key_values.get("newer") is None
        await database.key_values.put("after", "3")

    (line,) = play(work)
    assert "was replaced by another file, which is used now" in line
    assert _facts(file) == {"before": "1", "after": "3"}


def test_removed_database_is_noticed_while_nobody_asks(file, play, monkeypatch):
    """It is written again though nothing reads or writes."""
    monkeypatch.setattr(link_module, "RETRY_S", 0.01)

    async def work(database):
        looking = asyncio.create_task(database.keep_open())
        file.unlink()
        async with asyncio.timeout(20):
            while not file.exists():
                await asyncio.sleep(0.01)
        looking.cancel()

    assert len(play(work)) == 1
    assert _facts(file) == {"before": "1"}


def test_database_that_cannot_be_written_again_is_held_until_it_can(file, play, monkeypatch):
    """A file in the place of its folder is one error; once it is gone nothing was lost."""
    monkeypatch.setattr(link_module, "RETRY_S", 0.0)

    async def work(database):
        shutil.rmtree(file.parent)
        file.parent.touch()
        for _ in range(2):
            with pytest.raises(DatabaseError, match="File exists"):
                await database.key_values.get("before")
        assert "File exists" in (database.problem or "")
        file.parent.unlink()
        assert await database.key_values.get("before") == "1"
        assert database.problem is None

    assert len(play(work)) == 1
    assert _facts(file) == {"before": "1"}


def test_sessions_under_way_end_before_the_database_is_opened_again(file, play):
    """Nothing is taken from those who use it, and all find it afterwards."""

    async def work(database):
        file.unlink()
        writes = (database.key_values.put(f"{number}", "x") for number in range(10))
        reads = (database.key_values.get("before") for _ in range(10))
        results = await asyncio.gather(*writes, *reads)
        assert results[10:] == ["1"] * 10

    assert len(play(work)) == 1
    assert len(_facts(file)) == 11


def _torn(file):
    """Make a database with a page that is overwritten, in the middle of many questions."""

    async def fill():
        database = await open_database(f"sqlite:///{file}")
        for number in range(40):
            await database.key_values.put(f"fact {number}", "x" * 3000)
        await database.close()

    asyncio.run(fill())
    pages = bytearray(file.read_bytes())
    middle = len(pages) // 2 // 4096 * 4096
    pages[middle : middle + 4096] = b"\xff" * 4096
    file.write_bytes(pages)


def test_damaged_page_is_said_at_the_start_and_the_rest_is_used(file, play):
    """One line names the file and what to do; what can be read is."""
    _torn(file)

    async def work(database):
        assert await database.key_values.get("before") == "1"

    (line,) = play(work)
    assert f"The database {file} is damaged" in line
    assert "restore a copy" in line


def test_check_ends_when_a_start_can_wait_no_longer(file, play, monkeypatch):
    """A file that takes longer to look through is used without a word."""
    _torn(file)
    monkeypatch.setattr(sqlite_file_module, "_CHECK_S", -1.0)
    monkeypatch.setattr(sqlite_file_module, "_STEPS_BETWEEN_LOOKS", 1)

    async def work(database):
        assert await database.key_values.get("before") == "1"

    assert play(work) == []


def test_start_goes_on_without_a_database_that_may_come_right(file, caplog, monkeypatch):
    """It is said once, the stores fail, and a copy that is put there is opened."""
    caplog.set_level(logging.INFO, "bot")
    monkeypatch.setattr(link_module, "RETRY_S", 0.0)

    async def run():
        file.parent.mkdir()
        file.write_bytes(b"no database, but as long as the header of one would be" * 3)
        database = await open_database_when_possible(f"sqlite:///{file}")
        with pytest.raises(DatabaseError, match="not a database"):
            await database.key_values.get("a")
        file.unlink()
        await database.key_values.put("a", "1")
        await database.close()

    asyncio.run(run())
    warning, info = (record for record in caplog.records if record.name.startswith("bot."))
    assert "until it can be opened" in warning.getMessage()
    assert (warning.levelname, info.getMessage()) == ("WARNING", "The database is open now")
    assert _facts(file) == {"a": "1"}


def test_database_that_failed_is_not_tried_again_at_once(file):
    """Otherwise every question would wait for the next try."""

    async def run():
        file.parent.mkdir()
        file.write_bytes(b"no database, but as long as the header of one would be" * 3)
        database = await open_database_when_possible(f"sqlite:///{file}")
        file.unlink()
        with pytest.raises(DatabaseError, match="not a database"):
            await database.key_values.get("a")
        assert not file.exists()
        await database.close()

    asyncio.run(run())


def test_start_waits_for_a_lock_and_goes_on_without(file, monkeypatch):
    """A database that another program writes to is no reason not to answer."""
    monkeypatch.setattr("bot.database.connection.engines.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr(link_module, "RETRY_S", 0.0)

    async def run():
        file.parent.mkdir()
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            database = await open_database_when_possible(f"sqlite:///{file}")
            assert "another program writes to it" in (database.problem or "")
        await database.key_values.put("a", "1")
        await database.close()

    asyncio.run(run())
    assert _facts(file) == {"a": "1"}


def test_start_refuses_what_waiting_does_not_mend(file):
    """A wrong address and a newer program's database end the start, and the file is left alone."""
    with pytest.raises(SettingsError):
        asyncio.run(open_database_when_possible("sqlite:secret.db"))
    file.mkdir(parents=True)
    with pytest.raises(DatabaseError, match="unable to open"):
        asyncio.run(open_database_when_possible(f"sqlite:///{file}"))
    file.rmdir()
    asyncio.run(_open_and_close(file))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    with pytest.raises(DatabaseError, match="newer version"):
        asyncio.run(open_database_when_possible(f"sqlite:///{file}"))
    assert file.read_bytes() == before


async def _open_and_close(file):
    await (await open_database(f"sqlite:///{file}")).close()
