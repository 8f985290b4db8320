"""Warn of files with secrets that other users of the machine can read or change."""

import contextlib
import logging
import os
import shlex
from collections.abc import Iterable
from pathlib import Path

logger = logging.getLogger(__name__)

_OTHERS = 0o077


def exposed_files(files: Iterable[Path]) -> list[Path]:
    """Return the files that other users can read or change; none except on POSIX."""
    exposed = []
    for file in files if os.name == "posix" else ():
        with contextlib.suppress(OSError):
            if file.stat().st_mode & _OTHERS:
                exposed.append(file)
    return exposed


def protecting_command(*files: Path) -> str:
    """Return the command that takes files from other users."""
    return shlex.join(["chmod", "600", *(str(file.absolute()) for file in files)])


def warn_of_exposed(files: Iterable[Path]) -> None:
    """Log, for each file that other users can read or change, the command that protects it."""
    for file in exposed_files(files):
        logger.warning(
            "%s is open to others who use this machine; run: %s",
            file.name,
            protecting_command(file),
        )
