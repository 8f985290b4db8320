"""Processes that are forked from one which has imported the program.

Importing it takes longer than what most tests look at.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import IO, Any

import pytest

from tests.support.checkout import REPOSITORY

_TIMEOUT_S = 60.0

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "tests.support.fork_preload",
        "tests.support.forks",
        "aiosqlite",
        "alembic.command",
        "bot.__main__",
        "bot.discord_app.run",
        "bot.evaluation.comparison",
        "bot.evaluation.tables",
        "bot.operations.backup.create",
        "bot.operations.backup.report",
        "bot.operations.backup.restore",
        "bot.rendering.answer_json",
        "bot.rendering.terminal",
        "bot.terminal.repl",
        "index.documents.readers.front_matter",
        "index.documents.readers.markdown",
        "index.documents.readers.plain_text",
        "multiprocessing.synchronize",
        "nltk.corpus",
        "tqdm",
    ]
)


def fork(target: Callable[..., None], *args: Any) -> ForkServerProcess:
    """Return a process that runs `target(*args)`; it is not started yet."""
    with pytest.MonkeyPatch.context() as patch:  # the server looks for our modules nowhere else
        patch.setenv("PYTHONPATH", str(REPOSITORY))
        forkserver.ensure_running()
    return _FORKS.Process(target=target, args=args)


class ForkedProcess:
    """A forked process with what the tests use of `subprocess.Popen`.

    Attributes:
        stderr: What it writes to stderr, as text.
    """

    def __init__(self, main: Callable[..., None], *args: Any, env: Mapping[str, str]) -> None:
        """Start a process that runs `main(*args)` with an environment, in the current folder."""
        reading, writing = os.pipe()
        self.stderr: IO[str] | None = os.fdopen(reading, encoding="utf-8")
        self._process = fork(_run, main, args, dict(env), Path.cwd(), DupFd(writing))
        self._process.start()
        os.close(writing)
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        """Return the exit code, or None while the process runs."""
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, if the process still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the process."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code; TimeoutExpired if that takes longer."""
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("the forked process", timeout or 0)
        return code


def _run(
    main: Callable[..., None],
    args: tuple[Any, ...],
    environment: dict[str, str],
    current: Path,
    stderr: Any,
) -> None:
    """Be the process, with the pipe as stderr and no stdin."""
    _settle(environment, current)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(stderr.detach(), 2)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    main(*args)


def _settle(environment: Mapping[str, str], current: Path) -> None:
    """Take over an environment and a current folder."""
    os.chdir(current)
    os.environ.clear()
    os.environ.update(environment)


def run_forked(
    *arguments: str, stdin: str | bytes = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in the current folder and return what it did, as `run_pullquote` does.

    The interpreter runs already: what it reads at its start, such as `PYTHONPATH`, has no effect.
    """
    with tempfile.TemporaryDirectory() as name:
        stdin_path, stdout_path, stderr_path = (Path(name, part) for part in ("in", "out", "err"))
        stdin_path.write_bytes(stdin.encode() if isinstance(stdin, str) else stdin)
        environment = {**os.environ, **(env or {})}
        process = fork(_run_command, arguments, environment, Path.cwd(), Path(name))
        process.start()
        process.join(_TIMEOUT_S)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(arguments, _TIMEOUT_S)
        return subprocess.CompletedProcess(
            arguments,
            process.exitcode,
            stdout_path.read_text(encoding="utf-8"),
            stderr_path.read_text(encoding="utf-8"),
        )


def _run_command(
    arguments: tuple[str, ...], environment: dict[str, str], current: Path, streams: Path
) -> None:
    """Be the command, with the files of a folder as its streams."""
    from bot.__main__ import main

    _settle(environment, current)
    sys.argv = ["pullquote", *arguments]
    for number, (name, mode) in enumerate([("in", "rb"), ("out", "wb"), ("err", "wb")]):
        with (streams / name).open(mode) as file:
            os.dup2(file.fileno(), number)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    main()
