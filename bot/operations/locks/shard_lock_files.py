"""Lock shards with files; the operating system releases the locks when the process ends."""

import contextlib
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

_ALL = "all"
# No more digits than a setting has.
_SHARD = re.compile(r"(?P<shard>[0-9]{1,6})-of-(?P<count>[0-9]{1,6})")

# This lock is held for milliseconds while others are taken, checked and removed.
_MUTEX = "mutex"
_MUTEX_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Claim:
    """The shards that a process serves.

    Attributes:
        count: The number of shards of the bot; None if all are claimed.
        shards: The claimed shards.
    """

    count: int | None = None
    shards: tuple[int, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of the files of this claim."""
        if self.count is None:
            return [_ALL]
        return [f"{shard}-of-{self.count}" for shard in self.shards]

    def meets(self, name: str) -> bool:
        """Return whether the file of a name overlaps with this claim.

        Shards of another count overlap: they serve other parts of the same servers.
        """
        found = _SHARD.fullmatch(name)
        if found is None or self.count is None:
            return True
        return int(found["count"]) != self.count or int(found["shard"]) in self.shards


class ClaimedError(Exception):
    """Another process holds what was claimed.

    Attributes:
        process: What that process wrote about itself; empty if it cannot be read.
    """

    def __init__(self, process: str) -> None:
        super().__init__(process)
        self.process = process


@contextmanager
def hold_claim(folder: Path, subject: str, claim: Claim) -> Iterator[None]:
    """Hold a claim on a subject; overlapping claims of other processes are refused.

    Args:
        folder: Where the locks are; made if it is missing.
        subject: What the shards belong to; part of the name of a file.
        claim: The shards.

    Raises:
        ClaimedError: Another process holds some of it.
        OSError: The folder cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mutex = FileLock(folder / _MUTEX, timeout=_MUTEX_TIMEOUT_S)
    held: list[tuple[Path, FileLock]] = []
    with _hold_mutex(mutex):
        _check_overlaps(folder, subject, claim)
        for name in claim.names:
            path = folder / f"{subject}.{name}.lock"
            held.append((path, _locked(path)))
            with contextlib.suppress(OSError):  # a full disk, which has room for the lock itself
                _owner_file(path).write_text(f"process {os.getpid()}", encoding="utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError), _hold_mutex(mutex):
            for path, lock in held:
                _remove(path, lock)


def find_holder(folder: Path, subject: str, claim: Claim) -> str | None:
    """Return what a process wrote about itself that holds part of a claim; None if none does.

    It is "another process" if that cannot be read. Nothing is claimed or removed.

    Raises:
        OSError: The folder cannot be used.
    """
    if not (folder / _MUTEX).exists():  # nothing was ever claimed there
        return None
    with _hold_mutex(FileLock(folder / _MUTEX, timeout=_MUTEX_TIMEOUT_S)):
        for path in sorted(folder.glob("*.lock")):
            of, _, name = path.stem.partition(".")
            if of != subject or not claim.meets(name):
                continue
            try:
                _locked(path).release()
            except Timeout:
                return _read_owner(path) or "another process"
    return None


@contextmanager
def _hold_mutex(mutex: FileLock) -> Iterator[None]:
    try:
        with mutex:
            yield
    except Timeout as error:
        raise TimeoutError(f"{mutex.lock_file} is held by a process that hangs") from error


def _check_overlaps(folder: Path, subject: str, claim: Claim) -> None:
    """Remove the files of ended processes, and check for overlapping claims."""
    with ExitStack() as probing:
        for path in sorted(folder.glob("*.lock")):
            of, _, name = path.stem.partition(".")
            try:
                lock = _locked(path)
            except Timeout as error:
                if of == subject and claim.meets(name):
                    raise ClaimedError(_read_owner(path)) from error
            else:
                probing.callback(_remove, path, lock)


def _locked(path: Path) -> FileLock:
    lock = FileLock(path, timeout=0, thread_local=False)
    lock.acquire()
    return lock


def _remove(path: Path, lock: FileLock) -> None:
    """Remove a lock that is held; only under the mutex, else somebody may wait for that file."""
    with contextlib.suppress(OSError):  # Windows removes no open file; the next one does it
        _owner_file(path).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    lock.release()


def _owner_file(path: Path) -> Path:
    return path.with_suffix(".process")


def _read_owner(path: Path) -> str:
    try:
        return _owner_file(path).read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        return ""
