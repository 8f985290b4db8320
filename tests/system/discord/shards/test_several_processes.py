"""Two real processes, each with one shard, over one data folder and one PostgreSQL."""

import asyncio
import signal
from contextlib import ExitStack
from functools import partial
from types import SimpleNamespace

import pytest

from bot.database import Pseudonyms, open_database
from index import PassageRef, fingerprint
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.health_page import free_port
from tests.support.postgres import on_postgres
from tests.system.discord.admin.test_setup import chosen, panel, set_up

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch."
VISITORS = "Visitors come in June to hear the choir sing on the pier."


@pytest.fixture
def grown(postgres_url, harbour_corpus, tmp_path):
    """A stand-in with a server on each of two shards, and a process for each."""
    with DiscordStandIn(shards=2, max_concurrency=2) as discord, ExitStack() as running:
        scenes = [_scene(discord, f"town {shard}", shard) for shard in (0, 1)]

        def start(shard, data="data", **settings):
            settings |= {"DATABASE_URL": postgres_url, "SHARD_COUNT": "2", "SHARD_IDS": str(shard)}
            bot = BotProcess(discord, harbour_corpus, tmp_path / data, **settings)
            return running.enter_context(bot)

        bots = [start(shard) for shard in (0, 1)]
        discord.wait_ready()
        discord.wait_for_commands("pullquote")
        yield SimpleNamespace(
            discord=discord,
            scenes=scenes,
            bots=bots,
            start=start,
            url=postgres_url,
            corpus=harbour_corpus,
            data=tmp_path / "data",
        )
        for bot in bots:
            assert "Traceback" not in bot.log, bot.log


def _scene(discord, name, shard):
    guild = discord.add_guild(name, shard=shard)
    managers = discord.add_role(guild, "managers", "MANAGE_GUILD")
    return SimpleNamespace(
        guild=guild,
        channel=discord.add_channel(guild, "harbour"),
        admin=discord.add_user(f"ada {shard}", guild, roles=[managers]),
        bob=discord.add_user(f"bob {shard}", guild),
    )


def _elsewhere(url, play):
    """Play on the database."""

    async def run():
        database = await open_database(url)
        try:
            return await play(database)
        finally:
            await database.close()

    return asyncio.run(run())


def _mention(grown, scene, text):
    return grown.discord.say(scene.channel, scene.bob, f"{grown.discord.mention} {text}")


@on_postgres
def test_two_processes_share_the_work_and_what_they_know(grown):
    """Each question has one answer; who is killed leaves the others at work, and comes back."""
    discord, (first, second) = grown.discord, grown.scenes
    assert len(discord.registrations) == 1
    asked = [_mention(grown, scene, "who dug the harbour?") for scene in grown.scenes]
    asked.append(discord.say(discord.open_dm(first.bob), first.bob, "who dug the harbour?"))
    for question in asked:
        assert CAPTAIN in discord.wait_for_answer(question).seen
    # Another machine has neither the folders nor the locks of this one; it is told meanwhile.
    again = grown.start(0, "elsewhere", TMPDIR=str(grown.data))
    # What the first process builds and teaches the second answers from.
    (grown.corpus / "mill.txt").write_text("The mill was moved to Overmere in 1911.\n")
    discord.set_team(first.admin)
    built = discord.slash(first.channel, first.admin, "pullquote rebuild", shared=True)
    discord.wait_until(lambda: built.response and "mill.txt" in built.response.seen, 20, "a build")
    where_to = _mention(grown, second, "where was the mill moved?")
    assert "Overmere" in discord.wait_for_answer(where_to).seen
    _elsewhere(grown.url, partial(_teach, second.guild.id))
    taught = _mention(grown, second, "can i buy ice creams")
    assert VISITORS in discord.wait_for_answer(taught).seen.replace("**", "")
    assert chosen(set_up(discord, second, "language", "de"), "language") == ["de"]

    # Deleted with the first process, a conversation with the second is forgotten, too.
    discord.wait_for_answer(_mention(grown, second, "who dug the harbour?"))
    forget = discord.slash(discord.open_dm(second.bob), second.bob, "privacy delete")
    message = forget.wait_for_response()
    discord.press(message, message.buttons[0]["custom_id"], second.bob)
    discord.wait_until(lambda: "Deleted questions" in message.seen, 20, "the deletion")
    discord.wait_for_answer(_mention(grown, second, "and why did nobody drown?"))
    stored = _elsewhere(grown.url, lambda database: _stored(database, second.bob, grown.data))
    assert [(one.question, one.context) for one in stored] == [("and why did nobody drown?", ())]

    assert again.wait() == 5
    assert "Another process serves this bot on postgresql://" in again.log.splitlines()[-1]

    grown.bots[1].stop(signal.SIGKILL)
    missed = _mention(grown, second, "when did the storm come?")
    storm = _mention(grown, first, "when did the storm come?")
    assert "1887" in discord.wait_for_answer(storm).seen
    discord.advance(6)  # Discord's time between two sessions of a shard
    grown.start(1)
    discord.wait_until(lambda: discord.identifies == 3, 20, "the process that was killed")
    assert chosen(panel(discord, second), "language") == ["de"]
    taught = _mention(grown, second, "can i buy ice creams")
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
