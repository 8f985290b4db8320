"""Texts of servers that two machines have in PostgreSQL: changed on one, followed by the other."""

import asyncio
import shutil
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from bot.config.settings import FolderSettings, Settings
from bot.database import FolderInUseError, open_database
from bot.discord_app.context.pending_indexes import PendingIndexes
from bot.discord_app.texts.server_texts import SHARED, ServerTexts
from bot.errors import DatabaseError
from bot.indexing.server_indexes import ServerIndexes
from bot.indexing.shared_texts import store_texts
from index import Searcher, Tier
from tests.support.postgres import on_postgres

pytestmark = on_postgres

# On the second of two shards, and on the first.
GUILD, OTHER = 5 << 22, 6 << 22

MILL = "The mill was built in 1790, of oak."


class Machine:
    """The texts of one process, without Discord."""

    def __init__(self, url, database, data_dir, corpus, shards) -> None:
        settings = Settings(
            database_url=url,
            corpus_dir=corpus,
            data_dir=data_dir,
            retrieval=Tier.LEXICAL,
            shard_count=2,
            shard_ids=shards,
        )
        self.settings = FolderSettings.of(settings, data_dir / "servers/0")
        self.database = database
        no_index: Any = None
        self.indexes = ServerIndexes(no_index, data_dir, Tier.LEXICAL)
        runtime: Any = SimpleNamespace(
            settings=self.settings,
            database=database,
            server_indexes=self.indexes,
            pending_indexes=PendingIndexes(),
        )
        self.texts = ServerTexts(runtime)

    async def add(self, name, content, guild_id=GUILD):
        """Add a text as `/pullquote add` does."""
        own = self.texts.own(guild_id)
        async with self.texts.held(guild_id):
            with own.incoming() as folder:
                (folder / name).write_text(content, encoding="utf-8")
                await self.texts.build(lambda progress: own.add(folder / name, progress))

    async def remove(self, name, guild_id=GUILD):
        """Remove a text as `/pullquote remove` does."""
        own = self.texts.own(guild_id)
        async with self.texts.held(guild_id):
            await self.texts.build(lambda progress: own.remove(name, progress))

    async def follow(self, key=None):
        """Follow a change, or all, and wait until that is done."""
        self.texts.follow(key)
        while self.texts._following:
            await asyncio.sleep(0.01)

    def found(self, guild_id=GUILD):
        """Return the texts of a server's own index, as it would be asked."""
        own = self.indexes.own(guild_id)
        return sorted(info.source for info in own.sources()) if own else []


@asynccontextmanager
async def _machines(url, tmp_path, *shards):
    """Yield a machine for each tuple of shards, each with a connection of its own."""
    databases = [await open_database(url) for _ in shards]
    try:
        yield [
            Machine(url, database, tmp_path / str(number), tmp_path / f"corpus {number}", own)
            for number, (database, own) in enumerate(zip(databases, shards, strict=True))
        ]
    finally:
        for database in databases:
            await database.close()


def test_changes_of_one_machine_are_followed_by_another(postgres_url, tmp_path):
    """Added, replaced and removed texts, and the removed ones that can be restored."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1), (0, 1)) as (one, other):
            await one.add("mill.md", MILL)
            await one.add("other.md", "The choir sings on the pier in June.", OTHER)
            await other.follow(GUILD)
            assert (other.found(), other.found(OTHER)) == (["mill.md"], [])
            await other.follow()
            assert other.found(OTHER) == ["other.md"]
            await other.add("mill.md", "The mill burnt down in 1911.")
            await one.follow()
            own = one.texts.own(GUILD)
            assert own.content("mill.md", 99) == b"The mill burnt down in 1911."
            assert [text.path.read_text() for text in own.removed.all(own.now())] == [MILL]
            await one.remove("mill.md")
            await other.follow()
            assert (one.found(), other.found()) == ([], [])

    asyncio.run(run())


def test_each_machine_has_the_texts_of_its_shards(postgres_url, tmp_path):
    """What belongs to others is not fetched, neither at the start nor later."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1), (0,), (1,)) as (first, *later):
            await first.add("mill.md", MILL)
            await first.add("other.md", MILL, OTHER)
            await later[0].texts.catch_up()
            await later[1].follow()
            assert [one.indexes.guild_ids() for one in later] == [[OTHER], [GUILD]]
            assert (later[0].found(OTHER), later[1].found()) == (["other.md"], ["mill.md"])

    asyncio.run(run())


def _write(machine, name, content, guild_id=GUILD):
    """Put a text into the folder of a server, as if it had been there before the database."""
    folder = machine.indexes.server_dir(guild_id) / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


def test_texts_from_before_are_stored_for_those_who_serve_them(postgres_url, tmp_path):
    """A machine that had the folders of all servers stores them, and keeps those of its shards."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0,), (1,)) as (one, other):
            _write(one, "mill.md", MILL)
            _write(one, "other.md", MILL, OTHER)
            await one.texts.catch_up()
            assert one.indexes.guild_ids() == [OTHER]
            assert (await one.database.files.versions()).keys() == {GUILD, OTHER}
            await other.texts.catch_up()
            assert (one.found(OTHER), other.found()) == (["other.md"], ["mill.md"])

    asyncio.run(run())


def test_texts_of_a_deleted_server_do_not_come_back(postgres_url, tmp_path):
    """Neither from a copy, nor from what lay on a machine that had others, nor from leftovers."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1), (0,), (0, 1)) as (one, other, third):
            _write(other, "broken.md", MILL, OTHER)
            (other.indexes.server_dir(OTHER) / "index").write_text("in the way")
            await one.add("mill.md", MILL)
            _write(other, "mill.md", "Another mill.")
            _write(third, "mill.md", "A third mill.")
            for machine in (other, third):
                await machine.texts.catch_up()
            assert third.texts.own(GUILD).content("mill.md", 99) == MILL.encode()
            await one.database.privacy.delete_server(GUILD)
            for _ in range(2):
                for machine in (one, other, third):
                    await machine.texts.catch_up()
            assert (await one.database.files.versions()).keys() == {OTHER}
            assert one.found() == third.found() == []
            assert other.indexes.guild_ids() == [OTHER]

    asyncio.run(run())


def test_first_text_that_cannot_be_stored_is_undone(postgres_url, tmp_path, monkeypatch):
    """A server without texts has none afterwards, and nothing is stored later."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1)) as (one,):

            async def fail(*_):
                raise DatabaseError("it", "went away")

            with monkeypatch.context() as patched:
                patched.setattr(one.database.files, "replace", fail)
                with pytest.raises(DatabaseError):
                    await one.add("mill.md", MILL)
            await one.follow()
            assert one.found() == []
            assert await one.database.files.versions() == {}

    asyncio.run(run())


def test_version_that_could_not_be_indexed_is_tried_again(postgres_url, tmp_path, caplog):
    """Until it is, the machine does not count as up to date; one line says why."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1), (0, 1)) as (one, other):
            await one.add("mill.md", MILL)
            own = other.indexes.server_dir(GUILD)
            own.mkdir(parents=True)
            (own / "index").write_text("in the way")
            for _ in range(2):
                await other.follow()
                assert other.found() == []
            (own / "index").unlink()
            await other.follow()
            assert other.found() == ["mill.md"]

    asyncio.run(run())
    assert sum("stay as they are" in line for line in caplog.messages) == 1


def test_damaged_file_in_the_database_stops_nothing_else(postgres_url, tmp_path, caplog):
    """The server keeps what it had; one line says so, and the others are followed."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1), (0, 1)) as (one, other):
            await one.add("mill.md", MILL)
            await other.follow()
            await one.add("more.md", "More about the mill.")
            await one.add("other.md", MILL, OTHER)
            admin = await asyncpg.connect(postgres_url)
            await admin.execute("UPDATE file_chunks SET content = 'x' WHERE guild_id = $1", GUILD)
            await admin.close()
            for _ in range(2):
                await other.follow()
            assert other.found(OTHER) == ["other.md"]
            assert other.found() == ["mill.md"]
            assert other.texts.own(GUILD).content("mill.md", 99) == MILL.encode()

    asyncio.run(run())
    assert sum("are damaged" in line for line in caplog.messages) == 1


def test_file_may_give_its_name_to_a_folder(postgres_url, tmp_path):
    """And a folder to a file."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0,), (1,)) as (one, other):
            for text in ("guide.md", "guide.md/one.md", "guide.md"):
                shutil.rmtree(one.settings.corpus_dir, ignore_errors=True)
                (one.settings.corpus_dir / text).parent.mkdir(parents=True)
                (one.settings.corpus_dir / text).write_text("The guide.")
                await store_texts(one.database.files, one.settings)
                await other.follow(SHARED)
                searcher = Searcher.open(other.settings.index_dir, Tier.LEXICAL)
                assert [info.source for info in searcher.sources()] == [text]

    asyncio.run(run())


def test_change_that_cannot_be_stored_while_the_database_is_away_is_undone(
    postgres_url, tmp_path, monkeypatch
):
    """Although it cannot be asked what the texts are: nothing of the change is quoted."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1)) as (one,):
            await one.add("mill.md", MILL)

            async def fail(*_):
                raise DatabaseError("it", "went away")

            replace = one.database.files.replace

            async def go_away(*_):
                monkeypatch.setattr(one.database.files, "folder", fail)
                await fail()

            monkeypatch.setattr(one.database.files, "replace", go_away)
            for change in (
                one.add("more.md", MILL),
                one.add("mill.md", "x"),
                one.remove("mill.md"),
            ):
                folder = one.database.files.folder
                with pytest.raises(DatabaseError):
                    await change
                assert one.found() == ["mill.md"]
                assert one.texts.own(GUILD).content("mill.md", 99) == MILL.encode()
                monkeypatch.setattr(one.database.files, "folder", folder)
            monkeypatch.setattr(one.database.files, "replace", replace)
            await one.follow()
            await one.add("more.md", MILL)
            assert one.found() == ["mill.md", "more.md"]

    asyncio.run(run())


def test_change_that_cannot_be_stored_is_undone(postgres_url, tmp_path, monkeypatch):
    """The person is told of it, and the texts and their index are those from before."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1)) as (one,):
            await one.add("mill.md", MILL)

            async def fail(*_):
                raise DatabaseError("it", "went away")

            monkeypatch.setattr(one.database.files, "replace", fail)
            with pytest.raises(DatabaseError):
                await one.add("more.md", MILL)
            assert one.found() == ["mill.md"]
            assert one.texts.own(GUILD).names() == ["mill.md"]
            assert not one.texts.is_busy(GUILD)

    asyncio.run(run())


def test_change_without_the_database_is_refused(postgres_url, tmp_path, monkeypatch):
    """Nothing is changed on this machine alone, and questions are answered as before."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1)) as (one,):
            await one.add("mill.md", MILL)

            def no_lock(_):
                raise DatabaseError("it", "is away")

            monkeypatch.setattr(one.database, "folder_lock", no_lock)
            with pytest.raises(DatabaseError):
                await one.add("more.md", MILL)
            assert one.found() == ["mill.md"]

    asyncio.run(run())


def test_texts_that_another_machine_holds_are_not_changed(postgres_url, tmp_path):
    """Only one changes them at a time; those of other servers are free."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1), (0, 1)) as (one, other):
            async with one.texts.held(GUILD):
                for machine in (one, other):
                    with pytest.raises(FolderInUseError):
                        await machine.add("mill.md", MILL)
                await other.add("mill.md", MILL, OTHER)
            await other.add("mill.md", MILL)

    asyncio.run(run())


def test_deleted_server_is_gone_on_every_machine(postgres_url, tmp_path):
    """Its folder, with its index."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1), (0, 1)) as (one, other):
            await one.add("mill.md", MILL)
            await other.follow()
            await one.database.privacy.delete_server(GUILD)
            await other.follow()
            assert other.found() == []
            assert not other.indexes.server_dir(GUILD).exists()

    asyncio.run(run())


def test_removed_texts_that_are_too_old_leave_the_database(postgres_url, tmp_path, monkeypatch):
    """Seven days after the removal no machine has the file."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0, 1)) as (one,):
            await one.add("mill.md", MILL)
            await one.remove("mill.md")
            folder = await one.database.files.folder(GUILD)
            (path,) = folder.files
            assert path.startswith("removed/")
            monkeypatch.setattr("bot.discord_app.texts.removed_texts._is_over", lambda *_: True)
            await one.texts.purge_removed()
            folder = await one.database.files.folder(GUILD)
            assert folder.files == {}

    asyncio.run(run())


def test_shared_texts_are_followed(postgres_url, tmp_path):
    """One machine stores its texts; the other indexes them, without a folder of texts."""

    async def run():
        async with _machines(postgres_url, tmp_path, (0,), (1,)) as (one, other):
            for text in ("The ferry runs daily.", "The ferry runs on Sundays."):
                one.settings.corpus_dir.mkdir(exist_ok=True)
                (one.settings.corpus_dir / "ferry.md").write_text(text, encoding="utf-8")
                assert await store_texts(one.database.files, one.settings)
                assert not await store_texts(one.database.files, one.settings)
                await other.follow(SHARED)
                searcher = Searcher.open(other.settings.index_dir, Tier.LEXICAL)
                assert [passage.text for passage in searcher.passages] == [text]

    asyncio.run(run())
