"""The bot over several gateway connections: the real process, and where it starts them."""

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import yarl

from bot.config.application import ApplicationInfo
from bot.config.settings import Settings
from bot.discord_app.client import PullquoteBot, ShardedPullquoteBot
from bot.discord_app.run import _make_bot
from tests.standin import DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.data.harbour import HARBOUR
from tests.support.health_page import figures, free_port

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch."


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """The harbour text, with its index beside it."""
    folder = tmp_path_factory.mktemp("shards")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    return folder


@pytest.fixture
def world():
    """A stand-in that recommends two shards, which may identify at once, with a server on each."""
    with DiscordStandIn(shards=2, max_concurrency=2) as discord:
        guilds = [discord.add_guild(name, shard=shard) for shard, name in enumerate(("a", "b"))]
        alice = discord.add_user("alice", *guilds)
        channels = [discord.add_channel(guild, "general") for guild in guilds]
        yield SimpleNamespace(discord=discord, alice=alice, channels=channels)


def _connected(port):
    """Return how many shards the bot says are connected, and how many it wants."""
    now = figures(port)
    return now["pullquote_gateway_connected_shards",], now["pullquote_gateway_shards",]


def ask(world, channel, text):
    """Let Alice mention the bot."""
    return world.discord.say(channel, world.alice, f"{world.discord.mention} {text}")


def test_two_shards_answer_resume_and_close_together(world, corpus):
    """Each shard answers for its servers and resumes after a drop; SIGTERM closes both cleanly."""
    discord, port = world.discord, free_port()
    settings = {"HEALTH_PORT": str(port)}
    with FastBotProcess(discord, corpus / "corpus", corpus / "data", **settings) as bot:
        discord.wait_ready()
        discord.wait_for_commands("ask")
        discord.wait_until(lambda: _connected(port) == (2, 2), 20, "two connections")
        places = [*world.channels, discord.open_dm(world.alice)]
        for question in [ask(world, place, "who dug the harbour?") for place in places]:
            assert CAPTAIN in discord.wait_for_answer(question).seen
        for channel in world.channels:
            used = discord.slash(channel, world.alice, "ask", question="who dug the harbour?")
            assert CAPTAIN in used.wait_for_response().seen
        discord.drop_gateway()
        missed = [ask(world, channel, "when did the storm come?") for channel in world.channels]
        for question in missed:
            assert "1887" in discord.wait_for_answer(question).seen
        assert (discord.identifies, discord.resumes) == (2, 2)
        bot.wait_for_log("Ready as")
        assert bot.stop() == 0
        # A session ends with 1000, and lives on after what discord.py sends otherwise.
        assert discord.gateway.sessions == {}
        assert "Traceback" not in bot.log


def test_shard_whose_session_is_lost_opens_another(world, corpus):
    """The other shard goes on meanwhile."""
    discord = world.discord
    with FastBotProcess(discord, corpus / "corpus", corpus / "data"):
        discord.wait_ready()
        (lost,) = [one for one in discord.gateway.sockets if one.session.shard == (1, 2)]
        discord.gateway.sessions.pop(lost.session.id)
        discord._do(lost.send, {"op": 9, "d": False})
        question = ask(world, world.channels[0], "who dug the harbour?")
        assert CAPTAIN in discord.wait_for_answer(question).seen
        discord.wait_until(lambda: discord.identifies == 3, 15, "a third IDENTIFY")
        question = ask(world, world.channels[1], "who dug the harbour?")
        assert CAPTAIN in discord.wait_for_answer(question).seen


def test_shards_identify_one_after_the_other_unless_discord_allows_more(corpus):
    """SHARD_COUNT wins over the recommendation; a signal between two shards ends both."""
    with DiscordStandIn(shards=1, max_concurrency=1) as discord:
        guild = discord.add_guild("far", guild_id=(7 << 22) | 1)
        channel, alice = discord.add_channel(guild, "general"), discord.add_user("alice", guild)
        for wait in (False, True):
            discord.expect_restart()
            shards = 2 if wait else 1
            with FastBotProcess(
                discord, corpus / "corpus", corpus / "data", SHARD_COUNT="2"
            ) as bot:
                discord.wait_until(partial(_has_shards, discord, shards), 20, "the shards")
                if wait:
                    question = discord.say(channel, alice, f"{discord.mention} who dug it?")
                    discord.wait_for_answer(question)
                assert bot.stop() == 0
                assert "Traceback" not in bot.log
            assert discord.gateway.sessions == {}


def _has_shards(discord, count):
    return len(discord.gateway.sessions) == count


@pytest.mark.parametrize(
    ("set_to", "recommended", "shards"), [(None, 1, None), (1, 3, None), (None, 3, 3), (4, 1, 4)]
)
def test_shards_are_those_that_are_set_or_recommended(set_to, recommended, shards):
    """A single one is run by discord.py's plain client, which always resumes."""
    runtime: Any = SimpleNamespace(settings=Settings(shard_count=set_to))
    bot = _make_bot(runtime, ApplicationInfo(True, recommended, 2))
    assert isinstance(bot, ShardedPullquoteBot) == (shards is not None)
    assert bot.shard_count == shards


def test_process_opens_its_own_shards():
    """Several are run together; one alone by the plain client, which tells Discord its number."""
    runtime: Any = SimpleNamespace(settings=Settings(shard_count=4, shard_ids=(1, 3)))
    several = _make_bot(runtime, ApplicationInfo(True, 1, 2))
    assert isinstance(several, ShardedPullquoteBot)
    assert (several.shard_count, several.shard_ids) == (4, [1, 3])
    runtime.settings = Settings(shard_count=4, shard_ids=(3,))
    single = _make_bot(runtime, ApplicationInfo(True, 1, 2))
    assert type(single) is PullquoteBot
    assert (single.shard_count, single.shard_id) == (4, 3)


def _sharded(max_concurrency: int = 1) -> ShardedPullquoteBot:
    runtime: Any = SimpleNamespace(settings=Settings())
    bot = _make_bot(runtime, ApplicationInfo(True, 4, max_concurrency))
    assert isinstance(bot, ShardedPullquoteBot)
    return bot


@pytest.fixture
def slept(monkeypatch):
    """A clock that only sleeping moves; gives the sleeps that were asked for."""
    sleeps: list[float] = []

    async def sleep(seconds):
        sleeps.append(seconds)

    monkeypatch.setattr("asyncio.sleep", sleep)
    monkeypatch.setattr("time.monotonic", lambda: sum(sleeps))
    return sleeps


def test_gateway_that_never_answers_ends_the_start(slept):
    """What is in the way is raised after some tries instead of being logged for ever."""
    bot = _sharded()

    async def refuse(*_, **__):
        raise aiohttp.ClientConnectionError("nobody there")

    bot._sockets._finder.ws_connect = refuse  # type: ignore[method-assign]
    with pytest.raises(aiohttp.ClientConnectionError, match="nobody there"):
        asyncio.run(bot.launch_shard(yarl.URL("ws://a.example"), 0, initial=True))
    assert sum(slept) < 60


@pytest.mark.parametrize(
    ("max_concurrency", "starts"), [(1, [0, 5.5, 11, 16.5]), (2, [0, 0, 5.5, 5.5])]
)
def test_shards_wait_for_those_of_their_bucket(slept, max_concurrency, starts):
    """As many identify at once as Discord allows; one that comes back waits as well."""
    bot = _sharded(max_concurrency)

    async def identify():
        started = []
        for number in range(4):
            await bot.before_identify_hook(number, initial=number == 0)
            started.append(sum(slept))
        before = sum(slept)
        await bot.before_identify_hook(0)
        assert sum(slept) - before == 5.5
        return started

    assert asyncio.run(identify()) == starts


def test_single_connection_is_not_sharded():
    """The plain bot announces no shard."""
    runtime: Any = SimpleNamespace(settings=Settings())
    assert type(_make_bot(runtime, ApplicationInfo(True))) is PullquoteBot
