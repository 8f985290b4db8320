"""Sessions that are lost for good, intents that are taken away, and servers that nobody knows."""

import pytest

from bot.database import ServerSettings
from tests.standin import DiscordStandIn
from tests.standin.model import payloads
from tests.support.bot_process import FastBotProcess
from tests.support.scenes import CAPTAIN, STORM, running_world


@pytest.mark.parametrize("shards", [1, 2])
def test_question_of_the_time_without_a_session_is_answered_once(tmp_path, shards):
    """A new session brings no events; the channels with newer messages are read, others not."""
    options = {"shards": shards, "max_concurrency": shards, "identify_interval": 0}
    with (
        DiscordStandIn(**options) as discord,
        running_world(discord, tmp_path) as world,
    ):
        scene = world.settle(shard=shards - 1)
        bot = started(world)
        before = scene.mention()
        assert CAPTAIN in discord.wait_for_answer(before).seen
        discord.add_channel(scene.guild, "quiet")
        n_read = len(reads(discord))
        discord.lose_session()
        bot.set_speed(20)  # for discord.py's waits before the next session
        discord.wait_disconnected()
        missed = scene.mention("when did the storm come?")
        to_nobody = discord.say(scene.channel, scene.bob, "when does the choir sing?")
        assert STORM in discord.wait_for_answer(missed, timeout=60).seen
        scene.wait_until_idle()
        assert [len(discord.answers(asked)) for asked in (before, missed, to_nobody)] == [1, 1, 0]
        read = [request.path for request in reads(discord)[n_read:]]
        assert read == [f"/channels/{scene.channel.id}/messages"]


def test_missed_question_of_a_member_with_the_role_is_answered(tmp_path):
    """Messages that are read tell no roles, so the bot asks for those of their authors."""
    with DiscordStandIn() as discord, running_world(discord, tmp_path) as world:
        scene = world.settle()
        bot = started(world)
        scene.set_server(ServerSettings(ask_roles=frozenset({scene.teachers.id})))
        discord.lose_session()
        bot.set_speed(20)
        discord.wait_disconnected()
        of_teacher = scene.mention(author=scene.teacher)
        of_other = scene.mention("when did the storm come?")
        assert CAPTAIN in discord.wait_for_answer(of_teacher, timeout=60).seen
        assert STORM not in discord.wait_for_answer(of_other).seen


def test_server_that_is_available_late_is_looked_through(tmp_path):
    """Discord may tell of a server only after the new session is ready."""
    with DiscordStandIn() as discord, running_world(discord, tmp_path) as world:
        scene = world.settle()
        bot = started(world)
        discord.gateway.withheld.add(str(scene.guild.id))
        discord.lose_session()
        bot.set_speed(20)
        discord.wait_disconnected()
        missed = scene.mention()
        discord.wait_until(lambda: world.bot.log.count("Ready as") == 2, 60, "the new session")
        discord.gateway.withheld.clear()
        discord.send_event("GUILD_CREATE", payloads.guild_json(discord.world, scene.guild))
        assert CAPTAIN in discord.wait_for_answer(missed, timeout=20).seen


def started(world):
    """Wait until a bot with a clock to speed up is ready, and return it."""
    assert isinstance(world.bot, FastBotProcess)
    world.bot.wait_for_start()
    return world.bot


def reads(discord):
    """Return the requests that read channels."""
    return [one for one in discord.requests if one.method == "GET" and "/messages" in one.path]


def test_resumed_session_is_not_looked_through(tmp_path):
    """Discord sends again what it missed, so no channel is read."""
    with DiscordStandIn() as discord, running_world(discord, tmp_path) as world:
        scene = world.settle()
        discord.drop_gateway()
        discord.wait_disconnected()
        missed = scene.mention("when did the storm come?")
        assert STORM in discord.wait_for_answer(missed, timeout=30).seen
        scene.wait_until_idle()
        assert reads(discord) == []
        assert len(discord.answers(missed)) == 1


@pytest.mark.parametrize("shards", [1, 2])
def test_bot_goes_on_without_an_intent_that_is_taken_away(tmp_path, shards):
    """It says so, answers what addresses it, and tells that it cannot read the rest."""
    options = {"shards": shards, "max_concurrency": shards}
    with (
        DiscordStandIn(**options) as discord,
        running_world(discord, tmp_path) as world,
    ):
        scene = world.settle()
        answer = scene.ask()
        world.bot.wait_for_log("Ready as")
        discord.revoke_content_intent()
        world.bot.wait_for_log("Message Content Intent")
        discord.wait_until(lambda: len(discord.gateway.sessions) == shards, 60, "sessions")
        discord.wait_until(lambda: world.bot.log.count("Ready as") == 2, 60, "the second start")
        assert STORM in scene.ask("when did the storm come?").seen
        hidden = discord.say(scene.channel, scene.alice, "and?", reply_to=answer, ping_reply=False)
        assert "can't read" in discord.wait_for_answer(hidden).seen


@pytest.mark.parametrize("shards", [1, 2])
def test_question_of_the_time_in_which_an_intent_was_taken_away_is_answered(tmp_path, shards):
    """The bot that goes on without the intent knows what the one before it has seen."""
    options = {"shards": shards, "max_concurrency": shards, "identify_interval": 0}
    with (
        DiscordStandIn(**options) as discord,
        running_world(discord, tmp_path) as world,
    ):
        scene = world.settle(shard=shards - 1)
        bot = started(world)
        before = scene.mention("good morning")
        discord.wait_for_answer(before)
        discord.revoke_content_intent()
        discord.wait_disconnected()
        missed = scene.mention()
        bot.set_speed(20)
        assert CAPTAIN in discord.wait_for_answer(missed, timeout=60).seen
        scene.wait_until_idle()
        assert [len(discord.answers(asked)) for asked in (before, missed)] == [1, 1]


def test_start_that_needs_two_connections_reads_nothing(tmp_path):
    """What was asked before the start was answered by the process before, or by nobody."""
    with DiscordStandIn() as discord:
        discord.gateway.refusals.append(4000)
        guild = discord.add_guild("Lowmere")
        channel = discord.add_channel(guild, "harbour")
        alice = discord.add_user("alice", guild)
        asked = discord.say(channel, alice, f"{discord.mention} good morning")
        with running_world(discord, tmp_path) as world:
            started(world)
            later = discord.say(channel, alice, f"{discord.mention} who dug the harbour?")
            assert CAPTAIN in discord.wait_for_answer(later).seen
            assert discord.answers(asked) == []
            assert reads(discord) == []


def test_message_of_an_unknown_server_is_no_direct_message(scene):
    """A server that Discord has not told of has settings that the bot cannot know."""
    discord = scene.discord
    known = discord.say(scene.channel, scene.alice, "good morning")
    data = payloads.message_event_json(known)
    data |= {"content": "who dug the harbour?", "guild_id": "4711", "channel_id": "4712"}
    data["id"] = str(discord.world.new_id())
    n_requests = len(discord.requests)
    discord.send_event("MESSAGE_CREATE", data)
    scene.wait_until_idle()
    assert not [one for one in discord.requests[n_requests:] if "4712" in one.path]


def test_second_process_over_several_shards_ends_with_one_line(tmp_path):
    """It ends before its client is complete, with the line and the code of one with one shard."""
    (tmp_path / "second").mkdir()
    with (
        DiscordStandIn(shards=2, max_concurrency=2) as discord,
        running_world(discord, tmp_path) as world,
        FastBotProcess(discord, world.corpus, tmp_path / "second") as second,
    ):
        assert second.wait() == 5
        assert "Traceback" not in second.log
        assert second.log.splitlines()[-1].startswith("pullquote: ")
