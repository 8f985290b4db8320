"""What an owner sees of the real bot: health, figures, log lines, word to systemd."""

import json
import re
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess, FastBotProcess
from tests.support.checkout import REPOSITORY
from tests.support.command import SETTINGS
from tests.support.data.harbour import HARBOUR
from tests.support.health_page import fetch, figures, free_port, is_listening

pytestmark = pytest.mark.xdist_group("operation")

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch."
STORM = "A storm in 1887 sank nine boats."

# The real program, which gives the gateway next to no time to come back.
IMPATIENT = """
from bot.operations.health import status as condition, server as health_server
condition.GATEWAY_GRACE_S = health_server._STATUS_LIFETIME_S = 0.05
from bot.__main__ import main
main()
"""


class ImpatientBot(BotProcess):
    """The bot on a clock that is ahead."""

    program = (sys.executable, "-c", IMPATIENT)


class Manager:
    """A service manager that writes down what it is told."""

    def __init__(self, folder):
        self.address = folder / "notify"
        self.heard = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.address))
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self):
        while text := self._socket.recv(4096).decode():
            self.heard += text.splitlines()

    def close(self):
        """End once all is read that was sent before."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.sendto(b"", str(self.address))
        self._thread.join()
        self._socket.close()


@pytest.fixture
def other_manager(tmp_path):
    """A service manager for a bot of a test's own."""
    with closing(Manager(tmp_path)) as manager:
        yield manager


@pytest.fixture(scope="module")
def manager(tmp_path_factory):
    """The service manager of the module's bot."""
    with closing(Manager(tmp_path_factory.mktemp("manager"))) as manager:
        yield manager


@pytest.fixture(scope="module")
def world(tmp_path_factory, manager):
    """The stand-in, whose address for resuming leads nowhere, and a bot that is watched."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    port = free_port()
    with pytest.MonkeyPatch.context() as patch, DiscordStandIn() as discord:
        for variable in SETTINGS:
            patch.delenv(variable, raising=False)
        patch.chdir(folder)
        discord.world.resume_url = f"ws://127.0.0.1:{free_port()}/"
        guild = discord.add_guild("Lowmere")
        settings = {"HEALTH_PORT": str(port), "LOG_FORMAT": "json"}
        settings |= {"NOTIFY_SOCKET": str(manager.address), "WATCHDOG_USEC": "200000"}
        with ImpatientBot(discord, folder / "corpus", folder / "data", **settings) as bot:
            discord.wait_ready()
            discord.wait_for_commands("ask")
            yield SimpleNamespace(
                discord=discord,
                bot=bot,
                port=port,
                folder=folder,
                data=folder / "data",
                channel=discord.add_channel(guild, "harbour"),
                alice=discord.add_user("alice", guild),
                bob=discord.add_user("bob", guild),
            )
        lines = [json.loads(line) for line in bot.log.splitlines()]
        assert {line["level"] for line in lines} <= {"INFO", "WARNING", "ERROR"}
        assert not any("exception" in line for line in lines if line["level"] != "ERROR")
        assert "Zanzibar" not in bot.log


def wait_for_health(world, status, part=""):
    """Wait until the bot's health is as expected, and return what it says."""

    def is_so():
        found = fetch(world.port, "/healthz")
        return found if found[0] == status and part in found[1] else None

    return world.discord.wait_until(is_so, 20, f"health {status} {part!r}")[1]


def ask(world, text, author=None):
    """Let somebody mention the bot, and wait for its answer."""
    content = f"{world.discord.mention} {text}"
    question = world.discord.say(world.channel, author or world.alice, content)
    return world.discord.wait_for_answer(question)


def test_figures_tell_what_the_bot_did_and_how_it_is(world):
    """Questions count by what came of them; connection, index and database are there, too."""
    discord = world.discord
    before = figures(world.port)
    assert CAPTAIN in ask(world, "who dug the harbour?").seen
    ask(world, "hello!")
    ask(world, "xyzzy plugh qwerty?")
    used = discord.slash(world.channel, world.bob, "ask", question="when did the storm come?")
    assert STORM in used.wait_for_response().seen

    def counted(outcome):
        name = "pullquote_questions_total"
        return figures(world.port)[name, outcome] - before[name, outcome]

    discord.wait_until(lambda: counted("answered") == 2, 10, "two answered questions")
    assert counted("small_talk") == counted("nothing_found") == 1
    assert counted("failed") == counted("refused") == 0
    now = figures(world.port)
    assert now["pullquote_question_seconds_count",] == 4
    assert now["pullquote_questions_under_way",] == 0
    assert now["pullquote_gateway_connected_shards",] == now["pullquote_gateway_shards",] == 1
    assert now["pullquote_gateway_last_event_age_seconds",] >= 0
    assert now["pullquote_gateway_latency_seconds",] >= 0
    assert now["pullquote_index_passages",] == 5
    assert now["pullquote_index_bytes",] > 1000
    assert now["pullquote_database_failing",] == 0
    assert now["pullquote_loop_lag_seconds_count",] > 0
    assert now["pullquote_loop_lag_max_seconds",] >= 0


def test_figures_name_nobody_and_nothing_that_was_asked(world):
    """Their only labels are outcomes and the bounds of buckets."""
    ask(world, "who dug the harbour?")
    _, text = fetch(world.port, "/metrics")
    families = list(text_string_to_metric_families(text))
    labels = {name for family in families for sample in family.samples for name in sample.labels}
    assert labels == {"outcome", "le"}
    for secret in ("dug", world.discord.token, world.alice.id, world.channel.id, "Lowmere"):
        assert str(secret) not in text


def test_operators_page_explains_every_figure(world):
    """The table has each by its name."""
    page = (REPOSITORY / ".deploy" / "README.md").read_text(encoding="utf-8")
    _, text = fetch(world.port, "/metrics")
    for family in text_string_to_metric_families(text):
        if family.name.startswith("pullquote_") and not family.name.endswith("_created"):
            assert f"| `{family.name}" in page, family.name


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/healthz/", 404),
        ("GET", "/../healthz/%2e%2e/etc/passwd", 404),
        ("POST", "/healthz", 405),
        ("HEAD", "/metrics", 405),
        ("DELETE", "/metrics", 405),
    ],
)
def test_nothing_else_is_served(world, method, path, status):
    """Two pages can be read; nothing can be changed."""
    assert fetch(world.port, path, method, b"{}" if method == "POST" else None)[0] == status


def container_finds_it_healthy(port):
    """Run the health check of the image."""
    text = (REPOSITORY / ".deploy" / "Containerfile").read_text(encoding="utf-8")
    (check,) = re.findall(r"^HEALTHCHECK .*\\\n\s+CMD (\[.*\])$", text, re.MULTILINE)
    (at,) = re.findall(r"HEALTH_PORT=(\d+)", text)
    _, *arguments = json.loads(check.replace(f":{at}/", f":{port}/"))
    done = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    return done.returncode == 0


def test_health_follows_the_gateway(world, manager):
    """It fails once the gateway has been away for too long, and is well again with it."""
    discord = world.discord
    assert wait_for_health(world, 200) == "ok\n"
    assert container_finds_it_healthy(world.port)
    discord.fail_next("GET", "^/gateway", status=404, times=1000)
    discord.drop_gateway()
    said = wait_for_health(world, 503)
    assert said.startswith("failing\n1 of 1 connections to Discord's gateway missing")
    assert figures(world.port)["pullquote_healthy",] == 0
    assert not container_finds_it_healthy(world.port)
    assert manager.heard[-1] != "STATUS=Answering in 1 server"
    assert "STATUS=Waiting for Discord's gateway" in manager.heard
    discord.transport.failures.clear()
    assert wait_for_health(world, 200) == "ok\n"
    assert CAPTAIN in ask(world, "who dug the harbour?").seen


def test_locked_database_degrades_health_and_answers_come(world):
    """The page says so with 200, because starting the bot anew would not help."""
    with closing(sqlite3.connect(world.data / "pullquote.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert CAPTAIN in ask(world, "who dug the harbour?").seen
        said = wait_for_health(world, 200, "degraded")
        assert "answering without the database: The database" in said
        other.execute("ROLLBACK")


def test_damaged_index_degrades_health_and_answers_come(world):
    """The last good one serves, and the page says why the new one does not."""
    manifest = world.data / "index" / "manifest.json"
    good = manifest.read_bytes()
    manifest.write_text(json.dumps({"format_version": 0}), encoding="utf-8")
    said = wait_for_health(world, 200, "last good index")
    assert "format version 0" in said
    assert CAPTAIN in ask(world, "who dug the harbour?").seen
    manifest.write_bytes(good)
    world.discord.wait_until(
        lambda: "last good index" not in fetch(world.port, "/healthz")[1], 10, "the index"
    )


def log_of(world, start):
    """Return what the bot wrote after the first `start` characters."""
    return [json.loads(line) for line in world.bot.log[start:].splitlines()]


def wait_for_line(world, start, part):
    """Wait for a line of the log whose message holds a part."""
    return world.discord.wait_until(
        lambda: [line for line in log_of(world, start) if part in line["message"]], 15, part
    )[0]


def test_lines_of_a_question_share_an_id_of_their_own(world):
    """Messages, commands and presses each have one; no line holds what was asked."""
    discord, start = world.discord, len(world.bot.log)
    answer = ask(world, "who dug the harbour of Zanzibar?")
    message = wait_for_line(world, start, "Answered with")
    discord.slash(
        world.channel, world.bob, "ask", question="when did the storm of Zanzibar come?"
    ).wait_for_response()
    discord.wait_until(lambda: len(log_of(world, start)) == 2, 10, "a second line")
    command = log_of(world, start)[1]
    discord.fail_next("PATCH", "/messages/@original$", status=404, code=10062, mode="after")
    discord.press(answer, discord.button(answer, "In context"), world.bob)
    press = wait_for_line(world, start, "press")
    ids = [line["question"] for line in (message, command, press)]
    assert len(set(ids)) == 3
    assert (message["level"], message["logger"]) == ("INFO", "bot.discord_app.questions.search")
    assert press["level"] == "WARNING"


def test_lines_about_a_failed_answer_name_its_question(world):
    """What was found and that it could not be sent stand under the same id."""
    discord, start = world.discord, len(world.bot.log)
    discord.fail_next("POST", "^/channels/{channel}/messages$", status=403, code=50013, times=5)
    discord.say(world.channel, world.alice, f"{discord.mention} who dug the harbour?")
    refused = wait_for_line(world, start, "50013")
    assert refused["question"] == wait_for_line(world, start, "Answered with")["question"]
    discord.transport.failures.clear()


def test_service_manager_is_told_that_the_bot_is_ready_and_lives(world, manager):
    """It hears what the bot does, and a sign of life twice in the time it set."""
    world.discord.wait_until(lambda: "READY=1" in manager.heard, 20, "READY=1")
    assert "STATUS=Answering in 1 server" in manager.heard
    signs = manager.heard.count("WATCHDOG=1")
    world.discord.wait_until(
        lambda: manager.heard.count("WATCHDOG=1") > signs + 2, 10, "signs of life"
    )


def test_health_answers_during_the_login(world, other_manager):
    """Discord keeps the bot waiting; whoever watches over it is answered, and nothing is ready."""
    port = free_port()
    with DiscordStandIn() as discord:
        discord.fail_next("GET", "^/users/@me$", mode="hang")
        settings = {"HEALTH_PORT": str(port), "NOTIFY_SOCKET": str(other_manager.address)}
        data = world.folder / "other"
        with FastBotProcess(discord, world.folder / "corpus", data, **settings) as bot:
            discord.wait_until(lambda: is_listening(port), 20, "the page")
            discord.wait_until(lambda: discord.requests, 20, "the login")
            assert fetch(port, "/healthz") == (200, "ok\n")
            assert "pullquote_gateway_connected_shards 0.0" in fetch(port, "/metrics")[1]
            assert other_manager.heard == []
            assert bot.stop() == 0
    world.discord.wait_until(lambda: other_manager.heard, 10, "the end")
    assert other_manager.heard == ["STOPPING=1", "STATUS=Stopping"]
