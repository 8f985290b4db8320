"""`pullquote init`: through a terminal, as a person uses it, and with options alone."""

import os
import socket
import stat
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte
import pytest
import segno
from dotenv import dotenv_values

from bot.config.application import ApplicationInfo
from index import Searcher
from tests.standin import DiscordStandIn
from tests.support.command import COMMAND, run_pullquote
from tests.support.forks import run_forked

TOKEN = "right.token.of-the-bot"
WRONG = "wrong.token.of-the-bot"
ANOTHER = "another.token.of-the-bot"

ENV = Path(".env")
PAGE = Path("PRIVACY.md")

GERMAN = "Der Hafen\n\nDer Hafen wurde im Jahr 1802 gegraben. Es dauerte vier lange Jahre.\n"


@pytest.fixture
def discord(monkeypatch):
    """A stand-in that knows one token."""
    with DiscordStandIn(token=TOKEN) as discord:
        monkeypatch.setenv("DISCORD_API_BASE", discord.api_base)
        yield discord


def invite_link(discord):
    """Return the address that invites the stand-in's bot."""
    known = ApplicationInfo(message_content=True, application_id=discord.world.application_id)
    return known.invite_link


class Terminal:
    """A terminal in which the command runs, and what it showed so far."""

    def __init__(self, child):
        self.child = child
        self._screen = pyte.Screen(100, 250)
        self._stream = pyte.Stream(self._screen)

    def answer(self, question, *lines):
        """Wait for a question, and again for each further answer to it."""
        for line in lines:
            self.child.expect_exact(question)
            self._stream.feed(self.child.before + self.child.after)
            self.child.sendline(line)

    def leave(self):
        """Wait for the end, and return the exit code."""
        self.child.expect(pexpect.EOF)
        self._stream.feed(self.child.before)
        self.child.close()
        return self.child.exitstatus

    @property
    def lines(self):
        """The lines that are shown."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def seen(self):
        """The words that are shown."""
        return " ".join(" ".join(self.lines).split())


@contextmanager
def init(*arguments, command=COMMAND, **env):
    """Start `pullquote init` in a terminal; always end it."""
    environment = {**os.environ, "TERM": "xterm", **env}
    for size in ("COLUMNS", "LINES"):  # they override the size of this terminal
        environment.pop(size, None)
    child = pexpect.spawn(
        str(command),
        ["init", *arguments],
        env=environment,
        dimensions=(100, 100),
        encoding="utf-8",
        timeout=60,
    )
    try:
        yield Terminal(child)
    finally:
        child.close(force=True)


def mode(path):
    """Return the mode of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def code_on(lines):
    """Return the modules of the QR code that is shown: True for dark ones, without the margin."""
    halves = {"\u2588": (0, 0), "\u2580": (0, 1), "\u2584": (1, 0), " ": (1, 1)}
    rows = [line for line in lines if len(line) > 30 and set(line) <= set(halves)]
    width = len(rows[0])
    modules = []
    for row in rows:
        pairs = [halves[sign] for sign in row.ljust(width)]
        modules += [[bool(pair[half]) for pair in pairs] for half in (0, 1)]
    return [row[2 : width - 2] for row in modules[2 : width - 2]]


# Through a terminal


@pytest.mark.xdist_group("wheel")
def test_every_step_may_be_answered_wrongly_once(discord, wheel_command):
    """The wheel asks again and says why; in the end all is there, and the token was not seen."""
    Path("a-file").touch()
    with init(command=wheel_command, RETRIEVAL="encoder") as terminal:
        terminal.answer("Folder of your texts", "a-file", "~nobody-here/texts", "txets")
        terminal.answer("Make it?", "n")
        terminal.answer("Folder of your texts", "texts")
        terminal.answer("Make it?", "perhaps", "y")
        terminal.answer("Copy a sample text", "perhaps", "y")
        terminal.answer("Your question", "zyxwv utsrq?")
        terminal.answer("Another question", "Who is Ron Dermer?")
        terminal.answer("Token (it", WRONG, TOKEN)
        terminal.answer("QR code", "perhaps", "y")
        terminal.answer("privacy page", "perhaps", "y")
        terminal.answer("Whom do people write to", "", "ada@example.org")
        assert terminal.leave() == 0
    discord.forgive("401")
    seen = terminal.seen
    assert "a-file is a file. Name a folder." in seen
    assert "~nobody-here/texts does not name a user's home" in seen
    assert "There is no folder txets" in seen
    assert not Path("txets").exists()
    assert seen.count("Error: invalid input") == 4
    assert "found nothing" in seen
    assert "the adviser whom Mr. Netanyahu relies on most" in seen
    assert "Discord does not know this token" in seen
    assert "The token is that of pullquote" in seen
    assert "Message Content Intent is on" in seen
    assert invite_link(discord) in "".join(terminal.lines)
    drawn = segno.make_qr(invite_link(discord), error="l").matrix
    assert code_on(terminal.lines) == [[bool(module) for module in row] for row in drawn]
    assert "pullquote discord" in seen
    assert TOKEN not in seen
    assert WRONG not in seen
    assert dotenv_values(ENV) == {"CORPUS_DIR": "texts", "DISCORD_TOKEN": TOKEN}
    assert mode(ENV) == 0o600
    assert "ada@example.org" in PAGE.read_text(encoding="utf-8")
    assert "30 days" in PAGE.read_text(encoding="utf-8")
    manifest = Searcher.open(Path(".pullquote", "index")).manifest
    assert manifest.encoder_hash or manifest.vectors_are_pending  # as on a busy machine


@pytest.mark.usefixtures("harbour_corpus", "discord")
def test_what_is_there_is_replaced_only_where_the_person_says_so():
    """A second run finds all as it was, and the answer to "replace?" is no by default."""
    ENV.write_text(f"LOG_FORMAT=text\nDISCORD_TOKEN={ANOTHER}\n", encoding="utf-8")
    PAGE.write_text("mine", encoding="utf-8")
    with init(DISCORD_TOKEN=TOKEN) as terminal:
        terminal.answer("Folder of your texts", "")
        terminal.answer("Your question", "")
        terminal.answer("Replace the value of DISCORD_TOKEN", "")
        terminal.answer("QR code", "")
        terminal.answer("privacy page", "y")
        terminal.answer("Whom do people write to", "ada")
        terminal.answer("Replace PRIVACY.md?", "")
        assert terminal.leave() == 0
    assert dotenv_values(ENV) == {"LOG_FORMAT": "text", "DISCORD_TOKEN": ANOTHER}
    assert PAGE.read_text(encoding="utf-8") == "mine"


@pytest.mark.usefixtures("harbour_corpus")
def test_token_can_be_kept_where_discord_cannot_be_reached():
    """The person is told why it was not checked, and decides."""
    with init(DISCORD_API_BASE=closed_address()) as terminal:
        terminal.answer("Folder of your texts", "")
        terminal.answer("Your question", "")
        terminal.answer("Token (it", TOKEN)
        terminal.answer("Keep the token without a check?", "n")
        terminal.answer("Token (it", TOKEN)
        terminal.answer("Keep the token without a check?", "y")
        terminal.answer("privacy page", "")
        assert terminal.leave() == 0
    assert "Discord cannot be reached" in terminal.seen
    assert dotenv_values(ENV) == {"DISCORD_TOKEN": TOKEN}


@pytest.mark.usefixtures("harbour_corpus", "discord")
def test_token_can_be_left_for_later():
    """Who only wants to ask in the terminal presses Enter."""
    with init() as terminal:
        terminal.answer("Folder of your texts", "")
        terminal.answer("Your question", "")
        terminal.answer("Token (it", "")
        assert terminal.leave() == 0
    assert "Bot page: choose Reset Token" in terminal.seen
    assert "init again, with a token" in terminal.seen
    assert not ENV.exists()


@pytest.mark.usefixtures("harbour_corpus", "discord")
def test_interrupt_ends_it_and_writes_no_token():
    """Ctrl-C leaves with the code of an interrupt."""
    with init() as terminal:
        terminal.answer("Folder of your texts", "")
        terminal.child.expect_exact("Your question")
        while terminal.child.isalive():  # Python misses one that comes before it begins to wait
            terminal.child.sendintr()
            terminal.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=3)
        assert terminal.child.exitstatus == 130
    assert not ENV.exists()


def test_encoder_for_all_languages_is_offered_where_texts_are_not_english(discord):
    """It is written where the person agrees; that it cannot be fetched is one line."""
    Path("corpus").mkdir()
    Path("corpus", "hafen.txt").write_text(GERMAN, encoding="utf-8")
    hub = {"RETRIEVAL": "auto", "HF_ENDPOINT": closed_address(), "HF_HUB_OFFLINE": "1"}
    with init(**hub) as terminal:
        terminal.answer("Folder of your texts", "")
        terminal.answer("Fetch the encoder for all languages", "perhaps", "y")
        terminal.answer("Your question", "Wann wurde der Hafen gegraben?")
        terminal.answer("Token (it", "")
        assert terminal.leave() == 0
    assert "answeringbywords" in "".join(terminal.seen.split())
    assert "im Jahr 1802 gegraben" in terminal.seen
    assert dotenv_values(ENV) == {"NEURAL_MODEL": "auto"}
    assert discord.requests == []


@pytest.mark.usefixtures("discord")
def test_files_that_cannot_be_read_are_named_before_the_sample_is_offered():
    """Who has put texts there learns why they do not count."""
    Path("corpus").mkdir()
    Path("corpus", "notes.pages").write_text("x", encoding="utf-8")
    done = run_forked("init")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no text in it can be indexed (1 file skipped; notes.pages: only" in _words(done.stdout)


@pytest.mark.usefixtures("discord")
def test_encoder_of_an_option_is_there_before_the_texts_are_read():
    """Nobody is told to choose the one that was chosen."""
    Path("corpus").mkdir()
    Path("corpus", "hafen.txt").write_text(GERMAN, encoding="utf-8")
    hub = {"RETRIEVAL": "auto", "HF_ENDPOINT": closed_address(), "HF_HUB_OFFLINE": "1"}
    done = run_forked("init", "--neural-model", "auto", env=hub)
    assert done.returncode == 0
    assert "NEURAL_MODEL=auto" not in done.stderr
    assert done.stderr.count("cannot be used") == 1
    assert dotenv_values(ENV) == {"NEURAL_MODEL": "auto"}


@pytest.mark.usefixtures("discord")
def test_terminal_is_not_asked_with_no_input():
    """The options alone say what to do."""
    with init("--no-input", "--sample") as terminal:
        assert terminal.leave() == 0
    assert "who is Benjamin Netanyahu?" in terminal.seen


# With options alone


def test_options_alone_set_up_a_folder(discord):
    """The token comes from stdin; the folder is made; nothing is asked."""
    done = run_pullquote(
        "init",
        "new/bot",
        "--sample",
        "--token-file",
        "-",
        "--qr",
        "--privacy-contact",
        "Ada",
        "--question",
        "Who is Ron Dermer?",
        stdin=f"{TOKEN}\n",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "adviser whom Mr. Netanyahu relies on" in done.stdout
    assert f"\n{invite_link(discord)}\n" in done.stdout
    assert "\u2588\u2588 \u2584" in done.stdout
    assert "cd new/bot" in done.stdout
    assert TOKEN not in done.stdout
    assert dotenv_values("new/bot/.env") == {"DISCORD_TOKEN": TOKEN}
    assert mode(Path("new/bot/.env")) == 0o600
    assert "run by: Ada" in Path("new/bot/PRIVACY.md").read_text(encoding="utf-8")
    assert not ENV.exists()
    os.chdir("new/bot")
    assert run_pullquote("ask", "Who is Ron Dermer?").returncode == 0


@pytest.mark.usefixtures("harbour_corpus", "discord")
def test_options_alone_never_wait_for_input():
    """An open stdin is not read, and no texts and no token are no failure."""
    Path("empty").mkdir()
    for arguments in ([], ["--corpus", "empty"]):
        with subprocess.Popen(
            [COMMAND, "init", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.wait(60) == 0
            assert process.stdout is not None
            seen = process.stdout.read()
            assert "No token" in seen
            assert ("empty: there is no text in it." in seen) == bool(arguments)
            assert ("pullquote rebuild" in seen) == bool(arguments)
    assert not PAGE.exists()


@pytest.mark.usefixtures("harbour_corpus", "discord")
def test_same_options_may_be_given_again():
    """The second run changes nothing."""
    arguments = ["init", "--privacy-contact", "Ada", "--data", "built"]
    for _ in range(2):
        done = run_forked(*arguments, env={"DISCORD_TOKEN": TOKEN})
        assert (done.returncode, done.stderr) == (0, "")
        assert dotenv_values(ENV) == {"DATA_DIR": "built", "DISCORD_TOKEN": TOKEN}
    assert Path("built", "index").is_dir()


@pytest.mark.usefixtures("harbour_corpus", "discord")
def test_settings_that_others_can_read_are_closed_to_them():
    """Nobody is told to do what is done already."""
    ENV.write_text(f"DISCORD_TOKEN={TOKEN}\n", encoding="utf-8")
    ENV.chmod(0o644)
    done = run_forked("init")
    assert (done.returncode, done.stderr) == (0, "")
    assert mode(ENV) == 0o600


@pytest.mark.usefixtures("harbour_corpus", "discord")
@pytest.mark.parametrize(
    ("arguments", "named", "exit_code"),
    [
        (["--token-file", "token"], "DISCORD_TOKEN", 2),
        (["--neural-model", "auto"], "NEURAL_MODEL", 2),
        (["--privacy-contact", "Ada"], "PRIVACY.md", 1),
    ],
)
def test_options_alone_replace_nothing_without_force(arguments, named, exit_code):
    """One line names what is there; with --force it is replaced, and other lines stay."""
    text = f"DISCORD_TOKEN={ANOTHER}\nNEURAL_MODEL=mine\n# mine\n"
    ENV.write_text(text, encoding="utf-8")
    ENV.chmod(0o600)
    PAGE.write_text("mine", encoding="utf-8")
    Path("token").write_text(TOKEN, encoding="utf-8")
    environment = {} if named == "DISCORD_TOKEN" else {"DISCORD_TOKEN": TOKEN}
    if named != "DISCORD_TOKEN":
        ENV.write_text(text.replace(ANOTHER, TOKEN), encoding="utf-8")
    before = ENV.read_bytes(), PAGE.read_bytes()
    done = run_forked("init", *arguments, env=environment)
    assert done.returncode == exit_code
    assert done.stderr.count("\n") == 1
    assert named in done.stderr
    assert "--force" in done.stderr
    assert (ENV.read_bytes(), PAGE.read_bytes()) == before
    forced = run_forked("init", *arguments, "--force", env=environment)
    assert (forced.returncode, forced.stderr) == (0, "")
    assert (ENV.read_bytes(), PAGE.read_bytes()) != before
    assert "# mine" in ENV.read_text(encoding="utf-8")


@pytest.mark.usefixtures("harbour_corpus")
@pytest.mark.parametrize(
    ("token", "base", "exit_code"),
    [(WRONG, None, 3), ("white space", None, 2), (TOKEN, "closed", 1)],
    ids=["unknown", "not a token", "no network"],
)
def test_token_that_cannot_be_checked_ends_options_alone(discord, token, base, exit_code):
    """One line says why, without the token, which is written nowhere."""
    address = {"DISCORD_API_BASE": closed_address()} if base else {}
    done = run_forked("init", env={"DISCORD_TOKEN": token, **address})
    discord.forgive("401")
    assert done.returncode == exit_code
    assert done.stderr.count("\n") == 1
    assert token not in done.stderr + done.stdout
    assert not ENV.exists()


@pytest.mark.usefixtures("harbour_corpus")
def test_intent_that_is_off_is_said_with_the_page_where_it_is_turned_on():
    """No line of a log stands between."""
    with DiscordStandIn(token=TOKEN, message_content_intent="refused") as discord:
        base = {"DISCORD_API_BASE": discord.api_base, "DISCORD_TOKEN": TOKEN}
        done = run_forked("init", env=base)
        page = f"developers/applications/{discord.world.application_id}/bot"
    assert done.stderr == ""
    assert "Message Content Intent is off" in done.stdout
    assert page in "".join(done.stdout.split())


@pytest.mark.usefixtures("harbour_corpus", "discord")
def test_output_that_cannot_hold_a_qr_code_gets_none():
    """One line says why, and the address stands above it."""
    done = run_pullquote("init", "--qr", env={"DISCORD_TOKEN": TOKEN, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "This terminal cannot show it" in done.stdout


@pytest.mark.usefixtures("discord")
def test_folders_of_options_are_those_of_the_caller(harbour_corpus):
    """A folder outside of DIR is written in full, one inside as seen from there."""
    outside = run_forked("init", "bot", "--corpus", "corpus", "--data", "bot/built")
    assert outside.returncode == 0, outside.stderr
    assert dotenv_values("bot/.env") == {"CORPUS_DIR": str(harbour_corpus), "DATA_DIR": "built"}


@pytest.mark.usefixtures("discord")
def test_folder_that_cannot_be_made_is_one_line():
    """So is one that is a file, and a token file that is empty or not there."""
    Path("a-file").touch()
    tokens = ["--token-file", "a-file"], ["--token-file", "nowhere"]
    for arguments in (["a-file"], ["--corpus", "a-file"], *tokens):
        done = run_forked("init", *arguments)
        assert done.returncode in (1, 2)
        assert done.stderr.count("\n") == 1
        assert "Traceback" not in done.stderr


def test_bot_that_was_set_up_greets_and_answers_the_server_that_invited_it(discord):
    """After `init` nothing but `pullquote discord` is left to do."""
    assert run_forked("init", "bot", "--sample", env={"DISCORD_TOKEN": TOKEN}).returncode == 0
    guild = discord.add_guild("Readers", with_bot=False)
    guild.system_channel = channel = discord.add_channel(guild, "general")
    alice = discord.add_user("alice", guild)
    discord.invite_bot(guild)
    with subprocess.Popen([COMMAND, "discord"], cwd="bot", stderr=subprocess.DEVNULL) as process:
        try:
            greeting = discord.wait_until(lambda: discord.messages(channel), 30, "a greeting")[0]
            assert "Two Allies at Odds Over the War in Gaza" in greeting.seen
            question = discord.say(channel, alice, f"{discord.mention} who is Ron Dermer?")
            assert "adviser" in discord.wait_for_answer(question).seen
        finally:
            process.terminate()
        assert process.wait(20) == 0


def _words(text):
    """Return text without the ends of its lines."""
    return " ".join(text.split())


def closed_address():
    """Return an address where nothing answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}/api/v10"
