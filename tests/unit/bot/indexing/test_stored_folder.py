"""A folder of this machine and its files in PostgreSQL: what either has, the other gets."""

import asyncio
import os
from contextlib import asynccontextmanager
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.database import FolderChangedError, StoredFile, open_database
from bot.errors import DatabaseError
from bot.indexing.stored_folder import StoredFolder, is_safe
from tests.support.postgres import on_postgres

GUILD = 5


@asynccontextmanager
async def _machines(url, tmp_path):
    """Yield the database, and a function that returns the folder of a machine by its name."""
    database = await open_database(url)

    def machine(name):
        return StoredFolder(database.files, tmp_path / name, GUILD, imports=True)

    try:
        yield database, machine
    finally:
        await database.close()


def _write(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


async def _follow(folder):
    """Pull, as one does who indexes then what is new; return whether anything was."""
    is_new = await folder.pull()
    await folder.finish()
    return is_new


def _files(folder):
    """Return the files that are the server's, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for part in ("texts", "removed")
        for path in (folder / part).rglob("*")
        if path.is_file()
    }


MILL = {"texts/mill.md": b"The mill was built in 1790.", "removed/17/old.md": b"old"}


@on_postgres
class TestOnPostgres:
    """With a real server, on which every statement is a message."""

    def test_files_reach_another_machine(self, postgres_url, tmp_path):
        """New, changed, removed and empty files; a second pull changes nothing."""
        stages = [
            MILL,
            MILL | {"texts/a b.md": b"", "texts/big.txt": os.urandom(2_500_000)},
            {"texts/mill.md": b"The mill was built in 1791."},
            {},
        ]

        async def run():
            async with _machines(postgres_url, tmp_path) as (_, machine):
                one, other = machine("one"), machine("other")
                for files in stages:
                    await _follow(one)
                    await one.begin_change()
                    for path in _files(tmp_path / "one").keys() - files.keys():
                        (tmp_path / "one" / path).unlink()
                    _write(tmp_path / "one", files)
                    await one.push()
                    assert await _follow(other)
                    assert _files(tmp_path / "other") == files
                    assert not await _follow(other)
                    assert not await _follow(one)

        asyncio.run(run())
        assert not list((tmp_path / "other").glob("incoming-*"))
        assert not list((tmp_path / "other/removed").iterdir())  # no empty folders

    def test_interrupted_change_is_undone(self, postgres_url, tmp_path):
        """What was changed here and not stored is as the database has it, after any crash."""

        async def run():
            async with _machines(postgres_url, tmp_path) as (database, machine):
                _write(tmp_path / "one", MILL)
                one = machine("one")
                await _follow(one)
                version = (await database.files.versions())[GUILD]
                assert await one.is_current(version)
                await one.begin_change()
                assert not await machine("one").is_current(version)
                (tmp_path / "one/texts/mill.md").unlink()
                _write(tmp_path / "one", {"texts/new.md": b"new", "removed/18/x.md": b"x"})
                assert await _follow(machine("one"))
                assert await machine("one").is_current(version)

        asyncio.run(run())
        assert _files(tmp_path / "one") == MILL

    def test_folder_from_before_is_stored(self, postgres_url, tmp_path):
        """The texts that a machine had with SQLite are in the database after the first pull."""

        async def run():
            async with _machines(postgres_url, tmp_path) as (_, machine):
                _write(tmp_path / "one", MILL)
                assert await _follow(machine("one"))
                assert await _follow(machine("other"))

        asyncio.run(run())
        assert _files(tmp_path / "other") == MILL

    def test_other_files_from_before_are_moved_aside(self, postgres_url, tmp_path, caplog):
        """A machine that had others gets those of the database, and keeps its own."""

        async def run():
            async with _machines(postgres_url, tmp_path) as (_, machine):
                _write(tmp_path / "one", MILL)
                await _follow(machine("one"))
                _write(tmp_path / "other", {"texts/mill.md": b"Another mill."})
                assert await _follow(machine("other"))

        asyncio.run(run())
        assert _files(tmp_path / "other") == MILL
        (aside,) = (tmp_path / "other").glob("aside-*")
        assert _files(aside) == {"texts/mill.md": b"Another mill."}
        assert len(caplog.messages) == 1

    def test_deleted_server_is_deleted_everywhere(self, postgres_url, tmp_path):
        """A folder that was a copy goes; it does not come back with what was there."""

        async def run():
            async with _machines(postgres_url, tmp_path) as (database, machine):
                _write(tmp_path / "one", MILL)
                await _follow(machine("one"))
                await database.privacy.delete_server(GUILD)
                assert not await machine("one").is_current(None)
                assert await _follow(machine("one"))
                assert not (tmp_path / "one").exists()
                assert await machine("one").is_current(None)
                assert not await _follow(machine("one"))
                assert await database.files.versions() == {}

        asyncio.run(run())

    def test_change_after_another_machines_is_refused(self, postgres_url, tmp_path):
        """It begins with other files than those that it would replace."""

        async def run():
            async with _machines(postgres_url, tmp_path) as (_, machine):
                one, other = machine("one"), machine("other")
                _write(tmp_path / "one", MILL)
                await _follow(one)
                await _follow(other)
                _write(tmp_path / "one", {"texts/a.md": b"a"})
                await one.push()
                _write(tmp_path / "other", {"texts/b.md": b"b"})
                with pytest.raises(FolderChangedError):
                    await other.push()
                await _follow(other)

        asyncio.run(run())
        assert _files(tmp_path / "other") == MILL | {"texts/a.md": b"a"}

    def test_damaged_note_is_no_loss(self, postgres_url, tmp_path):
        """A folder whose note cannot be read is compared as one from before."""

        async def run():
            async with _machines(postgres_url, tmp_path) as (database, machine):
                _write(tmp_path / "one", MILL)
                await _follow(machine("one"))
                (tmp_path / "one/stored.json").write_bytes(b'{"database": "x", "files": []}')
                assert await _follow(machine("one"))
                version = (await database.files.versions())[GUILD]
                assert await machine("one").is_current(version)

        asyncio.run(run())
        assert _files(tmp_path / "one") == MILL

    def test_interrupted_fetch_goes_on(self, postgres_url, tmp_path, monkeypatch):
        """What came before the cut is part of the copy, and nothing is moved aside."""

        async def run():
            async with _machines(postgres_url, tmp_path) as (database, machine):
                _write(tmp_path / "one", MILL)
                await _follow(machine("one"))
                chunks = database.files.chunks

                def cut(guild_id, digest):
                    if (tmp_path / "other/removed/17/old.md").exists():
                        raise DatabaseError("it", "was cut off")
                    return chunks(guild_id, digest)

                with monkeypatch.context() as patched:
                    patched.setattr(database.files, "chunks", cut)
                    with pytest.raises(DatabaseError):
                        await machine("other").pull()
                assert await _follow(machine("other"))

        asyncio.run(run())
        assert _files(tmp_path / "other") == MILL
        assert not list((tmp_path / "other").glob("aside-*"))

    def test_paths_that_lead_out_are_not_written(self, postgres_url, tmp_path):
        """Whatever wrote them into the database."""
        paths = ["../x", "texts/../../x", "/x", "texts", "index/x", "texts/.x", "stored.json"]

        async def run():
            async with _machines(postgres_url, tmp_path) as (database, machine):
                files = {path: StoredFile(sha256(b"x").hexdigest(), 1) for path in paths}
                await database.files.replace(GUILD, None, files, lambda _: iter([b"x"]))
                await _follow(machine("one"))

        asyncio.run(run())
        assert [path.name for path in tmp_path.rglob("*")] == ["one", "stored.json"]


@given(path=st.text(alphabet="ab./\\ ", max_size=12))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_safe_paths_stay_below_their_folder(path):
    """Neither `..` nor an absolute path passes."""
    for whole in (path, f"texts/{path}"):
        if is_safe(whole):
            assert os.path.normpath(f"/data/{whole}").startswith(("/data/texts/", "/data/removed/"))
