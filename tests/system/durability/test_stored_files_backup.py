"""Texts that are in PostgreSQL are backed up as files, and restored for all machines."""

import asyncio
import os
import zipfile

import pytest
from sqlalchemy import text

from bot.database import open_database, snapshot
from bot.errors import BackupError
from bot.indexing.stored_folder import StoredFolder
from bot.operations.backup import restore as restoring
from bot.operations.backup.create import back_up
from bot.operations.backup.report import restored_lines, saved_lines
from bot.operations.backup.restore import restore
from tests.support.data.data_folder import fill, rewrite, sealed, seen, settings_of, store, write
from tests.support.postgres import new_database, on_postgres
from tests.support.scenes import on_database

pytestmark = on_postgres

MILL = {"texts/mill.txt": b"The mill was built in 1790."}


@pytest.fixture
def settings(postgres_url, tmp_path):
    """The settings of a filled database on PostgreSQL, with a data folder."""
    settings = settings_of(tmp_path / "data", postgres_url)
    fill(settings)
    return settings


@pytest.fixture
def elsewhere(postgres_server, tmp_path):
    """The settings of another database on PostgreSQL, which is empty."""
    return settings_of(tmp_path / "elsewhere", new_database(postgres_server))


def play(settings, work):
    """Return what an async function returns that is called with the database."""
    return asyncio.run(on_database(settings.database, work))


def put(settings, guild_id, files):
    """Store the files of a server."""
    play(settings, lambda database: store(database, guild_id, files))


def pull(settings, folder, guild_id):
    """Make a folder a copy of a server's files; return whether any changed."""
    return play(settings, lambda database: StoredFolder(database.files, folder, guild_id).pull())


def names(file):
    """Return the names of the texts in a backup."""
    with zipfile.ZipFile(file) as archive:
        return [name for name in archive.namelist() if name.startswith("servers/")]


def test_stored_texts_are_saved_as_files_and_restored(settings, elsewhere, tmp_path):
    """Files of many chunks, empty ones, two of the same bytes; no table of them is saved."""
    twice = os.urandom(2_500_000)
    put(settings, 8, {"texts/a b.md": twice, "texts/c/d.md": twice, "texts/e.md": b""})
    put(settings, 9, {})
    saved = back_up(settings, tmp_path / "a.zip")
    assert (saved.texts, saved.shared, saved.left_out) == (5, 1, ())
    assert saved_lines(saved, tmp_path / "a.zip").endswith(
        "Also saved 1 text that all servers share."
    )
    assert names(tmp_path / "a.zip") == [
        "servers/0/texts/harbour.txt",
        "servers/7/removed/1796047200000/fair.txt",
        "servers/7/texts/mill.txt",
        "servers/7/texts/more/mühle.txt",
        "servers/8/texts/a b.md",
        "servers/8/texts/c/d.md",
        "servers/8/texts/e.md",
    ]
    assert not {"folders", "files", "file_chunks"} & saved.rows.keys()
    restored = restore(elsewhere, tmp_path / "a.zip")
    assert seen(elsewhere) == seen(settings)
    assert "rebuild" not in restored_lines(restored, tmp_path / "a.zip")


def test_texts_of_a_backup_are_those_of_its_rows(settings):
    """A text that is replaced while the backup is written is saved as it was."""

    async def run():
        async with snapshot(settings.database) as found:
            assert found is not None
            assert found.revision
            database = await open_database(settings.database)
            await store(database, 7, {"texts/mill.txt": b"replaced"})
            await database.privacy.delete_server(0)
            await database.close()
            files = await found.files()
            chunks = [one async for one in found.chunks(0, files[0][2].digest)]
            return [path for _, path, _ in files], chunks

    paths, chunks = asyncio.run(run())
    assert (len(paths), chunks) == (4, [b"bell"])


def test_odd_names_are_left_out_and_named(settings, tmp_path):
    """As with files of the data folder."""
    put(settings, 8, {"texts/a:b.txt": b"a", "texts/c.txt": b"c"})
    saved = back_up(settings, tmp_path / "a.zip")
    assert (saved.texts, saved.left_out) == (3, ("servers/8/texts/a:b.txt",))


def test_texts_that_no_bot_has_stored_yet_are_saved(settings, tmp_path):
    """After an update they are in the data folder; copies of what was deleted are not saved."""
    servers = settings.data_dir / "servers"
    put(settings, 9, MILL)
    pull(settings, servers / "9", 9)
    play(settings, lambda database: database.privacy.delete_server(9))
    pull(settings, servers / "7", 7)
    for guild_id in (0, 7, 8):
        write(servers / str(guild_id), {"texts/new.txt": b"new"})
    back_up(settings, tmp_path / "a.zip")
    assert [name for name in names(tmp_path / "a.zip") if "new" in name or "/9/" in name] == [
        "servers/8/texts/new.txt"
    ]


def test_text_that_the_database_has_lost_is_no_backup(settings, tmp_path):
    """A missing chunk is told, and no file is written."""
    content = os.urandom(1_500_000)
    put(settings, 8, {"texts/a.md": content})

    async def lose(database):
        async with database.files._sessions.writing() as session:
            await session.execute(text("DELETE FROM file_chunks WHERE number = 1"))

    play(settings, lose)
    with pytest.raises(BackupError, match=r"servers/8/texts/a\.md is damaged in the database"):
        back_up(settings, tmp_path / "a.zip")
    assert not list(tmp_path.glob("a.zip*"))


def test_machines_follow_a_restore(settings, tmp_path):
    """Their copies are of other versions now; what the backup does not have goes."""
    back_up(settings, tmp_path / "a.zip")
    put(settings, 7, MILL)
    put(settings, 8, MILL)
    for guild_id in (7, 8):
        pull(settings, tmp_path / f"copy {guild_id}", guild_id)
        write(settings.data_dir / "servers" / str(guild_id), MILL)
    before = play(settings, lambda database: database.files.versions())
    (former,) = restore(settings, tmp_path / "a.zip", force=True).former
    assert sorted(path.name for path in (former / "servers").iterdir()) == ["7", "8"]
    assert not (settings.data_dir / "servers").exists()
    after = play(settings, lambda database: database.files.versions())
    assert set(after) == {0, 7}
    assert not set(after.values()) & set(before.values())
    assert pull(settings, tmp_path / "copy 7", 7)
    assert sorted(path.name for path in (tmp_path / "copy 7" / "texts").iterdir()) == [
        "mill.txt",
        "more",
    ]
    assert pull(settings, tmp_path / "copy 8", 8)
    assert not (tmp_path / "copy 8").exists()
    assert names(former / "backup.zip")[-1] == "servers/8/texts/mill.txt"


def test_failed_restore_leaves_all_texts(settings, tmp_path, monkeypatch):
    """Rows and texts are replaced in one transaction."""
    back_up(settings, tmp_path / "a.zip")
    fill(settings, "drum")
    before = seen(settings)

    def broken(_run, _guild_id, _path):
        yield b"half"
        raise OSError("the disk failed")

    monkeypatch.setattr(restoring._RestoreRun, "_chunks", broken)
    with pytest.raises(Exception, match="the disk failed"):
        restore(settings, tmp_path / "a.zip", force=True)
    assert seen(settings) == before
    assert not list(settings.data_dir.glob("restoring*/"))


def test_texts_alone_are_data_that_only_force_replaces(elsewhere, settings, tmp_path):
    """A database with texts and nothing else is not empty."""
    back_up(settings, tmp_path / "a.zip")
    put(elsewhere, 8, MILL)
    with pytest.raises(BackupError, match="--force"):
        restore(elsewhere, tmp_path / "a.zip")


def test_shared_texts_are_beside_those_of_servers_with_sqlite(settings, tmp_path):
    """A line says where; a backup from there, whose bot reads CORPUS_DIR, is without them."""
    back_up(settings, tmp_path / "a.zip")
    there = settings_of(tmp_path / "there")
    restored = restore(there, tmp_path / "a.zip")
    place = there.data_dir / "servers" / "0" / "texts"
    assert (place / "harbour.txt").read_text() == "bell"
    assert f"are in {place}: copy them to CORPUS_DIR" in restored_lines(restored, tmp_path / "a")
    saved = back_up(there, tmp_path / "b.zip")
    assert (saved.texts, saved.shared) == (2, 0)
    again = restore(settings, tmp_path / "b.zip", force=True)
    assert "Run `pullquote rebuild`" in restored_lines(again, tmp_path / "b.zip")


def test_folder_that_is_not_named_by_an_id_is_refused(settings, elsewhere, tmp_path):
    """Two names for one server would be one folder."""
    back_up(settings, tmp_path / "a.zip")

    def forge(files):
        files["servers/007/texts/mill.txt"] = b"other"
        sealed(files)

    with pytest.raises(BackupError, match="servers/007/texts"):
        restore(elsewhere, rewrite(tmp_path / "a.zip", tmp_path / "b.zip", forge))
    assert not list(elsewhere.data_dir.glob("restoring*/"))
