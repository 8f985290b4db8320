"""A disk of a test's own, which it may fill up or make read-only."""

import contextlib
import os
import shutil
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
        """Fill the disk and leave so many bytes free."""
        status = os.statvfs(self.folder)
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as stream:
            for _ in range(max(0, status.f_bavail - but_bytes // status.f_frsize)):
                stream.write(b"x" * status.f_frsize)

    def free(self) -> None:
        """Remove what `fill` wrote."""
        self._ballast.unlink()

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """Mount it read-only, for root as well."""
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
    with small_disk(folder) as mounted:
        yield mounted


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Mount a disk of 8 MB at a folder, or skip the test."""
    if not sys.platform.startswith("linux") or not _mount(
        "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)
    ):
        pytest.skip("mounting a small disk takes root on Linux")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


class FailingDisk:
    """A file system of ext4 in a file, mounted at a folder, which may fail like a real one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._image = folder.with_name(f"{folder.name}.img")

    def make(self) -> bool:
        """Make and mount it; False where this is not possible here."""
        if sys.platform != "linux" or not shutil.which("mkfs.ext4") or not shutil.which("e2fsck"):
            return False
        with self._image.open("wb") as image:
            image.truncate(8 * 2**20)
        subprocess.run(["mkfs.ext4", "-q", self._image], check=True)
        return self._mounted() and self._trigger().exists()

    def fail(self) -> None:
        """Let the kernel find an error, after which it mounts the disk read-only.

        What was written before is on it.
        """
        subprocess.run(["sync", "--file-system", self.folder], check=True)
        self._trigger().write_text("1")

    def repair(self) -> None:
        """Do what an owner does: take it away from its folder, check it, and mount it again."""
        failed = self._image.rename(self._image.with_suffix(".failed"))
        shutil.copyfile(failed, self._image)  # a process with an open file holds the failed disk
        subprocess.run(["umount", "--lazy", self.folder], check=True)
        subprocess.run(["e2fsck", "-fy", self._image], capture_output=True, check=False)
        assert self._mounted()

    def _mounted(self) -> bool:
        return _mount("-o", "loop,errors=remount-ro", str(self._image), str(self.folder))

    def _trigger(self) -> Path:
        device = self.folder.stat().st_dev
        name = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve().name
        return Path(f"/sys/fs/ext4/{name}/trigger_fs_error")


@pytest.fixture
def failing_disk(tmp_path: Path) -> Iterator[FailingDisk]:
    """A disk of 8 MB; without the right to mount one the test is skipped."""
    folder = tmp_path / "disk"
    folder.mkdir()
    disk = FailingDisk(folder)
    try:
        if not disk.make():
            pytest.skip("mounting a disk that fails takes root on Linux, and ext4")
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", folder], capture_output=True, check=False)


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0
