"""The gateway goes away in every way there is: the real bot notices, comes back and answers.

Its clock runs faster than ours while it waits, so that Discord's own intervals pass in no time.
"""

import re
import socket
import threading
import time
from base64 import b64encode
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from hashlib import sha1
from types import SimpleNamespace

import pytest

from tests.standin import DiscordStandIn
from tests.standin.wire import Wire
from tests.support.bot_process import FastBotProcess
from tests.support.data.harbour import HARBOUR

pytestmark = pytest.mark.xdist_group("gateway_faults")

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch."
STORM = "A storm in 1887 sank nine boats."

# Starts sooner than with vectors.
LEXICAL = {"RETRIEVAL": "lexical"}

# Times as fast: for heartbeats that are answered within the bot's minute on a busy machine, for
# waits with answers between them, and for waits only.
BEATING, FAST, WAITING = 40, 200, 1500


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The harbour text; the first bots leave an index in `data`, and in `other` for bots beside."""
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    return folder


@contextmanager
def running_bot(folder, shards):
    """Run a bot with so many connections over a wire, and a server on each."""
    options = {"shards": shards, "max_concurrency": shards, "identify_interval": 0}
    with DiscordStandIn(**options) as discord, Wire(discord) as wire:
        discord.gateway.sends_per_minute = 100_000  # of minutes that are shorter than ours
        discord.transport.requests_per_second = 10_000
        guilds = [discord.add_guild(f"guild {number}", shard=number) for number in range(shards)]
        settings = LEXICAL | {"DISCORD_API_BASE": wire.api_base}
        with FastBotProcess(discord, folder / "corpus", folder / "data", **settings) as bot:
            discord.wait_ready(60)
            bot.wait_for_start()
            yield SimpleNamespace(discord=discord, wire=wire, bot=bot, guilds=guilds)
            discord.gateway.withheld.add("HELLO")  # a signal is heeded also while the bot waits
            discord.drop_gateway()
            discord.wait_disconnected()
            assert bot.stop() == 0
            assert "Traceback" not in bot.log
            assert discord.token not in bot.log


@pytest.fixture(scope="module", params=[1, 2], ids=["single", "shards"])
def running(folder, request):
    """One bot for the module with a single connection, and one with two shards."""
    with running_bot(folder, request.param) as running:
        yield running


@pytest.fixture
def scene(running, request):
    """A channel on each shard and somebody in them, and what happens in this test."""
    discord, name = running.discord, request.node.name[:40]
    start, before = len(running.bot.log), (discord.identifies, discord.resumes)
    yield SimpleNamespace(
        **vars(running),
        alice=discord.add_user(f"alice-{name}", *running.guilds),
        channels=[discord.add_channel(guild, name) for guild in running.guilds],
        log=lambda: running.bot.log[start:],
        shards=len(running.guilds),
        # (IDENTIFYs, RESUMEs)
        sessions=lambda: (discord.identifies - before[0], discord.resumes - before[1]),
    )
    discord.gateway.withheld.clear()
    discord.gateway.answers_heartbeats = True
    running.wire.mend()
    running.bot.set_speed(1)
    discord.wait_ready()


def ask(scene, text="when did the storm come?"):
    """Let Alice ask the bot in a channel of each shard."""
    content = f"{scene.discord.mention} {text}"
    return [scene.discord.say(channel, scene.alice, content) for channel in scene.channels]


def assert_answered(scene, questions, said=STORM):
    """Check that each question gets its answer, once."""
    for question in questions:
        assert said in scene.discord.wait_for_answer(question, 20).seen
    assert [len(scene.discord.answers(question)) for question in questions] == [1] * scene.shards


def come_back(scene, speed=FAST):
    """Let the bot's time pass until it has a session for each shard again."""
    scene.bot.set_speed(speed)
    what = f"the sessions after {scene.log()}"
    scene.discord.wait_until(lambda: sum(scene.sessions()) >= scene.shards, 30, what)
    scene.bot.set_speed(1)
    scene.discord.wait_ready()


# A close code of None cuts the connection without a word.
@pytest.mark.parametrize(
    "code", [None, 1000, 1001, 4000, 4001, 4002, 4003, 4005, 4006, 4007, 4008, 4009]
)
def test_session_goes_on_or_another_begins_after_a_close(scene, code):
    """What was missed is answered where Discord keeps the session, once."""
    scene.discord.drop_gateway(code)
    missed = ask(scene, "who dug the harbour?")
    come_back(scene)
    over = code in (4003, 4007, 4009)
    assert scene.sessions() == ((scene.shards, 0) if over else (0, scene.shards))
    if not over:
        assert_answered(scene, missed, CAPTAIN)
    assert_answered(scene, ask(scene))


@pytest.mark.parametrize("opcode", ["7", "9 true", "9 false"])
def test_reconnecting_where_discord_asks_for_it(scene, opcode):
    """Opcode 7 and 9 keep the session, but for a 9 that says it is over."""
    if opcode == "7":
        scene.discord.reconnect_op7()
    else:
        scene.discord.invalidate_session(resumable=opcode == "9 true")
    come_back(scene)
    over = opcode == "9 false"
    assert scene.sessions() == ((scene.shards, 0) if over else (0, scene.shards))
    assert_answered(scene, ask(scene))


@pytest.mark.parametrize("way", ["reset", "half-open"])
def test_session_goes_on_after_a_broken_connection(scene, way):
    """Whether TCP resets or lets every packet vanish, the session goes on over a new one."""
    if way == "reset":
        scene.wire.cut()
    else:
        scene.wire.silence()
    scene.wire.mend()
    missed = ask(scene, "who dug the harbour?")
    come_back(scene)
    assert scene.sessions() == (0, scene.shards)
    assert_answered(scene, missed, CAPTAIN)
    assert_answered(scene, ask(scene))


def test_gateway_that_acknowledges_no_heartbeat_is_left(scene):
    """A connection over which nothing comes any more is given up, and its session goes on."""
    scene.discord.gateway.answers_heartbeats = False
    come_back(scene)
    scene.discord.gateway.answers_heartbeats = True
    assert scene.sessions()[0] == 0
    assert_answered(scene, ask(scene))


@pytest.mark.parametrize("withheld", ["HELLO", "READY", "RESUMED", "everything"])
def test_gateway_that_stays_silent_is_left(scene, withheld):
    """Whichever word of Discord's never comes, the bot connects again until it does."""
    discord, opened = scene.discord, scene.wire.n_opened
    discord.gateway.withheld.add(withheld)
    if withheld == "everything":
        scene.wire.silence()
    elif withheld == "READY":
        discord.invalidate_session(resumable=False)
    else:
        discord.drop_gateway()
    scene.bot.set_speed(FAST)
    again = opened + 2 * scene.shards
    discord.wait_until(lambda: scene.wire.n_opened >= again, 30, f"new tries after {scene.log()}")
    if withheld != "everything":
        assert not discord.ready
    discord.gateway.withheld.clear()
    scene.wire.mend()
    discord.wait_until(lambda: discord.ready and sum(scene.sessions()) >= scene.shards, 30, "READY")
    scene.bot.set_speed(1)
    discord.wait_ready()
    assert_answered(scene, ask(scene))


@pytest.mark.parametrize("way", ["new", "resumed"])
def test_session_is_kept_while_its_gateway_answers(scene, way):
    """Minutes without an event cost no connection."""
    discord, is_new = scene.discord, way == "new"
    discord.invalidate_session(resumable=not is_new)
    come_back(scene, BEATING)
    scene.bot.set_speed(BEATING)
    quiet = discord.gateway.heartbeats + 3 * scene.shards  # more than a minute
    discord.wait_until(lambda: discord.gateway.heartbeats >= quiet, 30, "heartbeats")
    scene.bot.set_speed(1)
    assert scene.sessions() == ((scene.shards, 0) if is_new else (0, scene.shards))
    assert_answered(scene, ask(scene))


def test_event_that_cannot_be_read_is_passed_over(scene):
    """What Discord may add or leave out one day costs that event and a line."""
    discord = scene.discord
    for connection in 2 * discord.gateway.sockets:
        discord._do(connection.session.send, "MESSAGE_CREATE", {"id": "1"})
        discord._do(connection.session.send, "INTERACTION_CREATE", {"id": "1"})
    assert_answered(scene, ask(scene))
    assert scene.sessions() == (0, 0)
    for event in ("MESSAGE_CREATE", "INTERACTION_CREATE"):
        scene.bot.wait_for_log(f"Discord sent {event} as it cannot be read")
    assert scene.log().count("cannot be read") == 2


# The last is no data that zlib packed.
@pytest.mark.parametrize("frame", ["<html>", "[]", '{"op": 10, "d": null}', b"?\0\0\xff\xff"])
def test_frame_that_cannot_be_read_costs_the_connection_only(scene, frame):
    """What is no frame of Discord's ends the connection, not the session or the bot."""
    discord = scene.discord
    for connection in discord.gateway.sockets:
        discord._do(connection.send_raw, frame)
    missed = ask(scene, "who dug the harbour?")
    come_back(scene)
    assert scene.sessions() == (0, scene.shards)
    assert_answered(scene, missed, CAPTAIN)
    assert scene.log().count("sent an unreadable frame") == scene.shards


def test_gateway_that_hangs_up_at_once_is_tried_until_it_does_not(scene):
    """None of the tries ends the bot, however many fail one after the other."""
    discord = scene.discord
    discord.gateway.refusals += [4000] * 8 * scene.shards
    discord.drop_gateway()
    come_back(scene)
    assert discord.gateway.refusals == []
    assert_answered(scene, ask(scene))


def test_gateway_that_hangs_up_is_dialled_some_twelve_times_a_minute(scene):
    """Each connection of a minute follows the one before more slowly."""
    refusals = scene.discord.gateway.refusals
    refusals += [4000] * 1000
    scene.bot.set_speed(BEATING)
    start = time.monotonic()
    scene.discord.drop_gateway()
    time.sleep(1)
    n_dialled, minutes = 1000 - len(refusals), (time.monotonic() - start) * BEATING / 60
    refusals.clear()
    assert n_dialled <= 12 * scene.shards * (minutes + 1)
    come_back(scene)
    assert_answered(scene, ask(scene))


def test_session_goes_on_after_failed_tries(scene):
    """Neither a refused connection nor a gateway that hangs up next costs what was missed."""
    discord = scene.discord
    scene.wire.cut()
    missed = ask(scene, "who dug the harbour?")
    scene.bot.set_speed(FAST)
    failed = "Attempting a reconnect"
    discord.wait_until(lambda: scene.log().count(failed) >= scene.shards, 20, "failed tries")
    discord.gateway.refusals += [4000] * scene.shards
    scene.wire.mend()
    come_back(scene)
    assert discord.gateway.refusals == []
    assert scene.sessions() == (0, scene.shards)
    assert_answered(scene, missed, CAPTAIN)


def test_hour_without_network_costs_a_few_lines(scene):
    """The bot tries for as long as it takes, says so now and then, and answers at once then."""
    scene.wire.cut()
    scene.bot.set_speed(WAITING)
    scene.discord.wait_until(lambda: _span(scene.log()) >= timedelta(hours=1), 60, "an hour")
    # Looks at the loop are late by the speed of the clock.
    lines = [line for line in scene.log().splitlines() if "The event loop was blocked" not in line]
    waits = [float(wait) for line in lines for wait in re.findall(r"in ([\d.]+)s", line)]
    assert len(waits) >= 5
    assert max(waits) <= 30
    assert len(lines) <= 20
    scene.wire.mend()
    come_back(scene)
    assert_answered(scene, ask(scene))


def _span(log):
    """Return how long the bot has been writing a log, by its own clock."""
    times = re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", log, re.MULTILINE)
    if not times:
        return timedelta()
    first, last = (datetime.fromisoformat(moment) for moment in (times[0], times[-1]))
    return last - first


# Addresses where no gateway is

# RFC 6455, 1.3 and 5.5.1
_WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_UPGRADE = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: %b\r\n\r\n"
)
_CLOSE = b"\x88\x02" + (4000).to_bytes(2)


@pytest.mark.parametrize("answer", [b"", _UPGRADE], ids=["before HTTP", "before HELLO"])
def test_silent_address_for_resuming_is_left_for_the_named_one(folder, answer):
    """The session goes on at the gateway that the API names."""
    with (
        DiscordStandIn() as discord,
        other_gateway(answer) as url,
    ):
        discord.world.resume_url = url
        guild = discord.add_guild("Lowmere")
        channel, alice = discord.add_channel(guild, "harbour"), discord.add_user("alice", guild)
        with FastBotProcess(discord, folder / "corpus", folder / "other", **LEXICAL) as bot:
            discord.wait_ready(60)
            bot.wait_for_start()
            discord.drop_gateway()
            question = discord.say(channel, alice, f"{discord.mention} who dug the harbour?")
            bot.set_speed(FAST)
            discord.wait_until(lambda: discord.resumes, 20, f"a RESUME after {bot.log}")
            bot.set_speed(1)
            assert CAPTAIN in discord.wait_for_answer(question, 20).seen
            assert discord.identifies == 1


@contextmanager
def other_gateway(answer):
    """Run a gateway that answers connections once, if at all; yield its address."""
    taken = []

    def serve(server):
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                taken.append(connection)
                if answer:
                    (key,) = re.findall(rb"Sec-WebSocket-Key: (\S+)", connection.recv(65536))
                    accept = b64encode(sha1(key + _WEBSOCKET).digest())
                    connection.sendall(answer % accept)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=[server], daemon=True).start()
        yield f"ws://127.0.0.1:{server.getsockname()[1]}/"
        server.shutdown(socket.SHUT_RDWR)
    for connection in taken:
        connection.close()


@pytest.mark.parametrize("shards", [1, 2])
def test_gateway_that_hangs_up_on_the_first_connection_ends_the_bot(folder, shards):
    """A gateway that says not even HELLO is dialled a few times; then one line tells of it."""
    settings = LEXICAL | {"SHARD_COUNT": str(shards), "LOG_LEVEL": "CRITICAL"}
    with DiscordStandIn() as discord, other_gateway(_UPGRADE + _CLOSE) as url:
        discord.world.websocket_url = url
        with FastBotProcess(discord, folder / "corpus", folder / "other", **settings) as bot:
            assert bot.wait(30) == 1
    assert "cannot be reached (the gateway hung up)" in bot.log.splitlines()[-1]
    assert "Traceback" not in bot.log


# Closes after which nobody may come back


@pytest.mark.parametrize(
    ("code", "shards", "exit_code", "said"),
    [
        (4004, 1, 3, "DISCORD_TOKEN: Discord rejected the token"),
        (4004, 2, 3, "DISCORD_TOKEN: Discord rejected the token"),
        (4010, 2, 2, "SHARD_COUNT: Discord does not take 2"),
        (4011, 1, 1, "Discord wants another number of shards (code 4011); start again"),
        (4012, 1, 1, "update discord.py"),
        (4013, 1, 4, "Discord refused an intent"),
        (4014, 2, 4, "Discord refused an intent"),
    ],
)
def test_close_that_is_for_good_ends_the_bot_with_one_line(folder, code, shards, exit_code, said):
    """The exit code tells a service manager whether to start again, the line its owner why."""
    settings = LEXICAL | ({"SHARD_COUNT": "2"} if shards == 2 else {})
    with DiscordStandIn(max_concurrency=2, message_content_intent="refused") as discord:
        with FastBotProcess(discord, folder / "corpus", folder / "other", **settings) as bot:
            discord.wait_ready()
            bot.wait_for_start()
            discord.drop_gateway(code)
            assert bot.wait() == exit_code
        assert said in bot.log.splitlines()[-1]
        assert "Traceback" not in bot.log
        assert discord.identifies == shards
