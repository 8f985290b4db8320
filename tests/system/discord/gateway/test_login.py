"""The bot's login and the end of it: each failure ends with one line and an exit code."""

import logging
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.operations.logs.setup import OneLineFilter
from tests.standin import DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.scenes import CAPTAIN, running_world, write_corpus

# Starts sooner than with vectors.
LEXICAL = {"RETRIEVAL": "lexical"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The harbour text, beside which the first bot leaves its index and database."""
    folder = tmp_path_factory.mktemp("login")
    write_corpus(folder)
    return folder


def make_bot(discord, folder, **settings):
    """Return a bot that is not started yet."""
    return FastBotProcess(discord, folder / "corpus", folder / "data", **LEXICAL | settings)


@pytest.fixture
def start(discord, folder):
    """Make a bot for the stand-in, which a `with` block starts."""
    return partial(make_bot, discord, folder)


def test_intent_that_the_gateway_refuses_is_done_without(folder):
    """An intent that was announced and is refused is not asked for again; a line says so."""
    with DiscordStandIn(message_content_intent="revoked") as discord:
        discord.expect_restart()
        with make_bot(discord, folder) as bot:
            discord.wait_ready()
            bot.wait_for_log("Ready as")
            assert bot.log.count("no longer lets the bot read messages") == 1
            assert discord.identifies == 2
            assert bot.stop() == 0
        assert "Traceback" not in bot.log


def test_wrong_token_ends_with_one_line_and_code_3(discord, start):
    """A token that Discord rejects is tried once and never shown."""
    discord.forgive("401")
    wrong = {"DISCORD_TOKEN": "not.the.token", "LOG_LEVEL": "ERROR"}
    with start(**wrong) as bot:
        assert bot.wait() == 3
    assert bot.log.splitlines()[-1].startswith("pullquote: DISCORD_TOKEN: Discord rejected")
    assert "Traceback" not in bot.log
    assert "not.the.token" not in bot.log
    assert len(discord.requests) == 1


def test_unreachable_discord_ends_with_one_line_and_code_1(start):
    """A network without Discord is said in one line."""
    nowhere = {"DISCORD_API_BASE": "http://127.0.0.1:9/api/v10", "LOG_LEVEL": "ERROR"}
    with start(**nowhere) as bot:
        assert bot.wait() == 1
    assert bot.log.splitlines()[-1].startswith("pullquote: Discord cannot be reached")
    assert "Traceback" not in bot.log


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_signal_closes_the_gateway_and_exits_0(discord, start, by):
    """SIGTERM and SIGINT end the session cleanly, so the bot goes offline at once."""
    with start() as bot:
        bot.wait_for_log("Ready as")  # a close over unread events resets the socket, without a code
        assert bot.stop(by) == 0
    assert discord.gateway_closed_by_client == 1000
    assert "Traceback" not in bot.log


def test_start_without_a_server_logs_the_invitation_and_no_warning(discord, start):
    """What discord.py says about libraries for voice is nothing to the owner."""
    with start() as bot:
        bot.wait_for_log("Invite it to a server: https://discord.com/oauth2/authorize?client_id=")
        assert f"client_id={discord.world.application_id}&" in bot.log
        assert "WARNING" not in bot.log


@contextmanager
def web_server(status, body, content_type):
    """Run a web server that answers every request alike; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v10"
    finally:
        server.shutdown()
        server.server_close()


def last_line(bot):
    """Return the last line of the log, which is short, and check that no traceback is in it."""
    assert "Traceback" not in bot.log
    last = bot.log.splitlines()[-1]
    assert len(last) <= 320
    return last


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    "failure",
    [{"mode": "hang"}, {"status": 429, "retry_after": 30}, {"status": 500}],
    ids=["hang", "429", "500"],
)
@pytest.mark.parametrize("path", ["/users/@me", "/commands", "/gateway/bot"])
def test_signal_during_login_exits_0(discord, start, path, failure, by):
    """A bot that waits for Discord at any step of its login stops when asked to."""
    method = "PUT" if path == "/commands" else "GET"
    discord.fail_next(method, path, times=100, **failure)
    with start() as bot:
        discord.wait_until(
            lambda: any(path in request.path for request in discord.requests), 20, path
        )
        assert bot.stop(by) == 0
    assert "Traceback" not in bot.log


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        ("/users/@me", {"mode": "reset"}),
        ("/applications/@me", {"status": 503}),
        ("/gateway/bot", {"mode": "reset"}),
    ],
)
def test_request_that_is_lost_during_the_login_is_repeated(discord, start, path, failure):
    """One failure at any step of the login does not end the bot."""
    discord.fail_next("GET", path, **failure)
    with start() as bot:
        discord.wait_ready()
        bot.wait_for_log("Ready as")
        assert "WARNING" not in bot.log
        assert bot.stop() == 0


def test_gateway_that_refuses_the_first_connection_ends_with_one_line(discord, start):
    """The first connection is tried a few times; then one line says that nothing answers."""
    discord.world.websocket_url = "ws://127.0.0.1:9/"
    with start(LOG_LEVEL="ERROR") as bot:
        assert bot.wait(30) == 1
    assert last_line(bot).startswith("pullquote: Discord cannot be reached")
    asked = [request for request in discord.requests if request.path == "/gateway/bot"]
    assert len(asked) == 4  # for the shards, then for each of three tries
    assert len([request for request in discord.requests if request.path == "/users/@me"]) == 2


def test_missing_gateway_address_ends_with_one_line(discord, start):
    """A server that names no gateway is said to be the wrong one."""
    discord.fail_next("GET", "/gateway", status=404, times=100)
    with start(LOG_LEVEL="ERROR") as bot:
        assert bot.wait(30) == 1
    assert "DISCORD_API_BASE" in last_line(bot)
    assert discord.identifies == 0


def test_gateway_that_comes_back_is_connected_to(discord, folder):
    """A gateway that is missing at first is asked for again."""
    # For the shards, then two addresses for each of two tries.
    discord.fail_next("GET", "/gateway", status=404, times=5)
    with running_world(discord, folder, RETRIEVAL="lexical") as world:
        assert CAPTAIN in world.settle().ask().seen


@pytest.mark.parametrize(
    ("status", "body", "content_type", "said"),
    [
        (200, b"<html>Welcome</html>", "text/html", "DISCORD_API_BASE"),
        (200, b"{}", "application/json", "DISCORD_API_BASE"),
        (200, b"[]", "application/json", "DISCORD_API_BASE"),
        (200, b"{", "application/json", "DISCORD_API_BASE"),
        (404, b"<html>" + b"Nothing here. " * 200, "text/html", "404"),
    ],
    ids=["html", "object", "list", "broken", "404"],
)
def test_server_that_is_not_discord_ends_with_one_line(start, status, body, content_type, said):
    """One line names the setting when the server does not answer as Discord's API does."""
    with (
        web_server(status, body, content_type) as address,
        start(DISCORD_API_BASE=address) as bot,
    ):
        assert bot.wait() == 1
    assert said in last_line(bot)
    assert "check DISCORD_API_BASE" in last_line(bot)
    assert "Nothing here" not in bot.log


@pytest.mark.parametrize("token", ["abc def", "abc\ndef", "abc\tdef", "abc\x7fdef", "gr\u00fcn"])
def test_token_with_signs_that_no_token_has_ends_with_one_line_and_code_2(discord, start, token):
    """A token that was copied badly is refused before anything is sent, and not shown."""
    with start(DISCORD_TOKEN=token) as bot:
        assert bot.wait() == 2
    assert last_line(bot).startswith("pullquote: DISCORD_TOKEN: ")
    assert not any(part in bot.log for part in ("abc", "def", "gr\u00fcn"))
    assert discord.requests == []


def test_resume_falls_back_to_the_named_gateway(discord, folder):
    """When nothing answers at the address for resuming, the one that the API names is used."""
    discord.world.resume_url = "ws://127.0.0.1:9/"
    with running_world(discord, folder, RETRIEVAL="lexical") as world:
        scene = world.settle()
        scene.ask()
        discord.drop_gateway()
        assert "1887" in scene.ask("when did the storm come?").seen
    assert discord.resumes == 1


def test_reconnect_is_one_line_in_the_log(discord, folder):
    """A lost gateway that stays away for a while leaves no traceback."""
    discord.world.resume_url = "ws://127.0.0.1:9/"
    with running_world(discord, folder, RETRIEVAL="lexical") as world:
        scene = world.settle()
        scene.ask()
        discord.fail_next("GET", "/gateway", status=503, times=6)  # both addresses, three times
        discord.drop_gateway()
        scene.wait_for_log("Attempting a reconnect")
        assert "1887" in scene.ask("when did the storm come?").seen
        assert "GatewayNotFound" in scene.log()


def test_exception_of_the_library_is_one_line():
    """The filter keeps type and text of an exception and leaves other loggers alone."""
    error = ConnectionResetError("gone\n" + "x" * 500)
    lines = []
    for name in ("discord.client", "bot.discord_app.questions.message_cog"):
        cause = (ConnectionResetError, error, None)
        record = logging.LogRecord(name, logging.ERROR, "", 1, "Again in %.1fs", (2.0,), cause)
        assert OneLineFilter("discord.client").filter(record)
        lines.append(logging.Formatter().format(record))
    assert lines[0].startswith("Again in 2.0s (ConnectionResetError: gone xxx")
    assert "\n" not in lines[0]
    assert len(lines[0]) < 300
    assert lines[1].startswith("Again in 2.0s\n")


def test_pool_of_connections_writes_no_traceback(tmp_path):
    """What SQLAlchemy says of a connection that was given up on in the middle is one line."""
    code = f"""
from bot.database.connection.url import DatabaseAddress
from bot.database.connection.engines import make_engine
from bot.operations.logs.setup import set_up_logging
set_up_logging("INFO")
engine = make_engine(DatabaseAddress.parse("sqlite:///{tmp_path}/a.db"))
try:
    raise TimeoutError("too late")
except TimeoutError:
    engine.pool.logger.error("Exception during reset or similar", exc_info=True)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    (said,) = done.stderr.splitlines()
    assert said.endswith("Exception during reset or similar (TimeoutError: too late)")
