"""Sessions that are lost for good, intents that are taken away, and servers that nobody knows."""

import pytest

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
        assert isinstance(world.bot, FastBotProcess)
        world.bot.wait_for_start()
        before = scene.mention()
        assert CAPTAIN in discord.wait_for_answer(before).seen
        discord.add_channel(scene.guild, "quiet")
        n_read = len(reads(discord))
        discord.lose_session()
        world.bot.set_speed(20)  # for discord.py's waits before the next session
        discord.wait_disconnected()
        missed = scene.mention("when did the storm come?")
        to_nobody = discord.say(scene.channel, scene.bob, "when does the choir sing?")
        assert STORM in discord.wait_for_answer(missed, timeout=60).seen
        scene.wait_until_idle()
        assert [len(discord.answers(asked)) for asked in (before, missed, to_nobody)] == [1, 1, 0]
        read = [request.path for request in reads(discord)[n_read:]]
        assert read == [f"/channels/{scene.channel.id}/messages"]


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
