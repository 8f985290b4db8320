"""Warn of files with secrets that other users of the machine can read or change."""

import contextlib
import logging
import os
import shlex
from collections.abc import Iterable
from pathlib import Path

logger = logging.getLogger(__name__)

_OTHERS = 0o077


def warn_of_exposed(files: Iterable[Path]) -> None:
    """Log, for each file that other users can read or change, the command that protects it.

    Does nothing except on POSIX.
    """
    if os.name != "posix":
        return
    for file in files:
        with contextlib.suppress(OSError):
            if file.stat().st_mode & _OTHERS:
                where = shlex.quote(str(file.absolute()))
                logger.warning(
                    "%s is open to others who use this machine; run: chmod 600 %s", file.name, where
                )
