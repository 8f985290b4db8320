"""What is in the database and what is on a machine are compared, and nothing is changed."""

import asyncio
import os
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.config.settings import FolderSettings, Settings
from bot.indexing.build import BuildProgress, build
from bot.indexing.stored_folder import StoredFolder
from bot.indexing.texts_check import TextsComparison, compare_texts
from tests.support.data.data_folder import store, write
from tests.support.postgres import on_postgres
from tests.support.scenes import on_database

MILL = {"texts/mill.md": b"The mill was built in 1790.", "removed/17/old.md": b"old"}
FAIR = {"texts/fair.md": b"The fair is held in August."}
SHARED = {"texts/harbour.txt": b"The harbour was dug in 1802."}

ALL_WELL = TextsComparison(servers=2, texts=2)


def _index(settings, guild_id):
    folder = settings.data_dir / "servers" / str(guild_id)
    build(FolderSettings.of(settings, folder), BuildProgress())


def _compare(settings):
    return asyncio.run(compare_texts(settings))


@pytest.fixture
def on_sqlite(tmp_path):
    """The settings of a folder with the texts of two servers, and their indexes."""
    settings = Settings(data_dir=tmp_path)
    for guild_id, files in ((5, MILL), (6, FAIR)):
        write(tmp_path / "servers" / str(guild_id), files)
        _index(settings, guild_id)
    return settings


def test_texts_are_compared_with_their_indexes(on_sqlite):
    """A changed text, a damaged index and none at all; a server without texts needs none."""
    servers = on_sqlite.data_dir / "servers"
    write(servers / "7", {"removed/17/old.md": b"old"})
    write(servers / "0", SHARED)
    assert _compare(on_sqlite) == ALL_WELL
    write(servers / "8", FAIR)
    write(servers / "5", {"texts/mill.md": b"The mill burned down."})
    manifest = servers / "6" / "index" / "manifest.json"
    manifest.write_text(manifest.read_text()[:-20])
    found = _compare(on_sqlite)
    assert (found.servers, found.texts) == (3, 3)
    assert found.unindexed == ("servers/5", "servers/6", "servers/8")


def test_index_of_removed_texts_is_named(on_sqlite):
    """A server whose last text is gone has no index."""
    shutil.rmtree(on_sqlite.data_dir / "servers" / "6" / "texts")
    assert _compare(on_sqlite) == TextsComparison(1, 1, unindexed=("servers/6",))


def test_setting_of_the_current_version_makes_no_difference(tmp_path):
    """The indexes are built with it, too."""
    settings = Settings(data_dir=tmp_path, current_version="2.1")
    write(tmp_path / "servers" / "5", MILL)
    _index(settings, 5)
    assert _compare(settings) == TextsComparison(1, 1)


def _play(settings, work):
    """Return what an async function returns that is called with the database."""
    return asyncio.run(on_database(settings.database, work))


def _pull(settings, guild_id):
    folder = settings.data_dir / "servers" / str(guild_id)
    _play(settings, lambda database: StoredFolder(database.files, folder, guild_id).pull())
    _index(settings, guild_id)


@pytest.fixture
def settings(postgres_url, tmp_path):
    """The settings of a machine whose folder is what the database has."""
    settings = Settings(data_dir=tmp_path, database_url=postgres_url)

    async def fill(database):
        for guild_id, files in ((0, SHARED), (5, MILL), (6, FAIR)):
            await store(database, guild_id, files)

    _play(settings, fill)
    for guild_id in (0, 5, 6):
        _pull(settings, guild_id)
    return settings


@on_postgres
class TestOnPostgres:
    """With a real server."""

    def test_machine_that_follows_is_well(self, settings):
        """Also with large and empty files, and one without any."""

        async def fill(database):
            await store(database, 7, {"texts/a": b"", "texts/b": os.urandom(2_500_000)})
            await store(database, 8, {})

        assert _compare(settings) == ALL_WELL
        _play(settings, fill)
        found = _compare(settings)
        assert found.missing == ("servers/7", "servers/8")
        assert found.damaged == ()

    def test_differences_are_named(self, settings):
        """Changed, removed and added files, also of the same size and time."""
        mill = settings.data_dir / "servers/5/texts/mill.md"
        before = mill.stat()
        mill.write_bytes(b"The mill was built in 1970.")
        os.utime(mill, ns=(before.st_atime_ns, before.st_mtime_ns))
        (settings.data_dir / "servers/5/removed/17/old.md").unlink()
        write(settings.data_dir / "servers/0", {"texts/new.txt": b"new"})
        assert _compare(settings).differing == (
            "servers/0/texts/new.txt",
            "servers/5/removed/17/old.md",
            "servers/5/texts/mill.md",
        )

    def test_folders_that_do_not_belong_here_are_named(self, settings):
        """Copies of a deleted server and of one of other shards, and what was set aside."""
        servers = settings.data_dir / "servers"
        _play(settings, lambda database: database.privacy.delete_server(6))
        (servers / "5" / "aside-x1").mkdir()
        write(servers / "9", FAIR)
        found = _compare(settings)
        assert found.leftover == ("servers/6", "servers/5/aside-x1")
        assert found.unstored == ("servers/9",)
        (servers / "5" / "stored.json").unlink()
        other = _compare(replace(settings, shard_count=2, shard_ids=(1,)))
        assert other.leftover == ("servers/5", "servers/6", "servers/5/aside-x1")
        assert other.unstored == ("servers/9",)
        assert (other.servers, other.unindexed) == (0, ())

    @pytest.mark.parametrize(
        "damage",
        [
            "DELETE FROM file_chunks WHERE guild_id = 5",
            "UPDATE file_chunks SET content = 'other' WHERE guild_id = 5",
        ],
    )
    def test_lost_and_changed_bytes_in_the_database_are_named(self, settings, damage):
        """Whether or not this machine has a good copy."""

        async def play(database):
            async with database.files._sessions.writing() as session:
                await session.execute(text(damage))

        _play(settings, play)
        assert _compare(settings) == replace(
            ALL_WELL, damaged=("servers/5/removed/17/old.md", "servers/5/texts/mill.md")
        )

    def test_database_without_tables_is_not_made(self, postgres_url, tmp_path):
        """Before the first start there is nothing to compare."""
        settings = Settings(data_dir=tmp_path / "data", database_url=postgres_url)
        assert _compare(settings) == TextsComparison(0, 0)
        assert not settings.data_dir.exists()
