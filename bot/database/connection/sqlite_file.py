"""Keep the file of a SQLite database open, and write it again if it is removed."""

import logging
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

logger = logging.getLogger(__name__)

# SQLite keeps two files beside the database: the newest writes, and an index of them.
_COMPANIONS = ("-wal", "-shm")

# Checking 410 MB took 0.2 s (2 cores, 22 November 2026); a start waits hardly longer.
_CHECK_S = 1.0
_STEPS_BETWEEN_LOOKS = 10_000

RESTORE = "stop Pullquote and restore a copy, or move the file away to start with an empty one"


class SqliteFile:
    """Holds the file of a database open, so that no data is lost if it is removed.

    A removed file exists for as long as it is open. The methods block; call them from one thread at
    a time.
    """

    def __init__(self, file: Path) -> None:
        """Open a file that is a database.

        Raises:
            sqlite3.Error: It cannot be read.
        """
        self._file = file
        self._keeper = sqlite3.connect(file, check_same_thread=False)
        self._keeper.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opens all files
        self._inodes = self._look()

    def is_in_place(self) -> bool:
        """Return whether the file and its companions are still the same; takes 10 us."""
        return self._look() == self._inodes

    def check(self) -> None:
        """Check the file for at most a second, and log whether it is damaged."""
        if damage := find_damage(self._keeper):
            logger.error("The database %s is damaged (%s); %s", self._file, damage, RESTORE)

    def repair(self) -> None:
        """Repair what was removed or replaced, and close; nobody else may have the file open.

        Raises:
            OSError: It was removed and cannot be written again; this file stays open.
            sqlite3.Error: The same.
        """
        main, *beside = self._inodes
        now, *_ = self._look()
        if now == main:
            self.close()  # the last to close writes the newest changes into the file
            logger.warning(
                "A file beside the database %s (-wal, -shm) was removed; nothing is lost, but "
                "leave them alone while Pullquote runs",
                self._file,
            )
            return
        copy = self._file.with_name(f"{self._file.name}.saved")
        if now is None:
            self._file.parent.mkdir(0o700, parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)
            copy.touch(0o600)  # SQLite fills an empty file
            try:
                self._keeper.execute("VACUUM INTO ?", (str(copy),))
            except BaseException:
                copy.unlink(missing_ok=True)
                raise
        self.close()
        self._remove_companions(beside)
        if now is None:
            copy.replace(self._file)
            logger.warning(
                "The database %s was removed; it was written again with all its data. "
                "To start with an empty one, stop Pullquote before you remove it",
                self._file,
            )
        else:
            logger.warning(
                "The database %s was replaced by another file, which is used now", self._file
            )

    def close(self) -> None:
        """Close the file."""
        self._keeper.close()

    def _look(self) -> tuple[tuple[int, int] | None, ...]:
        """Return which files are there, as device and inode."""
        return tuple(_inode(self._path(suffix)) for suffix in ("", *_COMPANIONS))

    def _path(self, suffix: str) -> Path:
        return self._file.with_name(self._file.name + suffix)

    def _remove_companions(self, inodes: list[tuple[int, int] | None]) -> None:
        """Remove the companions of the former file; SQLite would use them for the new one."""
        for suffix, inode in zip(_COMPANIONS, inodes, strict=True):
            path = self._path(suffix)
            if inode is not None and _inode(path) == inode:
                with suppress(OSError):
                    path.unlink()


def find_damage(connection: sqlite3.Connection) -> str | None:
    """Check a database for at most a second; return what is damaged, None if nothing was found."""
    deadline = time.monotonic() + _CHECK_S
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
    try:
        (problem,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:  # it took too long
        return None
    except sqlite3.Error as error:
        problem = str(error)
    finally:
        connection.set_progress_handler(None, 0)
    if problem == "ok":
        return None
    return " ".join(problem.split()).removeprefix("*** in database main *** ")


def is_in_use(file: Path) -> bool:
    """Return whether another process has a database open; False if the file is not a database."""
    if not file.exists():
        return False
    with closing(sqlite3.connect(file, timeout=0)) as connection:
        try:
            # Without this, others could still have it open for reading.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            return error.sqlite_errorname.startswith("SQLITE_BUSY")
    return False


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
