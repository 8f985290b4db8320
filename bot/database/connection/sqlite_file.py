"""The file of a SQLite database while it is in use: taken away, it is written again."""

import logging
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

logger = logging.getLogger(__name__)

# Beside the file SQLite keeps what was written last, and an index to that.
_COMPANIONS = ("-wal", "-shm")

# Checking 410 MB took 0.2 s (2 cores, 22 November 2026); a start does not wait much longer.
_CHECK_S = 1.0
_STEPS_BETWEEN_LOOKS = 10_000

_RESTORE = "stop Pullquote and restore a copy, or move the file away to begin anew"


class SqliteFile:
    """Holds the file of a database open, so that nothing of it is lost where it is removed.

    A file that is removed is there for as long as it is open. Its methods block, and are called by
    one thread at a time.
    """

    def __init__(self, file: Path) -> None:
        """Open a file that is a database.

        Raises:
            sqlite3.Error: It cannot be read.
        """
        self._file = file
        self._keeper = sqlite3.connect(file, check_same_thread=False)
        self._keeper.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opens all parts
        self._inodes = self._look()

    def is_in_place(self) -> bool:
        """Say whether the file and what SQLite keeps beside it are still the same; costs 10 us."""
        return self._look() == self._inodes

    def check(self) -> None:
        """Look through the file as long as a start can wait, and say if it is damaged."""
        deadline = time.monotonic() + _CHECK_S
        self._keeper.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        try:
            (problem,) = self._keeper.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError:  # it took too long
            problem = "ok"
        except sqlite3.Error as error:
            problem = str(error)
        finally:
            self._keeper.set_progress_handler(None, 0)
        if problem != "ok":
            what = " ".join(problem.split()).removeprefix("*** in database main *** ")
            logger.error("The database %s is damaged (%s); %s", self._file, what, _RESTORE)

    def repair(self) -> None:
        """Put in order what was taken away or replaced, and close; nobody else may have it open.

        Raises:
            OSError: It was removed and cannot be written again; this file stays open.
            sqlite3.Error: The same.
        """
        main, *beside = self._inodes
        now, *_ = self._look()
        if now == main:
            self.close()  # whoever closes last writes what was beside the file into it
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
                "The database %s was removed; all that was in it is written there again. "
                "To begin anew, stop Pullquote before you remove it",
                self._file,
            )
        else:
            logger.warning(
                "Another file is in the place of the database %s; it is in force now", self._file
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
        """Remove what belonged to the former file, which SQLite would take for the new one's."""
        for suffix, inode in zip(_COMPANIONS, inodes, strict=True):
            path = self._path(suffix)
            if inode is not None and _inode(path) == inode:
                with suppress(OSError):
                    path.unlink()


def is_in_use(file: Path) -> bool:
    """Say whether another process has a database open; of what is none it cannot be known."""
    if not file.exists():
        return False
    with closing(sqlite3.connect(file, timeout=0)) as connection:
        try:
            # So that nobody else may even have it open, who could read otherwise.
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
