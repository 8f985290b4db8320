"""Claim shards for this process in a folder of locks, which the system drops with the process."""

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

# Under this lock others are taken, looked at and removed; each time for milliseconds.
_MUTEX = "mutex"
_MUTEX_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Claim:
    """What a process serves: some of so many shards, or all, however many there are.

    Attributes:
        count: How many shards the bot has; None if all are claimed.
        shards: Which of them are claimed.
    """

    count: int | None = None
    shards: tuple[int, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of what is claimed, which `meets` reads."""
        if self.count is None:
            return [_ALL]
        return [f"{shard}-of-{self.count}" for shard in self.shards]

    def meets(self, name: str) -> bool:
        """Return whether a name stands for something that this claim shuts out.

        Shards of another count do: they are other parts of the same servers.
        """
        found = _SHARD.fullmatch(name)
        if found is None or self.count is None:
            return True
        return int(found["count"]) != self.count or int(found["shard"]) in self.shards


class ClaimedError(Exception):
    """Another process holds what was claimed.

    Attributes:
        process: What that process noted about itself; empty where it cannot be read.
    """

    def __init__(self, process: str) -> None:
        super().__init__(process)
        self.process = process


@contextmanager
def claimed(folder: Path, subject: str, claim: Claim) -> Iterator[None]:
    """Hold a claim on a subject; nobody else can, also of those that claim a part of it.

    Args:
        folder: Where the locks are; made where it is missing.
        subject: What the shards are of; a word that can stand in the name of a file.
        claim: What is claimed.

    Raises:
        ClaimedError: Another process holds some of it.
        OSError: The folder cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mutex = FileLock(folder / _MUTEX, timeout=_MUTEX_TIMEOUT_S)
    held: list[tuple[Path, FileLock]] = []
    with _turn(mutex):
        _look_around(folder, subject, claim)
        for name in claim.names:
            path = folder / f"{subject}.{name}.lock"
            held.append((path, _locked(path)))
            with contextlib.suppress(OSError):  # a full disk, which has room for the lock itself
                _note(path).write_text(f"process {os.getpid()}", encoding="utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError), _turn(mutex):
            for path, lock in held:
                _remove(path, lock)


@contextmanager
def _turn(mutex: FileLock) -> Iterator[None]:
    try:
        with mutex:
            yield
    except Timeout as error:
        raise TimeoutError(f"{mutex.lock_file} is held by a process that hangs") from error


def _look_around(folder: Path, subject: str, claim: Claim) -> None:
    """Remove what ended processes left behind, and see whether somebody is in the way."""
    with ExitStack() as probing:
        for path in sorted(folder.glob("*.lock")):
            of, _, name = path.stem.partition(".")
            try:
                lock = _locked(path)
            except Timeout as error:
                if of == subject and claim.meets(name):
                    raise ClaimedError(_noted(path)) from error
            else:
                probing.callback(_remove, path, lock)


def _locked(path: Path) -> FileLock:
    lock = FileLock(path, timeout=0, thread_local=False)
    lock.acquire()
    return lock


def _remove(path: Path, lock: FileLock) -> None:
    """Remove a lock that is held; only under the mutex, else somebody may wait for that file."""
    with contextlib.suppress(OSError):  # Windows removes no open file; the next one does it
        _note(path).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    lock.release()


def _note(path: Path) -> Path:
    return path.with_suffix(".process")


def _noted(path: Path) -> str:
    try:
        return _note(path).read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        return ""
