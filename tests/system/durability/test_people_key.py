"""The key of people's hashes on the bot, in backups and in restores: never the wrong one."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.database import Pseudonyms
from bot.errors import BackupError
from bot.operations.backup.create import back_up
from bot.operations.backup.restore import restore
from tests.standin import DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.data.data_folder import fill, rewrite, sealed, seen, settings_of
from tests.support.postgres import new_database, on_postgres
from tests.support.scenes import on_database

KEY, OTHER = "5a" * 32, "5b" * 32


def values_of(database: Path) -> dict[str, str]:
    """Return the single values that a file of SQLite holds."""
    with closing(sqlite3.connect(database)) as connection:
        return dict(connection.execute("SELECT key, value FROM facts"))


# The bot


def test_bot_with_another_key_refuses_to_start(discord, harbour_corpus, tmp_path):
    """One line and exit code 2, which systemd takes for final; no key is in a line or a file."""
    data = tmp_path / "data"
    lines = []
    for key, code in ((KEY, 0), (OTHER, 2), (KEY[1:], 2), (KEY, 0)):
        with FastBotProcess(
            discord, harbour_corpus, data, PEOPLE_KEY=key, LOG_LEVEL="DEBUG"
        ) as bot:
            if code:
                assert bot.wait() == code
                lines.append(bot.log.strip().splitlines()[-1])
            else:
                bot.wait_for_log("Ready as")
                assert bot.stop() == 0
                discord.advance(6)  # Discord's time between two sessions of a shard
            assert key not in bot.log
    assert lines[0].startswith(f"pullquote: The database {data}/pullquote.db failed: it was used")
    assert lines[1].startswith("pullquote: PEOPLE_KEY: it is not 64 hexadecimal digits")
    assert not (data / "people.key").exists()
    files = [path for path in data.rglob("*") if path.is_file()]
    assert not any(bytes.fromhex(KEY) in path.read_bytes() for path in files)
    assert not any(KEY.encode() in path.read_bytes() for path in files)


def test_bot_without_the_key_makes_none_beside_the_wrong_database(
    discord, harbour_corpus, tmp_path
):
    """A second machine that lacks the setting refuses to start, and starts once it has it."""
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/shared.db"}
    for data, key, code in (("one", KEY, 0), ("two", "", 2), ("two", KEY, 0)):
        given = database | {"PEOPLE_KEY": key}
        with FastBotProcess(discord, harbour_corpus, tmp_path / data, **given) as bot:
            if code:
                assert bot.wait() == code
                assert "another key than that in" in bot.log
            else:
                bot.wait_for_log("Ready as")
                discord.advance(6)
        assert not (tmp_path / data / "people.key").exists()


def test_bot_stops_when_the_database_opens_later_with_another_key(harbour_corpus, tmp_path):
    """It answers while the database is locked; then it ends with the line, and wrote nothing."""
    data = tmp_path / "data"
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        channel = discord.add_channel(guild, "harbour")
        with FastBotProcess(discord, harbour_corpus, data, PEOPLE_KEY=KEY) as bot:
            bot.wait_for_log("Ready as")
        discord.advance(6)
        before = values_of(data / "pullquote.db")
        with (
            closing(sqlite3.connect(data / "pullquote.db", isolation_level=None)) as other,
            FastBotProcess(discord, harbour_corpus, data, PEOPLE_KEY=OTHER) as bot,
        ):
            other.execute("BEGIN EXCLUSIVE")
            bot.wait_for_log("Ready as")
            asked = discord.say(channel, guild.owner, f"{discord.mention} who dug the harbour?")
            assert "1802" in discord.wait_for_answer(asked, 20).seen
            other.execute("ROLLBACK")
            bot.set_speed(20)
            assert bot.wait() == 2
            assert "another key than that in PEOPLE_KEY" in bot.log.strip().splitlines()[-1]
            assert "Traceback" not in bot.log
    assert values_of(data / "pullquote.db") == before
    with closing(sqlite3.connect(data / "pullquote.db")) as connection:
        assert connection.execute("SELECT count(*) FROM questions").fetchone() == (0,)


# Backups


def used(settings, *, key=KEY):
    """Return settings with a key, after filling their folder and database with its data."""
    fill(settings)
    (settings.data_dir / "people.key").unlink()
    store_check_value(settings, key)
    return replace(settings, people_key=key)


def store_check_value(settings, key):
    """Store the check value of a key, as the first process with it does."""
    value = Pseudonyms(bytes.fromhex(key)).check_value
    asyncio.run(on_database(settings.database, lambda of: of.key_values.put("people key", value)))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=on_postgres)])
def here(request, tmp_path):
    """The settings of a filled folder whose key is set, without a file."""
    (tmp_path / "here").mkdir()
    url = None
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres_server"))
    return used(settings_of(tmp_path / "here", url))


def test_backup_holds_the_key_that_is_set(here, tmp_path):
    """Restored without the setting, it is a file; with it, there is none, and all else the same."""
    back_up(here, tmp_path / "a.zip")
    plain, given = (settings_of(tmp_path / name) for name in ("plain", "given"))
    restore(plain, tmp_path / "a.zip")
    found = Pseudonyms.find(plain.data_dir)
    assert found is not None
    assert found.key.hex() == KEY
    given.data_dir.mkdir()
    (given.data_dir / "people.key").write_bytes(b"former")
    restored = restore(replace(given, people_key=KEY), tmp_path / "a.zip", force=True)
    assert (restored.former[0] / "people.key").read_bytes() == b"former"
    assert not (given.data_dir / "people.key").exists()
    assert seen(given)["rows"] == seen(plain)["rows"] == seen(here)["rows"]


def test_backup_without_the_right_key_is_refused(here, tmp_path):
    """It would be of no use; the line says what to set."""
    for key in (None, OTHER):
        with pytest.raises(BackupError, match=r"used with is not here.*set PEOPLE_KEY"):
            back_up(replace(here, people_key=key), tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_restore_with_another_key_changes_nothing(here, tmp_path):
    """Whether the backup holds its key or not, the line says what to set."""
    back_up(here, tmp_path / "a.zip")
    there = settings_of(tmp_path / "there")
    with pytest.raises(BackupError, match="PEOPLE_KEY is not the key that the backup"):
        restore(replace(there, people_key=OTHER), tmp_path / "a.zip")

    def without_key(files):
        files.pop("people.key")
        sealed(files)

    bare = rewrite(tmp_path / "a.zip", tmp_path / "bare.zip", without_key)
    for key in (OTHER, None):
        with pytest.raises(BackupError, match="a key that it does not hold; set PEOPLE_KEY"):
            restore(replace(there, people_key=key), bare)
    assert not any(there.data_dir.glob("pullquote.db*"))
    restore(replace(there, people_key=KEY), bare)
    assert seen(there)["rows"] == seen(here)["rows"]


def test_data_whose_key_is_lost_is_set_aside_by_a_restore(here, tmp_path):
    """A wrong or missing key is no obstacle to a restore of a backup with its own key."""
    (tmp_path / "other").mkdir()
    other = used(settings_of(tmp_path / "other"), key=OTHER)
    back_up(other, tmp_path / "other.zip")
    lost = replace(here, people_key=None)
    restored = restore(lost, tmp_path / "other.zip", force=True)
    assert any(restored.former[0].iterdir())
    found = Pseudonyms.find(lost.data_dir)
    assert found is not None
    assert found.key.hex() == OTHER
    assert seen(lost)["rows"] == seen(other)["rows"]
