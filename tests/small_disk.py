"""A disk of a test's own, which it may fill up or make read-only."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


class SmallDisk:
    """A file system in memory with little room, mounted at a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, *, but_bytes: int = 0) -> None:
        """Leave so much room on it."""
        status = os.statvfs(self.folder)
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as stream:
            for _ in range(max(0, status.f_bavail - but_bytes // status.f_frsize)):
                stream.write(b"x" * status.f_frsize)

    def free(self) -> None:
        """Take away what `fill` put there."""
        self._ballast.unlink()

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """Let nobody write to it, not even root."""
        _mount("-o", "remount,ro", str(self.folder))
        try:
            yield
        finally:
            _mount("-o", "remount,rw", str(self.folder))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 8 MB; without the right to mount one the test is skipped."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux") or not _mount(
        "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)
    ):
        pytest.skip("mounting a small disk takes root on Linux")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0
