"""A database is used with one key of people's hashes, on SQLite and on PostgreSQL."""

import asyncio
import os

import pytest

from bot.database import Change, Pseudonyms, open_database, open_database_when_possible
from bot.database.connection import supervisor
from bot.errors import DatabaseError, WrongKeyError
from tests.support.data.questions import asked
from tests.support.forks import fork

KEY, OTHER = Pseudonyms(b"k" * 32), Pseudonyms(b"x" * 32)


def use(url, key, work=None):
    """Open a database with a key, and return what is done with it."""

    async def run():
        database = await open_database_when_possible(url, key)
        try:
            return await work(database) if work else None
        finally:
            await database.close()

    return asyncio.run(run())


def fill(url, work):
    """Do something on a database as versions did that knew of no check value."""

    async def run():
        database = await open_database(url)
        try:
            await work(database)
        finally:
            await database.close()

    asyncio.run(run())


def test_second_key_is_refused(database_url):
    """The first process decides; the line names no key, and the exit code is that of a setting."""
    use(database_url, KEY)
    use(database_url, KEY)
    with pytest.raises(WrongKeyError, match=r"another key than that in PEOPLE_KEY; ") as caught:
        use(database_url, OTHER)
    assert caught.value.exit_code == 2
    assert not caught.value.may_pass
    assert "\n" not in str(caught.value)
    assert OTHER.key.hex() not in str(caught.value)
    use(database_url, KEY)


def _start(url, key):
    """Open a database in a process of its own, and exit with 1 if the key is refused."""
    try:
        use(url, key)
    except WrongKeyError:
        os._exit(1)


def test_one_of_many_first_keys_is_taken(database_url):
    """Processes with two keys open an empty database at once: those of one key go on."""
    keys = [KEY, OTHER, KEY, OTHER]
    processes = [fork(_start, database_url, key) for key in keys]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    codes = [process.exitcode for process in processes]
    assert codes in ([0, 1, 0, 1], [1, 0, 1, 0])


@pytest.mark.parametrize("newest", [KEY, OTHER])
def test_encrypted_id_tells_the_key_of_an_older_database(migrated_url, newest):
    """The newest change decides where no check value was stored; without one, any key is taken."""

    async def change(database):
        for key in (KEY, OTHER, newest):
            added = Change(7, "text_added", "mill.txt")
            await database.audit_log.add(added, person=key.hashed(7), sealed=key.sealed(7))
        await database.audit_log.add(added, person="", sealed="")

    fill(migrated_url, change)
    wrong = OTHER if newest is KEY else KEY
    with pytest.raises(WrongKeyError):
        use(migrated_url, wrong)
    use(migrated_url, newest)
    with pytest.raises(WrongKeyError):
        use(migrated_url, wrong)


def test_key_that_was_made_just_now_did_not_make_stored_hashes(migrated_url, tmp_path):
    """It is refused and removed again; a key that was there before is taken."""
    folder = tmp_path / "another machine"
    fill(migrated_url, lambda database: database.questions.record(asked()))
    for _ in range(2):
        with pytest.raises(WrongKeyError, match=r"another key than that in DATA_DIR/people\.key; "):
            use(migrated_url, Pseudonyms.load(folder))
        assert Pseudonyms.find(folder) is None
    use(migrated_url, KEY)


def test_empty_check_value_takes_the_next_key(migrated_url):
    """An owner who lost the key can go on, as the page for operators says."""

    async def give_up(database):
        await database.key_values.put("people key", "")
        change = Change(7, "text_added", "mill.txt")
        await database.audit_log.add(change, person=KEY.hashed(7), sealed=KEY.sealed(7))

    use(migrated_url, KEY, give_up)
    use(migrated_url, OTHER)
    with pytest.raises(WrongKeyError):
        use(migrated_url, KEY)


def test_database_that_opens_later_is_not_used_with_another_key(tmp_path, monkeypatch):
    """Nothing is read or written with the wrong key, and whoever keeps it open ends."""
    monkeypatch.setattr(supervisor, "RETRY_S", 0.01)
    file = tmp_path / "pullquote.db"
    url = f"sqlite:///{file}"
    use(url, KEY)
    whole = file.read_bytes()
    file.write_bytes(b"no database, but as long as the header of one would be" * 9)

    async def run():
        database = await open_database_when_possible(url, OTHER)
        with pytest.raises(DatabaseError, match="not a database"):
            await database.key_values.get("a")
        file.write_bytes(whole)
        async with asyncio.timeout(20):
            with pytest.raises(WrongKeyError):
                await database.keep_open()
        with pytest.raises(WrongKeyError):
            await database.key_values.put("a", "1")
        assert "another key" in (database.problem or "")
        await database.close()

    asyncio.run(run())
    assert use(url, KEY, lambda database: database.key_values.get("a")) is None


def test_copy_with_another_key_is_not_used(tmp_path, monkeypatch):
    """A file that is moved into the place of the open one is looked at, too."""
    monkeypatch.setattr(supervisor, "RETRY_S", 0.0)
    file, copy = tmp_path / "pullquote.db", tmp_path / "copy.db"
    use(f"sqlite:///{copy}", OTHER)

    async def run():
        database = await open_database_when_possible(f"sqlite:///{file}", KEY)
        await database.key_values.put("a", "1")
        copy.replace(file)
        for _ in range(2):
            with pytest.raises(WrongKeyError):
                await database.key_values.put("a", "2")
        await database.close()

    asyncio.run(run())
    assert use(f"sqlite:///{file}", OTHER, lambda database: database.key_values.get("a")) is None


def test_key_that_was_used_is_kept(tmp_path):
    """A file that this process made is not removed when a foreign database takes the place."""
    first, second = (f"sqlite:///{tmp_path}/{name}.db" for name in ("first", "second"))
    use(second, OTHER)
    key = Pseudonyms.load(tmp_path)
    use(first, key)
    with pytest.raises(WrongKeyError):
        use(second, key)
    assert Pseudonyms.load(tmp_path).key == key.key
