"""Only one process serves a data folder, bot or shard; a killed one is no obstacle."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.errors import AlreadyRunningError
from bot.operations.locks import single_instance
from bot.operations.locks.shard_lock_files import Claim, ClaimedError, hold_claim
from bot.operations.locks.single_instance import lock_data_folder, lock_shards
from tests.support.bot_process import BotProcess, FastBotProcess
from tests.support.forks import run_forked

HALF, OTHER_HALF, THIRD = Claim(2, (0,)), Claim(2, (1,)), Claim(3, (1,))

HOLDER = """
import sys
from pathlib import Path
from bot.operations.locks.shard_lock_files import Claim, hold_claim
with hold_claim(Path(sys.argv[1]), sys.argv[2], eval(sys.argv[3])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holding(folder: Path, claim: Claim, subject="bot"):
    """Run a process that holds a claim."""
    command = [sys.executable, "-c", HOLDER, str(folder), subject, repr(claim)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.communicate("")


@pytest.mark.parametrize(
    ("held", "wanted", "is_free"),
    [
        (Claim(), Claim(), False),
        (Claim(), HALF, False),
        (HALF, Claim(), False),
        (HALF, HALF, False),
        (HALF, Claim(2, (0, 1)), False),
        (HALF, THIRD, False),
        (HALF, OTHER_HALF, True),
        (Claim(4, (0, 2)), Claim(4, (1, 3)), True),
    ],
)
def test_claims_meet_where_they_share_servers(held, wanted, is_free):
    """Different shards of one count are compatible; the same ones or another count are not."""
    assert is_free == (not any(wanted.meets(name) for name in held.names))
    assert is_free == (not any(held.meets(name) for name in wanted.names))


def test_second_process_is_refused_until_the_first_is_killed(tmp_path):
    """The error names the holder; after SIGKILL the claim is free, and no files pile up."""
    with holding(tmp_path, HALF) as first:
        with pytest.raises(ClaimedError) as caught, hold_claim(tmp_path, "bot", Claim(2, (0, 1))):
            pass
        assert caught.value.process == f"process {first.pid}"
        with holding(tmp_path, OTHER_HALF), hold_claim(tmp_path, "another", HALF):
            pass
        first.kill()
        first.wait()
        with hold_claim(tmp_path, "bot", Claim()):
            names = {path.name for path in tmp_path.iterdir()}
            assert names == {"mutex", "bot.all.lock", "bot.all.process"}
    assert [path.name for path in tmp_path.iterdir()] == ["mutex"]


def test_refusal_names_folder_process_and_way_out(tmp_path):
    """One line says what is held, where, by whom, and what to do."""
    settings = Settings(data_dir=tmp_path, shard_count=2, shard_ids=(0,))
    with (
        holding(tmp_path / "running", Claim()) as other,
        pytest.raises(AlreadyRunningError) as caught,
        lock_data_folder(settings),
    ):
        pass
    assert str(caught.value) == (
        f"Another process (process {other.pid}) serves the data folder {tmp_path}; end it, or give "
        "this one another DATA_DIR, or SHARD_IDS that no other has"
    )
    assert caught.value.exit_code == 5


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A folder for temporary files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_bot_is_claimed_by_its_number_in_a_private_folder(temporary):
    """The file is named by the bot's id; the folder is closed to others."""
    own = temporary / f"pullquote-{os.getuid()}"
    with lock_shards(17, 1, (0,)):
        assert own.stat().st_mode & 0o777 == 0o700
        assert (own / "17.0-of-1.lock").exists()
        with lock_shards(18, 1, (0,)):
            pass
    with (
        holding(own, Claim(1, (0,)), "17"),
        pytest.raises(AlreadyRunningError, match="twice"),
        lock_shards(17, 1, (0,)),
    ):
        pass


@pytest.mark.parametrize("trap", ["link", "file", "open to all", "of somebody else"])
def test_folder_that_others_may_have_prepared_is_not_used(temporary, trap, monkeypatch, caplog):
    """Nothing is written through it; the bot runs, and a line warns of it."""
    own, elsewhere = temporary / f"pullquote-{os.getuid()}", temporary / "elsewhere"
    elsewhere.mkdir()
    if trap == "link":
        own.symlink_to(elsewhere)
    elif trap == "file":
        own.touch()
    else:
        own.mkdir(mode=0o700)
        if trap == "open to all":
            own.chmod(0o777)
        else:
            somebody = os.getuid() + 1
            monkeypatch.setattr("os.getuid", lambda: somebody)
            own.rename(temporary / f"pullquote-{somebody}")
    with lock_shards(17, 1, (0,)):
        assert "A second process would not be noticed" in caplog.text
    assert not list(elsewhere.iterdir())
    assert trap == "file" or not list((temporary / f"pullquote-{os.getuid()}").iterdir())


def test_folder_without_room_for_locks_keeps_no_bot_from_running(tmp_path, caplog):
    """If no lock can be made, such as on a read-only disk, a line says so."""
    (tmp_path / "running").touch()
    with lock_data_folder(Settings(data_dir=tmp_path)):
        assert f"on the data folder {tmp_path}" in caplog.text
    assert single_instance.logger.name == caplog.records[0].name


def test_bot_runs_once_for_a_folder_and_once_for_a_token(discord, harbour_corpus, tmp_path):
    """The second process ends with code 5 and a line; other commands work; a killed one returns."""
    data, other = tmp_path / "data", tmp_path / "other"
    with FastBotProcess(discord, harbour_corpus, data) as first:
        discord.wait_ready()
        with BotProcess(discord, harbour_corpus, data) as second:
            assert second.wait() == 5
            (line,) = second.log.splitlines()
            assert line.startswith("pullquote: Another process (process ")
            assert f"serves the data folder {data}; end it" in line
        with FastBotProcess(discord, harbour_corpus, other) as second:
            assert second.wait() == 5
            assert "serves the bot of this DISCORD_TOKEN; end it" in second.log.splitlines()[-1]
            assert discord.token not in second.log
        folders = "--corpus", str(harbour_corpus), "--data", str(data)
        assert "Ada Finch" in run_forked("ask", "who dug the harbour?", *folders).stdout
        first.stop(signal.SIGKILL)
    discord.expect_restart()
    with FastBotProcess(discord, harbour_corpus, data) as again:
        discord.wait_ready()
        again.wait_for_log("Ready as")
        assert again.stop() == 0
    assert [path.name for path in (data / "running").iterdir()] == ["mutex"]
