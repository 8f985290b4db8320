"""On a full or read-only disk one line says so, nothing is lost, and the program recovers."""

import asyncio
import json
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from bot.config.settings import Settings
from bot.database import Pseudonyms, open_database, open_database_when_possible
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.errors import AlreadyRunningError, DatabaseError
from bot.indexing.build import BuildProgress
from bot.operations.locks.single_instance import lock_data_folder
from index import IndexWriteError, Searcher, WeightedText, build_index
from index.arrays import write_array
from index.storage.manifest import read_manifest
from tests.standin import DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.command import run_pullquote
from tests.support.forks import run_forked
from tests.support.small_disk import disk as disk
from tests.support.small_disk import failing_disk as failing_disk

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch."
STORM = "A storm in 1887 sank nine boats."


@pytest.fixture
def index_dir(disk, harbour_corpus):
    """An index on the small disk, and a corpus that changed after it was built."""
    folder = disk.folder / "data" / "index"
    build_index(harbour_corpus, folder)
    (harbour_corpus / "gong.txt").write_text("The gong rang twice. " * 2000, encoding="utf-8")
    return folder


def _sources(index_dir):
    """Ask the present index a question and return its sources."""
    searcher = Searcher.open(index_dir)
    (hit,) = searcher.search([WeightedText("who dug the harbour?")], 1)
    assert hit.passage.text.startswith(CAPTAIN)
    return [info.source for info in searcher.sources()]


def _leftovers(index_dir):
    kept = {"build.lock", "manifest.json", read_manifest(index_dir).build}
    return {path.name for path in index_dir.iterdir()} - kept


@pytest.mark.parametrize("kilobytes", [0, 80, 160, 320])
def test_rebuild_on_a_full_disk_keeps_the_index(disk, harbour_corpus, index_dir, kilobytes):
    """At any stage the error names the reason, and no file of the attempt is left."""
    disk.fill(but_bytes=kilobytes * 1024)
    with pytest.raises(IndexWriteError, match=r"No space left on device.*free space"):
        build_index(harbour_corpus, index_dir)
    assert _sources(index_dir) == ["harbour.txt"]
    assert _leftovers(index_dir) == set()
    disk.free()
    assert build_index(harbour_corpus, index_dir).added == ["gong.txt"]


def test_array_that_finds_no_room_says_so(disk):
    """numpy's own writer would name numbers of items instead of the reason."""
    disk.fill(but_bytes=40 * 1024)
    with pytest.raises(OSError, match="No space left on device"):
        write_array(disk.folder / "a.npy", np.ones((100, 200)))


def test_command_on_a_full_or_read_only_disk_says_what_to_do(disk, harbour_corpus, index_dir):
    """One line and exit code 1; questions are answered from the last good index."""
    folders = ("--corpus", str(harbour_corpus), "--data", str(index_dir.parent))
    disk.fill(but_bytes=40 * 1024)
    full = run_pullquote("rebuild", *folders)
    disk.free()
    with disk.read_only():
        read_only = run_forked("rebuild", *folders)
        asked = run_forked("ask", "--json", "who dug the harbour?", *folders)
    for done, reason in ((full, "No space left on device"), (read_only, "Read-only file system")):
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        assert f"could not be written ({reason}); check the folder's permissions and free" in line
    assert CAPTAIN in json.loads(asked.stdout)["quotes"][0]["text"]
    assert (asked.returncode, asked.stderr.count("\n")) == (0, 1)
    assert "Answering from the last good index" in asked.stderr
    assert _leftovers(index_dir) == set()
    assert run_forked("rebuild", *folders).returncode == 0
    assert _sources(index_dir) == ["gong.txt", "harbour.txt"]


@pytest.mark.parametrize("kilobytes", [0, 60, 200])
def test_own_text_on_a_full_disk_leaves_what_was_there(disk, kilobytes):
    """The former text and its index stay, and no new name is added."""
    own = ServerCorpus(disk.folder / "servers" / "7", Settings())

    def add(name, text):
        with own.incoming() as folder:
            (folder / name).write_text(text, encoding="utf-8")
            own.add(folder / name, BuildProgress())

    add("harbour.txt", CAPTAIN)
    disk.fill(but_bytes=kilobytes * 1024)
    for name in ("harbour.txt", "gong.txt"):
        with pytest.raises((IndexWriteError, OSError), match="No space left"):
            add(name, "The gong rang twice. " * 2000)
    assert own.names() == _sources(own.index_dir) == ["harbour.txt"]
    assert (own.texts_dir / "harbour.txt").read_text() == CAPTAIN
    assert sorted(path.name for path in own.folder.iterdir()) == ["index", "texts"]
    disk.free()
    add("gong.txt", "The gong rang twice.")
    assert own.names() == ["gong.txt", "harbour.txt"]


def test_key_of_people_is_whole_or_not_there(disk):
    """A partial key is never left; the next start with room makes a whole one."""
    disk.fill()
    with pytest.raises(DatabaseError, match="No space left on device"):
        Pseudonyms.load(disk.folder)
    assert not (disk.folder / "people.key").exists()
    disk.free()
    assert Pseudonyms.load(disk.folder).hashed(1) == Pseudonyms.load(disk.folder).hashed(1)


def test_data_folder_on_a_full_disk_is_served_by_one_process(disk, caplog):
    """A lock works without room; only the note of its holder needs some."""
    settings = Settings(data_dir=disk.folder / "data")
    disk.fill()
    with lock_data_folder(settings):
        with pytest.raises(AlreadyRunningError), lock_data_folder(settings):
            pass
        assert caplog.text == ""
    with lock_data_folder(settings):
        pass


def test_database_on_a_full_disk_is_read_and_recovers(disk):
    """Reads work; a write fails with advice until there is room."""

    async def play():
        database = await open_database(f"sqlite:///{disk.folder}/pullquote.db")
        await database.key_values.put("before", "1")
        disk.fill()
        with pytest.raises(DatabaseError, match="full; free some space on the disk"):
            await database.key_values.put("more", "x" * 100_000)
        assert await database.key_values.get("before") == "1"
        disk.free()
        await database.key_values.put("more", "x" * 100_000)
        assert len(await database.key_values.get("more") or "") == 100_000
        await database.close()

    asyncio.run(play())


def test_start_goes_on_with_a_database_on_a_read_only_disk(disk, monkeypatch):
    """SQLite cannot open it there; once the disk is writable, the database is used."""
    monkeypatch.setattr("bot.database.connection.supervisor.RETRY_S", 0.0)
    url = f"sqlite:///{disk.folder}/pullquote.db"

    async def play():
        database = await open_database(url)
        await database.key_values.put("before", "1")
        await database.close()
        with disk.read_only():
            database = await open_database_when_possible(url)
            assert "unable to open" in (database.problem or "")
        assert await database.key_values.get("before") == "1"
        await database.close()

    asyncio.run(play())


def _n_questions(file):
    """Return how many questions are kept in a database that is whole."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return database.execute("SELECT count(*) FROM questions").fetchone()[0]


def test_running_bot_answers_with_its_database_on_a_read_only_disk(
    failing_disk, harbour_corpus, tmp_path
):
    """One line says so; after the repair the database is used again with all its rows."""
    file = failing_disk.folder / "pullquote.db"
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        channel = discord.add_channel(guild, "harbour")

        def ask():
            question = discord.say(channel, guild.owner, f"{discord.mention} who dug the harbour?")
            return discord.wait_for_answer(question).seen

        address = {"DATABASE_URL": f"sqlite:///{file}"}
        with FastBotProcess(discord, harbour_corpus, tmp_path / "data", **address) as bot:
            discord.wait_ready()
            discord.wait_for_commands("pullquote")
            assert CAPTAIN in ask()
            discord.wait_until(lambda: _n_questions(file) == 1)
            failing_disk.fail()
            for _ in range(3):
                assert CAPTAIN in ask()
            bot.wait_for_log(f"{file} failed: disk I/O error; check that it exists and can be")
            failing_disk.repair()
            assert CAPTAIN in ask()
            bot.wait_for_log("The database works again")
            assert bot.log.count("without the database") == 1
            assert bot.stop() == 0
            assert "Traceback" not in bot.log
    assert _n_questions(file) == 2


def test_running_bot_answers_on_a_full_disk_and_recovers(disk, harbour_corpus):
    """Questions are answered and an upload is refused; with room the bot works as before."""
    data = disk.folder / "data"
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        channel = discord.add_channel(guild, "harbour")

        def ask(text):
            question = discord.say(channel, guild.owner, f"{discord.mention} {text}")
            return discord.wait_for_answer(question).seen

        def add(name):
            file = discord.attachment(name, b"The gong rang twice.")
            used = discord.slash(channel, guild.owner, "pullquote add", file=file)
            return discord.wait_until(
                lambda: (
                    (seen := used.wait_for_response().seen)
                    and any(part in seen for part in ("Added", "Sorry", "as they were"))
                    and seen
                )
            )

        with FastBotProcess(discord, harbour_corpus, data) as bot:
            discord.wait_ready()
            discord.wait_for_commands("pullquote")
            disk.fill()
            for question in ("who dug the harbour?", "who dug the harbour in 1802?"):
                assert CAPTAIN in ask(question)
            bot.wait_for_log("free some space on the disk")
            assert "Added" not in add("gong.txt")
            assert not list(data.glob("servers/*/texts/*"))
            disk.free()
            assert STORM in ask("when did the storm come?")
            assert "Added: gong.txt" in add("gong.txt")
            assert "gong" in ask("what rang twice, the gong?")
            assert bot.log.count("without the database") == 1
            assert bot.stop() == 0
            assert "Traceback" not in bot.log
