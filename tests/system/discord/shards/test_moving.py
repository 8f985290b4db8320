"""One machine with SQLite becomes several with PostgreSQL, as the operators' page says."""

import shutil
import tarfile
from pathlib import Path

import pytest

from tests import releases
from tests.releases.folder import ASKED, CAPTAIN, GUILD, HERRING, MILL, PERSON, TAUGHT
from tests.standin import DiscordStandIn
from tests.standin.model.models import User
from tests.support.bot_process import FastBotProcess
from tests.support.command import run_pullquote
from tests.support.postgres import on_postgres
from tests.support.scenes import chosen

FOLDER = Path(releases.__file__).parent / "folders" / "format-10-schema-0004.tar.xz"


@pytest.fixture
def discord():
    """A stand-in with two shards; the server of the release is on the first."""
    with DiscordStandIn(shards=2, max_concurrency=2) as discord:
        yield discord


def run(*arguments, **settings):
    """Run a command, which succeeds, and return what it printed."""
    done = run_pullquote(*arguments, env=settings)
    assert done.returncode == 0, done.stderr
    return done.stdout


@on_postgres
def test_folder_of_a_release_moves_to_machines_without_a_shared_folder(
    discord, postgres_url, tmp_path
):
    """A machine that has only the key answers from the server's text, with all it was taught."""
    with tarfile.open(FOLDER) as packed:
        packed.extractall(tmp_path / "old", filter="data")
    old = {"CORPUS_DIR": str(tmp_path / "old/corpus"), "DATA_DIR": str(tmp_path / "old/data")}
    now = old | {"DATABASE_URL": postgres_url}
    backup = str(tmp_path / "pullquote.zip")
    assert "1 question, 1 lesson and 1 text" in run("backup", backup, **old)
    assert "The former data is in" in run("restore", "--force", backup, **now)
    run("rebuild", **now)

    new = tmp_path / "new"
    new.mkdir()
    shutil.copy2(tmp_path / "old/data/people.key", new)
    shards = {"SHARD_COUNT": "2", "SHARD_IDS": "0", "RETENTION_DAYS": "3650"}
    guild = discord.add_guild("Lowmere", guild_id=GUILD)
    channel = discord.add_channel(guild, "harbour")
    person = User(PERSON, "person")
    discord.join(guild, person)
    with FastBotProcess(
        discord, tmp_path / "no texts", new, DATABASE_URL=postgres_url, **shards
    ) as bot:
        bot.wait_for_log(f"The texts of server {GUILD} are those of the database now")

        def answer(question):
            said = discord.say(channel, guild.owner, f"{discord.mention} {question}")
            return discord.wait_for_answer(said).seen.replace("**", "")

        assert MILL in answer("who owned the mill?")
        assert CAPTAIN in answer(ASKED)
        assert HERRING in answer(TAUGHT)
        shown = discord.slash(channel, guild.owner, "pullquote setup").wait_for_response()
        assert chosen(shown, "language") == ["de"]
        stored = discord.slash(discord.open_dm(person), person, "privacy show")
        assert ASKED in str(stored.wait_for_response().files or stored.response.seen)
        assert "Traceback" not in bot.log
        assert bot.stop() == 0
    assert not (new / "pullquote.db").exists()
