"""Servers that the bot has left: their data stays for a while, and is then deleted."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.database import ChannelSettings, open_database
from bot.discord_app.privacy.left_servers import LeftServers
from bot.indexing.server_indexes import ServerIndexes
from bot.indexing.stored_folder import remove_leftovers
from index import LiveSearcher, Tier, build_index
from tests.support.data.questions import asked
from tests.support.postgres import NOON, Clock

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def _ignore(guild_id):
    """Forget nothing of a server in memory."""
    del guild_id


@pytest.fixture
def on_left_servers(tmp_path, harbour_index):
    """A function that plays with left servers, their database and the servers' texts."""
    texts = ServerIndexes(LiveSearcher(harbour_index, Tier.LEXICAL), tmp_path / ".pullquote")

    def play_on(play):
        async def run():
            database = await open_database(f"sqlite:///{tmp_path}/pullquote.db", Clock())
            try:
                return await play(
                    LeftServers(database, texts, lambda _: True, _ignore), database, texts
                )
            finally:
                await database.close()

        return asyncio.run(run())

    return play_on


async def _fill(database, texts, *guild_ids):
    """Give servers a question, a setting and own texts with their index."""
    for guild_id in guild_ids:
        await database.questions.record(asked(guild_id=guild_id))
        await database.settings.set_channel(guild_id, 2, ChannelSettings("off"))
        folder = texts.corpus_dir(guild_id)
        folder.mkdir(parents=True)
        (folder / "own.txt").write_text("The mill stood here until 1910.", encoding="utf-8")
        build_index(folder, texts.index_dir(guild_id))


def _sources(texts, guild_id):
    return {info.source for info in texts.searcher(guild_id).sources()}


def test_left_server_is_deleted_after_its_time(on_left_servers):
    """Not a moment earlier, with its folder, and no other server is touched."""

    async def play(left_servers, database, texts):
        await _fill(database, texts, 1, 2)
        assert "own.txt" in _sources(texts, 1)
        await left_servers.note_left(1, NOON)
        assert await left_servers.delete_left_before(NOON) == 0
        assert await database.privacy.servers() == {1, 2}
        assert await left_servers.delete_left_before(NOON + timedelta(microseconds=1)) == 1
        assert await database.privacy.servers() == {2}
        assert texts.guild_ids() == [2]
        assert _sources(texts, 1) == {"harbour.txt"}
        assert await left_servers.delete_left_before(NOON + MONTH) == 0

    on_left_servers(play)


def test_servers_of_other_processes_are_left_alone(on_left_servers):
    """A process neither notes nor deletes what is another's, however long it is gone."""

    async def play(left_servers, database, texts):
        await _fill(database, texts, 1, 2, 3)
        forgotten: list[int] = []
        ours = LeftServers(database, texts, lambda guild_id: guild_id != 2, forgotten.append)
        await ours.compare([1], NOON)
        assert await ours.delete_left_before(NOON + DAY) == 1
        assert forgotten == [3]
        assert await database.privacy.servers() == {1, 2}
        await left_servers.note_left(2, NOON)
        assert await ours.delete_left_before(NOON + DAY) == 0
        assert texts.guild_ids() == [1, 2]

    on_left_servers(play)


def test_server_that_invites_the_bot_again_keeps_all(on_left_servers):
    """Its settings and texts are as before, and a later departure counts from its own time."""

    async def play(left_servers, database, texts):
        await _fill(database, texts, 1)
        await left_servers.note_left(1, NOON)
        await left_servers.note_joined(1)
        assert await left_servers.delete_left_before(NOON + MONTH) == 0
        await left_servers.note_left(1, NOON + MONTH)
        assert await left_servers.delete_left_before(NOON + MONTH) == 0
        assert await database.settings.channel(1, 2) == ChannelSettings("off")

    on_left_servers(play)


def test_servers_left_while_the_bot_was_off_count_from_its_start(on_left_servers):
    """A server that the bot left is noted once, and removed from the notes when it is back."""

    async def play(left_servers, database, texts):
        await _fill(database, texts, 1, 2)
        texts.server_dir(3).mkdir(parents=True)
        (texts.server_dir(3).parent / "notes").mkdir()
        await left_servers.note_left(2, NOON - MONTH)
        await left_servers.compare([2], NOON)
        await left_servers.compare([2], NOON + DAY)
        assert await left_servers.delete_left_before(NOON) == 0
        assert await left_servers.delete_left_before(NOON + DAY) == 2
        assert await database.privacy.servers() == {2}
        assert texts.guild_ids() == [2]

    on_left_servers(play)


def test_folder_that_cannot_be_removed_is_tried_again(on_left_servers, monkeypatch):
    """It is no server's any longer, and the daily deletion removes what is left of it."""

    async def play(left_servers, database, texts):
        await _fill(database, texts, 1)
        await left_servers.note_left(1, NOON)
        with monkeypatch.context() as patch:

            def refuse(path: Path) -> None:
                raise PermissionError(13, "Permission denied", str(path))

            patch.setattr("shutil.rmtree", refuse)
            assert await left_servers.delete_left_before(NOON + DAY) == 0
        assert texts.guild_ids() == []
        assert await left_servers.delete_left_before(NOON + DAY) == 1
        servers = texts.server_dir(1).parent
        assert list(servers.iterdir())
        remove_leftovers(servers)
        assert not list(servers.iterdir())

    on_left_servers(play)
