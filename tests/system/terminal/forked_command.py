"""Run the command in a forked process, which has already imported it."""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

_TIMEOUT_S = 60.0

# Starts processes that have already imported the modules below.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "bot.__main__",
        "bot.evaluation.comparison",
        "bot.operations.backup.create",
        "bot.operations.backup.restore",
        "bot.rendering.answer_json",
        "bot.rendering.terminal",
        "bot.terminal.repl",
        "nltk.corpus",
        "tokenizers",
    ]
)


def run_forked(
    *arguments: str, stdin: str | bytes = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in the current folder and return what it did, as `run_pullquote` does.

    The interpreter runs already: what it reads at its start, such as `PYTHONPATH`, has no effect.
    """
    with tempfile.TemporaryDirectory() as name:
        stdin_path, stdout_path, stderr_path = (Path(name, part) for part in ("in", "out", "err"))
        stdin_path.write_bytes(stdin.encode() if isinstance(stdin, str) else stdin)
        process = FORKS.Process(
            target=_run_command,
            args=(arguments, {**os.environ, **(env or {})}, Path.cwd(), Path(name)),
        )
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

    os.chdir(current)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["pullquote", *arguments]
    for number, (name, mode) in enumerate([("in", "rb"), ("out", "wb"), ("err", "wb")]):
        with (streams / name).open(mode) as file:
            os.dup2(file.fileno(), number)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    main()
