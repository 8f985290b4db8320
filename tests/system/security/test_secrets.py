"""The token and the database's password are never shown or stored, also after failures."""

import json
import logging
import os
import stat
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.config.file_permissions import warn_of_exposed
from bot.config.settings import Settings
from bot.operations.logs.json_formatter import JsonLines
from bot.operations.logs.redaction import RedactingHandler, keep_secret, without_secrets
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess, FastBotProcess
from tests.support.command import run_pullquote
from tests.support.forks import run_forked

PASSWORD = "gull\u00e9s\"n'est%40"
ADDRESS = "postgresql://ada:gull%C3%A9s%22n'est%2540@127.0.0.1:9/quotes"

posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX knows of such rights")


@pytest.fixture
def fresh_secrets(monkeypatch):
    """Forget the secrets of other tests."""
    monkeypatch.setattr("bot.operations.logs.redaction._secrets", set())


@pytest.mark.usefixtures("fresh_secrets")
def test_secrets_of_the_settings_are_taken_out_as_they_are_and_as_json():
    """The token, the address, and the password, also decoded, quoted, or in a line of JSON."""
    settings = Settings.from_mapping({"DISCORD_TOKEN": "abc.def.ghi", "DATABASE_URL": ADDRESS})
    keep_secret(*settings.secrets)
    for secret in ("abc.def.ghi", ADDRESS, PASSWORD):
        for line in (f"a {secret} b", json.dumps({"message": f"a {secret} b"}), repr(secret)):
            shown = without_secrets(line)
            assert "[secret]" in shown
            assert not any(part in shown for part in ("abc.def", "gull", "n'est"))


@pytest.mark.parametrize(
    ("rest", "passwords"),
    [
        ("gulls//cry@h/d", {"gulls//cry"}),
        ("gulls:cry@h/d", {"gulls:cry"}),
        ("gullscry@h/d?host=@x", {"gullscry"}),
        ("gulls@cry@h/d", {"gulls@cry"}),
        ("gulls%2Fcry@h/d", {"gulls%2Fcry", "gulls/cry"}),
    ],
)
def test_password_is_found_in_any_address(rest, passwords):
    """It is found also if it holds unquoted reserved characters, or such characters follow it."""
    address = f"postgresql://ada:{rest}"
    assert {address, *passwords} <= set(Settings.from_mapping({"DATABASE_URL": address}).secrets)


def test_address_of_a_file_is_no_secret():
    """A database without a password can be named."""
    for address in ("sqlite:////data/a.db", "postgresql://pullquote@db.example/pullquote"):
        assert Settings.from_mapping({"DATABASE_URL": address}).secrets == []


@pytest.mark.usefixtures("fresh_secrets")
@pytest.mark.parametrize(
    "secret", ["abc.def.ghi", PASSWORD, "back\\slash\\'\"", "\U0001f512 locked"]
)
def test_lines_of_json_hold_no_secret_in_any_form(capsys, secret):
    """Raw and parsed lines hide a secret that is plain, quoted or in a traceback."""
    keep_secret(secret)
    logger = logging.Logger("lowmere")
    handler = RedactingHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    for shown in (secret, repr(secret), json.dumps(secret), json.dumps({"a": repr(secret)})):
        logger.error("With %s", shown, exc_info=ValueError(shown))
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert len(lines) == 4
    for line in lines:
        assert line["message"].count("[secret]") == line["exception"].count("[secret]") == 1
    assert not any(part in written for part in ("abc.def", "gull", "n'est", "slash", "locked"))


@pytest.mark.usefixtures("fresh_secrets")
def test_log_handler_hides_secrets_in_messages_and_tracebacks(capsys):
    """A secret is hidden in messages and in the text of exceptions."""
    keep_secret("abc.def.ghi")
    logger = logging.Logger("lowmere")
    logger.addHandler(RedactingHandler(sys.stderr))
    error = ValueError("the token abc.def.ghi")
    logger.error("With %s", "abc.def.ghi", exc_info=error)
    written = capsys.readouterr().err
    assert "With [secret]" in written
    assert "ValueError: the token [secret]" in written
    assert "abc.def" not in written


# Files


@posix
def test_files_are_made_for_their_owner_only(harbour_corpus, discord):
    """The data folder, the database and the key of people are closed to others."""
    with FastBotProcess(discord, harbour_corpus, Path("data")):
        discord.wait_ready()
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode)
            for path in (Path("data"), *Path("data").iterdir())
        }
    assert modes["data"] == 0o700
    kept = {name: mode for name, mode in modes.items() if name.startswith(("pullquote", "people"))}
    assert {"pullquote.db", "people.key"} <= set(kept)
    assert all(mode & 0o077 == 0 for name, mode in kept.items() if not name.endswith(".lock"))


@posix
@pytest.mark.parametrize(("mode", "n_lines"), [(0o644, 1), (0o640, 1), (0o602, 1), (0o600, 0)])
def test_file_that_others_can_read_or_write_is_pointed_out(caplog, tmp_path, mode, n_lines):
    """One line says what to run; a file that is not there is passed over."""
    file = tmp_path / "a b" / "people.key"
    file.parent.mkdir()
    file.touch()
    file.chmod(mode)
    warn_of_exposed([file, tmp_path / "pullquote.db"])
    expected = f"people.key is open to others who use this machine; run: chmod 600 '{file}'"
    assert caplog.messages == [expected] * n_lines


@posix
def test_command_points_out_files_with_secrets_only(harbour_corpus):
    """A `.env` without a token may be read by others; with one, and a key, they may not."""
    Path(".env").write_text(f"CORPUS_DIR={harbour_corpus}\n", encoding="utf-8")
    Path(".env").chmod(0o644)
    assert "chmod" not in run_forked("ask", "storm").stderr
    with Path(".env").open("a", encoding="utf-8") as stream:
        stream.write("DISCORD_TOKEN=abc.def.ghi\n")
    Path(".pullquote", "people.key").touch(mode=0o644)
    written = run_pullquote("ask", "storm").stderr
    lines = [line.rpartition("/")[2] for line in written.splitlines() if "chmod 600" in line]
    assert lines == [".env", "people.key"]
    assert "abc.def" not in written


# Real runs


class _Echo(BaseHTTPRequestHandler):
    """A wrong server: its errors repeat the request, as those of a debugging proxy do."""

    def do_GET(self):
        body = json.dumps({"message": str(self.headers), "code": 0}).encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Keep the test's output clean."""


@pytest.mark.parametrize("form", ["text", "json"])
def test_server_that_repeats_the_token_is_not_repeated(discord, harbour_corpus, form):
    """A server that answers with the token does not bring it into the log."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    given = {"DISCORD_API_BASE": f"http://127.0.0.1:{server.server_port}/api/v10"}
    given |= {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": form}
    try:
        with FastBotProcess(discord, harbour_corpus, Path("data"), **given) as bot:
            assert bot.wait() == 1
    finally:
        server.shutdown()
        server.server_close()
    assert discord.token not in bot.log


@pytest.mark.parametrize("form", ["text", "json"])
def test_password_of_the_database_is_in_no_line(discord, harbour_corpus, form):
    """Where PostgreSQL cannot be reached, no line of a DEBUG log tells the password."""
    given = {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": form, "DATABASE_URL": ADDRESS}
    with FastBotProcess(discord, harbour_corpus, Path("data"), **given) as bot:
        discord.wait_ready()
        bot.wait_for_log("Ready as")
        assert bot.stop() == 0
    assert "127.0.0.1:9" in bot.log
    assert not any(part in bot.log for part in ("gull", "n'est"))


SITE = """
import json, os, sys
from pathlib import Path
name = f"{os.getpid()}.json"
seen = {"arguments": sys.orig_argv, "variables": dict(os.environ)}
Path(os.environ["SEEN_DIR"], name).write_text(json.dumps(seen))
"""


def test_run_with_failures_leaves_the_token_nowhere(harbour_corpus, monkeypatch):
    """The token is in no DEBUG log, argument, child's environment, file or sent message."""
    (harbour_corpus / "gong.html").write_text("<p>The gong rang.", encoding="utf-8")
    for folder in ("site", "seen"):
        Path(folder).mkdir()
    Path("site", "sitecustomize.py").write_text(SITE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(Path("site").absolute()))
    monkeypatch.setenv("SEEN_DIR", str(Path("seen").absolute()))
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        channel = discord.add_channel(guild, "harbour")
        ada = discord.add_user(
            "ada", guild, roles=[discord.add_role(guild, "managers", "MANAGE_GUILD")]
        )
        with BotProcess(discord, harbour_corpus, Path("data"), LOG_LEVEL="DEBUG") as bot:
            discord.wait_ready()
            discord.wait_for_commands("pullquote")
            discord.fail_next("POST", "/messages", status=500)
            question = discord.say(channel, ada, f"{discord.mention} who dug the harbour?")
            assert "1802" in discord.wait_for_answer(question, 20).seen
            discord.drop_gateway(4000)
            discord.wait_until(lambda: discord.resumes == 1, 15, "a RESUME")
            diagnosed = discord.slash(channel, ada, "pullquote diagnose").wait_for_response()
            discord.forgive("401")
            discord.fail_next("POST", "/messages", status=401, times=5)
            discord.say(channel, ada, f"{discord.mention} when did the storm come?")
            bot.wait_for_log("401")
            # The bot asks the gateway whether the token still holds.
            discord.wait_until(lambda: discord.resumes == 2, 15, "another RESUME")
            _send_garbage(discord)
            discord.drop_gateway(4004)
            assert bot.wait() in (1, 3)
        token = discord.token
        sent = [request.json for request in discord.requests]
    assert token not in bot.log
    assert token not in diagnosed.seen
    assert token not in json.dumps(sent, default=str)
    processes = [json.loads(path.read_bytes()) for path in Path("seen").iterdir()]
    assert any("index.documents.reader_process" in process["arguments"] for process in processes)
    assert not any(token in " ".join(process["arguments"]) for process in processes)
    assert [token in str(process["variables"]) for process in processes].count(True) == 1
    files = [path for path in Path("data").rglob("*") if path.is_file()]
    assert {"pullquote.db", "people.key"} <= {path.name for path in files}
    assert not any(token.encode() in path.read_bytes() for path in files)


def _send_garbage(discord):
    """Send the bot meaningless gateway frames."""
    for socket in discord.gateway.sockets:
        for frame in ({"op": 99, "d": None}, {"op": 0, "t": "NOTHING", "s": 999, "d": {"a": 1}}):
            discord._do(socket.send, frame)
