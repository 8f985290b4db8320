"""Requests that Discord limits, refuses or loses: the real bot answers each question once."""

import re

import pytest

from bot.database import ChannelSettings
from tests.standin import DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.scenes import (
    ACKNOWLEDGE,
    CAPTAIN,
    FILL,
    FOLLOW_UP,
    SEND,
    STORM,
    running_world,
    write_corpus,
)

pytestmark = pytest.mark.xdist_group("rest_faults")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One bot for the module, whose clock can be made faster."""
    folder = tmp_path_factory.mktemp("rest")
    with (
        DiscordStandIn() as discord,
        running_world(discord, folder, RETRIEVAL="lexical") as world,
    ):
        yield world


@pytest.fixture
def scene(world):
    """A server of the test's own, in which every failure that was ordered is met."""
    yield world.settle()
    assert _left(world.discord) == []
    world.bot.set_speed(1)


def sends(scene, channel=None):
    """Return the requests of this test that send a message to a channel."""
    path = f"/channels/{(channel or scene.channel).id}/messages"
    return [one for one in requests(scene) if (one.method, one.path) == ("POST", path)]


def requests(scene):
    """Return the requests of this test."""
    return scene.discord.requests[scene.n_requests :]


def assert_one_line_each(scene, most):
    """Check that the log is as short as it may be, a line for each thing to know."""
    lines = scene.log().splitlines()
    assert all(line[:2] == "20" and len(line) < 400 for line in lines), scene.log()
    said = [line for line in lines if re.search("(WARNING|ERROR) +bot[.]", line)]
    assert len(said) <= most, scene.log()


# Limits


def test_limit_of_a_route_delays_that_route_only(scene):
    """Discord's Retry-After is waited for, and another channel is answered meanwhile."""
    scene.discord.fail_next("POST", f"^/channels/{scene.channel.id}/", status=429, retry_after=1)
    limited = scene.mention()
    scene.discord.wait_until(lambda: sends(scene), 10, "the limit")
    scene.wait_until_idle()
    assert len(sends(scene)) == 1
    assert CAPTAIN in scene.discord.wait_for_answer(limited).seen
    # The answer can be seen a moment before its request is noted.
    scene.discord.wait_until(lambda: len(sends(scene)) > 1, 10, "the second try")
    refused, taken = sends(scene)
    assert taken.at - refused.at >= 1


def test_global_limit_holds_everything_but_commands(scene):
    """Nothing is sent under the token before Retry-After is over; interactions are exempt."""
    limit = {"status": 429, "retry_after": 1, "is_global": True}
    scene.discord.fail_next("POST", f"^/channels/{scene.channel.id}/", **limit)
    limited = scene.mention()
    scene.discord.wait_until(lambda: "Global rate limit" in scene.log(), 10, "the limit")
    other = scene.discord.add_channel(scene.guild, "quay")
    held = scene.mention("when did the storm come?", scene.bob, other)
    assert CAPTAIN in scene.slash().wait_for_response().seen
    assert CAPTAIN in scene.discord.wait_for_answer(limited).seen
    assert STORM in scene.discord.wait_for_answer(held).seen
    sent = [*sends(scene), *sends(scene, other)]
    assert all(one.at - sent[0].at >= 1 for one in sent[1:])


# Requests that are lost, on their way or back

LOST = [
    {"status": 429, "mode": "page"},
    {"status": 500},
    {"status": 502, "mode": "page"},
    {"status": 503},
    {"status": 503, "mode": "page"},
    {"status": 503, "mode": "after"},
    {"status": 504},
    {"mode": "reset"},
    {"mode": "reset after"},
    {"mode": "garbage"},
    {"mode": "cut"},
    {"mode": "slow"},
    {"mode": "hang"},
    {"mode": "hang after"},
]


@pytest.mark.parametrize("failure", LOST, ids=lambda failure: " ".join(map(str, failure.values())))
def test_message_that_is_lost_is_sent_again_and_stands_there_once(scene, failure):
    """Whether Discord took it or not, the nonce makes one message of all tries."""
    scene.discord.fail_next("POST", SEND, **failure)
    question = scene.mention()
    _await_next_try(scene, failure, lambda: sends(scene))
    assert CAPTAIN in scene.discord.wait_for_answer(question).seen
    scene.wait_until_idle()
    assert len(scene.discord.answers(question)) == 1
    assert_one_line_each(scene, 0)


@pytest.mark.parametrize("step", [ACKNOWLEDGE, FILL])
@pytest.mark.parametrize("failure", LOST, ids=lambda failure: " ".join(map(str, failure.values())))
def test_command_whose_request_is_lost_has_one_answer_in_its_place(scene, failure, step):
    """Acknowledging and filling are tried again, and Discord says what it took already."""
    if step == ACKNOWLEDGE:
        scene.discord.forgive("already been acknowledged")
        scene.discord.forgive("first response after")
        scene.discord.forgive("never acknowledged")
    scene.discord.fail_next("POST" if step == ACKNOWLEDGE else "PATCH", step, **failure)
    used = scene.slash()
    _await_next_try(scene, failure, lambda: _requests(scene, used, step))
    if step == ACKNOWLEDGE and failure.get("mode") == "hang":  # late by then
        scene.discord.wait_until(lambda: scene.posted(), 10, "the answer")
    else:
        assert CAPTAIN in used.wait_for_response().seen
    scene.wait_until_idle()
    assert len(scene.posted()) == 1
    assert_one_line_each(scene, 0)


def _requests(scene, used, step):
    """Return the requests of one step of a command."""
    end = "/callback" if step == ACKNOWLEDGE else "/messages/@original"
    path = f"{used.interaction.token}{end}"
    return [one for one in requests(scene) if one.path.endswith(path)]


def _await_next_try(scene, failure, tries):
    """Wait until what was lost is sent again; only a slow response comes through at once.

    A test that ended before would leave the next try to the following one, whose failure it met.
    """
    mode, patience_s = failure.get("mode", ""), 20
    scene.discord.wait_until(tries, 10, "the request")
    if mode.startswith("hang"):
        scene.bot.set_speed(20)
        patience_s = 6  # of the bot's time two minutes, when aiohttp would wait for five
    if mode != "slow":
        scene.discord.wait_until(lambda: len(tries()) > 1, patience_s, "another try")
    scene.bot.set_speed(1)


# What Discord refuses

CODES = [
    (403, 50013),
    (403, 50001),
    (403, 50007),
    (400, 50083),
    (404, 10003),
    (404, 10008),
    (404, 10062),
    (400, 40060),
]


@pytest.mark.parametrize(("status", "code"), CODES)
def test_answer_that_discord_refuses_is_one_line_and_told_to_admins(scene, status, code):
    """A message, a command, its follow-ups and an edit: who asked hears of it where they can."""
    discord, refused = scene.discord, {"status": status, "code": code}
    discord.fail_next("POST", SEND, **refused)
    question = scene.mention()
    scene.wait_for_log(f"(code {code})")
    assert_one_line_each(scene, 1)
    answer = scene.ask("when did the storm come?")
    seen = scene.use("pullquote diagnose", scene.admin).seen
    assert f"(code {code})" in seen

    discord.fail_next("PATCH", FILL, **refused)
    used = scene.slash()
    if status == 404:
        discord.forgive("deferred and never answered")
        scene.wait_for_log("10003" if code == 10003 else "Answered")
    else:
        assert used.wait_for_response().seen
    if code in (10008, 10062):  # what was to be filled is gone, the channel is not
        discord.wait_until(lambda: CAPTAIN in scene.posted()[-1].seen, 10, "the answer")

    discord.fail_next("PATCH", "^/channels/{channel}/messages/{message}$", **refused)
    discord.edit(answer.replied_to, f"{discord.mention} who dug the harbour?")
    scene.wait_for_log("stays")
    scene.wait_until_idle()
    assert discord.answers(question) == []
    assert_one_line_each(scene, 3)


def test_private_answer_whose_place_is_gone_is_a_private_follow_up(scene):
    """Nobody else sees it."""
    scene.discord.forgive("deferred")
    scene.discord.fail_next("PATCH", FILL, status=404, code=10008)
    used = scene.slash(private=True)
    scene.discord.wait_until(lambda: used.interaction.response, 10, "the answer")
    assert CAPTAIN in used.interaction.response.seen
    assert used.interaction.response.ephemeral
    assert scene.posted() == []


@pytest.mark.parametrize(("status", "code"), CODES)
def test_refusals_of_presses_leave_the_bot_and_the_log_as_they_are(scene, status, code):
    """A first response, a private copy and a thread that Discord does not take cost a line each."""
    discord, refused = scene.discord, {"status": status, "code": code}
    for part in ("never acknowledged", "never answered", "not acknowledged yet"):
        discord.forgive(part)
    answer = scene.ask()
    for label in ("In context", "Private copy"):
        discord.fail_next("POST", ACKNOWLEDGE, **refused)
        scene.press(answer, label)
    discord.fail_next("POST", FOLLOW_UP, **refused)
    for _ in range(4):  # the last of them has no more to show
        page = answer.seen
        scene.press(answer, "More")
        discord.wait_until(lambda page=page: answer.seen != page or not _left(discord), 10, "more")
        if not _left(discord):
            break
    scene.wait_until_idle()
    assert_one_line_each(scene, 3)


def _left(discord):
    return [failure for failure in discord.transport.failures if failure.times]


@pytest.mark.parametrize("step", ["page", "json"])
def test_forbidden_in_the_middle_is_one_line(scene, step):
    """What a firewall or Discord forbids is said shortly, and the next question is answered."""
    mode = "page" if step == "page" else "before"
    scene.discord.fail_next("POST", SEND, status=403, mode=mode)
    scene.mention()
    scene.wait_for_log("refused the answer")
    scene.wait_until_idle()
    assert_one_line_each(scene, 1)


def test_thread_that_takes_no_answer_leaves_it_to_the_channel(scene):
    """The reply stands where the question does, with its buttons."""
    discord = scene.discord
    scene.set_channel(ChannelSettings("addressed", threads=True))
    discord.fail_next("POST", SEND, status=403, code=50013)
    answer = scene.ask()
    assert CAPTAIN in answer.seen
    assert answer.channel is scene.channel
    scene.press(answer, "More").wait_for_acknowledgement()
    scene.wait_until_idle()
    assert_one_line_each(scene, 1)


@pytest.mark.parametrize("mode", ["reset", "reset after"])
def test_thread_that_the_network_loses_leaves_the_answer_to_the_channel(scene, mode):
    """Whether or not Discord opened it, the question is answered, and a line tells of it."""
    discord = scene.discord
    scene.set_channel(ChannelSettings("addressed", threads=True))
    discord.fail_next("POST", "/threads$", mode=mode)
    answer = scene.ask()
    assert CAPTAIN in answer.seen
    assert answer.channel is scene.channel
    scene.wait_until_idle()
    assert_one_line_each(scene, 1)


# The token


def test_error_401_that_passes_costs_one_answer(scene):
    """Where the gateway still knows the token the bot stays, with its session."""
    resumes, identifies = scene.discord.resumes, scene.discord.identifies
    scene.discord.fail_next("POST", SEND, status=401)
    scene.mention()
    scene.discord.wait_until(lambda: scene.discord.resumes > resumes, 10, "a RESUME")
    scene.wait_until_idle()
    assert scene.discord.identifies == identifies
    assert_one_line_each(scene, 2)


@pytest.mark.parametrize("shards", [1, 2])
def test_token_that_was_reset_ends_the_bot_with_one_line_and_code_3(tmp_path, shards):
    """The first request that Discord refuses for it makes the bot ask the gateway, and end."""
    corpus = write_corpus(tmp_path)
    with DiscordStandIn(shards=shards, max_concurrency=shards) as discord:
        guild = discord.add_guild("Lowmere")
        channel, alice = discord.add_channel(guild, "harbour"), discord.add_user("alice", guild)
        settings = {"RETRIEVAL": "lexical"}
        with FastBotProcess(discord, corpus, tmp_path / "data", **settings) as bot:
            discord.wait_ready(60)
            bot.wait_for_start()
            discord.reset_token()
            discord.say(channel, alice, f"{discord.mention} who dug the harbour?")
            assert bot.wait() == 3
        assert "Discord rejected the token" in bot.log.splitlines()[-1]
        assert "Traceback" not in bot.log
        assert len([one for one in discord.requests if one.status == 401]) == 1
