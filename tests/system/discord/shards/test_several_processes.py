"""Two real processes, each with one shard and a folder of its own, over one PostgreSQL."""

import os
import secrets
import signal
import subprocess
from contextlib import ExitStack
from functools import partial
from types import SimpleNamespace

import pytest

from bot.database import Pseudonyms
from index import PassageRef, fingerprint
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess, FastBotProcess
from tests.support.command import COMMAND
from tests.support.health_page import free_port
from tests.support.postgres import on_postgres
from tests.support.scenes import CAPTAIN, World, chosen

VISITORS = "Visitors come in June to hear the choir sing on the pier."


@pytest.fixture
def grown(postgres_url, harbour_corpus, tmp_path):
    """A stand-in with a server on each of two shards, and a process for each.

    Only the first has the shared texts; a rebuild there has put them into the database.
    """
    rebuild(harbour_corpus, tmp_path / "machine 0", DATABASE_URL=postgres_url)
    key = secrets.token_bytes(32)
    with DiscordStandIn(shards=2, max_concurrency=2) as discord, ExitStack() as running:

        def start(shard, data=None, **settings):
            settings |= {"DATABASE_URL": postgres_url, "SHARD_COUNT": "2", "SHARD_IDS": str(shard)}
            folder = tmp_path / (data or f"machine {shard}")
            folder.mkdir(exist_ok=True)
            (folder / "people.key").write_bytes(key)
            corpus = tmp_path / "no texts" if shard else harbour_corpus
            return running.enter_context(FastBotProcess(discord, corpus, folder, **settings))

        bots = [start(shard) for shard in (0, 1)]
        discord.wait_ready()
        discord.wait_for_commands("pullquote")
        yield SimpleNamespace(
            discord=discord,
            scenes=[
                World(discord, bot, tmp_path, postgres_url).settle(f"town {shard}", shard)
                for shard, bot in enumerate(bots)
            ],
            bots=bots,
            start=start,
            corpus=harbour_corpus,
            data=tmp_path / "machine 0",
        )
        for bot in bots:
            assert "Traceback" not in bot.log, bot.log


def rebuild(corpus, data, **settings):
    """Run `pullquote rebuild`."""
    settings |= {"CORPUS_DIR": str(corpus), "DATA_DIR": str(data)}
    environment = {**os.environ, **settings}
    subprocess.run([COMMAND, "rebuild"], check=True, capture_output=True, env=environment)


@on_postgres
def test_two_processes_share_the_work_and_what_they_know(grown):
    """Each question has one answer; who is killed leaves the others at work, and comes back."""
    discord, (first, second) = grown.discord, grown.scenes
    assert len(discord.registrations) == 1
    asked = [scene.mention() for scene in grown.scenes]
    asked.append(discord.say(discord.open_dm(first.alice), first.alice, "who dug the harbour?"))
    for question in asked:
        assert CAPTAIN in discord.wait_for_answer(question).seen
    # Another machine has neither the folders nor the locks of this one; it is told meanwhile.
    key = Pseudonyms.load(grown.data).key.hex()
    again = grown.start(0, "elsewhere", TMPDIR=str(grown.data), PEOPLE_KEY=key)
    # What the first process builds and teaches the second answers from.
    (grown.corpus / "mill.txt").write_text("The mill was moved to Overmere in 1911.\n")
    discord.set_team(first.admin)
    built = discord.slash(first.channel, first.admin, "pullquote rebuild", shared=True)
    discord.wait_until(lambda: built.response and "mill.txt" in built.response.seen, 20, "a build")
    grown.bots[1].wait_for_log("The shared texts are those of the database now")
    where_to = second.mention("where was the mill moved?")
    assert "Overmere" in discord.wait_for_answer(where_to).seen
    second.on_database(partial(_teach, second.guild.id))
    taught = second.mention("can i buy ice creams")
    assert VISITORS in discord.wait_for_answer(taught).seen.replace("**", "")
    assert chosen(second.set_up("language", "de"), "language") == ["de"]

    # Deleted with the first process, a conversation with the second is forgotten, too.
    discord.wait_for_answer(second.mention("who dug the harbour?"))
    forget = discord.slash(discord.open_dm(second.alice), second.alice, "privacy delete")
    message = forget.wait_for_response()
    discord.press(message, message.buttons[0]["custom_id"], second.alice)
    discord.wait_until(lambda: "Deleted questions" in message.seen, 20, "the deletion")
    discord.wait_for_answer(second.mention("and why did nobody drown?"))
    stored = second.on_database(lambda database: _stored(database, second.alice, grown.data))
    assert [(one.question, one.context) for one in stored] == [("and why did nobody drown?", ())]

    assert again.wait() == 5
    assert "Another process serves this bot on postgresql://" in again.log.splitlines()[-1]

    grown.bots[1].stop(signal.SIGKILL)
    missed = second.mention("when did the storm come?")
    storm = first.mention("when did the storm come?")
    assert "1887" in discord.wait_for_answer(storm).seen
    discord.advance(6)  # Discord's time between two sessions of a shard
    grown.start(1)
    discord.wait_until(lambda: discord.identifies == 3, 20, "the process that was killed")
    assert chosen(second.panel(), "language") == ["de"]
    taught = second.mention("can i buy ice creams")
    assert VISITORS in discord.wait_for_answer(taught).seen.replace("**", "")
    assert len(discord.registrations) == 1
    assert [len(discord.answers(question)) for question in (*asked, storm, missed)] == [1] * 4 + [0]


async def _stored(database, user, data):
    person = Pseudonyms.load(data).hashed(user.id)
    return (await database.privacy.stored_about(person)).questions


async def _teach(guild_id, database):
    at = PassageRef("harbour.txt", 5, fingerprint(VISITORS))
    await database.taught.add(guild_id, "do they sell ice cream?", at, taught_by="c" * 32)


def test_bot_starts_while_postgresql_is_away(discord, harbour_corpus, tmp_path):
    """It answers; a line each says what it does without and which process it would not notice."""
    guild = discord.add_guild("Lowmere")
    channel = discord.add_channel(guild, "harbour")
    address = f"postgresql://nobody@127.0.0.1:{free_port()}/pullquote"
    with BotProcess(discord, harbour_corpus, tmp_path / "data", DATABASE_URL=address) as bot:
        discord.wait_ready()
        question = discord.say(channel, guild.owner, f"{discord.mention} who dug the harbour?")
        assert "Ada Finch" in discord.wait_for_answer(question).seen
        assert bot.log.count("Starting without the database") == 1
        assert f"The database {address} failed" in bot.log
        assert bot.log.count("would not be noticed until they are locked") == 1
        assert bot.stop() == 0
        assert "Traceback" not in bot.log
