"""The installed command, and the variables that it reads."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

from bot.config.settings import Settings

COMMAND = Path(sys.executable).parent / "pullquote"

# The environment variable of each setting.
SETTINGS = tuple(field.name.upper() for field in dataclasses.fields(Settings))


def run_pullquote(
    *arguments: str,
    stdin: str | bytes = "",
    env: dict[str, str] | None = None,
    timeout_s: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run the installed command in the current folder and return what it did."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [COMMAND, *arguments],
        input=data,
        capture_output=True,
        env={**os.environ, **(env or {})},
        timeout=timeout_s,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
