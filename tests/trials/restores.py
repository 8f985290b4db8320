"""Kill a restore with SIGKILL before each thing that it does to the disk, and see what is left.

`python -m tests.trials.restores [--every N]`: after the next start has looked, the data must be
wholly the former or wholly the restored, and nothing may lie about.
"""

import argparse
import os
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from bot.config.settings import Settings
from bot.operations.backup.create import back_up
from bot.operations.backup.restore import finish_restore, restore
from tests.support.data.data_folder import fill, settings_of

# By these files are made, changed, moved and removed, and forced to the disk.
_STEPS = ("open", "mkdir", "rename", "replace", "unlink", "rmdir", "fsync")

_KEPT = {"people.key", "people.key.lock", "pullquote.db", "servers", "running", "restoring.lock"}


def kill_at_each_step(folder: Path, every: int = 1) -> dict[str, int]:
    """Restore over and over, killed one step later each time, and count what came of it.

    Returns:
        How often the data was the "former", the "restored", and "lost": neither, or with leftovers.
    """
    saved = settings_of(folder / "saved")
    fill(saved)
    back_up(saved, folder / "a.zip")
    counts = {"former": 0, "restored": 0, "lost": 0}
    step, ended = 1, False
    while not ended:
        settings = settings_of(folder / f"data{step}")
        fill(settings, "drum")
        ended = _restore_and_die(settings, folder / "a.zip", step)
        finish_restore(settings)
        counts[_found(settings)] += 1
        step += every
    return counts


def _restore_and_die(settings: Settings, file: Path, step: int) -> bool:
    """Restore in a process that is killed before a step; return whether it ended before that."""
    child = os.fork()
    if child == 0:
        _kill_at(step)
        restore(settings, file, force=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return not os.WIFSIGNALED(status)


def _kill_at(step: int) -> None:
    left = step

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def work(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return work

    for name in _STEPS:
        setattr(os, name, counted(getattr(os, name)))


def _found(settings: Settings) -> str:
    """Say whose data is there, by each of its parts."""
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
