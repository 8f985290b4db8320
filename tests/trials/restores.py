"""Kill a restore with SIGKILL before each of its steps: `python -m tests.trials.restores`.

The steps are not listed: they are the events on files that the interpreter reports to its audit
hooks. After the next start the data must be wholly the former or wholly the restored, and nothing
else may be left. `--every N` tries each N-th step only.
"""

import argparse
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import click

from bot.config.settings import Settings
from bot.operations.backup.create import back_up
from bot.operations.backup.restore import finish_restore, restore
from tests.support.data.data_folder import fill, settings_of

_KEPT = {"people.key", "people.key.lock", "pullquote.db", "servers", "running", "restoring.lock"}


def kill_at_each_step(folder: Path, every: int = 1) -> dict[str, int]:
    """Restore again and again, killed one step later each time, and count what is found then.

    Returns:
        How often the data was the "former", the "restored", and "lost": neither, or with leftovers.
    """
    saved = settings_of(folder / "saved")
    fill(saved)
    back_up(saved, folder / "a.zip")
    former = settings_of(folder / "former")
    fill(former, "drum")
    counts = {"former": 0, "restored": 0, "lost": 0}
    step, ended = 1, False
    while not ended:
        settings = settings_of(folder / f"data{step}")
        shutil.copytree(former.data_dir, settings.data_dir)
        ended = _restore_and_die(settings, folder / "a.zip", step)
        finish_restore(settings)
        counts[_found(settings)] += 1
        step += every
    return counts


def _restore_and_die(settings: Settings, file: Path, step: int) -> bool:
    """Restore in a process that is killed before a step; return whether it ended before that."""
    child = os.fork()
    if child == 0:
        _kill_at(step, settings.data_dir)
        restore(settings, file, force=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return not os.WIFSIGNALED(status)


def _kill_at(step: int, data_dir: Path) -> None:
    """Kill this process before a step: when it opens a file of the data, or changes a folder."""
    left = step

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        is_opening = event == "open" and str(arguments[0]).startswith(str(data_dir))
        if is_opening or event.startswith("os."):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def _found(settings: Settings) -> str:
    """Return whose data is there, by each of its parts."""
    data_dir = settings.data_dir
    text = (data_dir / "servers/7/texts/mill.txt").read_text(encoding="utf-8")
    with closing(sqlite3.connect(data_dir / "pullquote.db")) as database:
        ((lesson,),) = database.execute("SELECT question FROM taught").fetchall()
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    words = {word for word in ("bell", "drum") if word in text or word in lesson}
    leftovers = {path.name for path in data_dir.iterdir()} - _KEPT
    formers = [name for name in leftovers if name.startswith("former-")]
    is_restored = "bell" in words
    if len(words) != 1 or len(leftovers) != len(formers) or len(formers) != is_restored:
        click.echo(f"lost: {settings.data_dir}: {words}, {leftovers}")
        return "lost"
    return "restored" if is_restored else "former"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="try each N-th step only")
    with tempfile.TemporaryDirectory() as scratch:
        counted = kill_at_each_step(Path(scratch), parser.parse_args().every)
    click.echo(", ".join(f"{what}: {times}" for what, times in counted.items()))
    sys.exit(bool(counted["lost"]) or not counted["former"] or not counted["restored"])
