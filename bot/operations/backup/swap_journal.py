"""Replace files and folders of a data folder atomically: a crash is completed or undone.

The new files are staged beside their places, and the journal lists the moves. Once the journal is
written the moves are made: by this process or, if it crashes, by the next one that starts.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.errors import BackupError
from index import sync_file, sync_folder

_JOURNAL = "restoring.json"
_NEW_JOURNAL = f"{_JOURNAL}.new"


@dataclass(frozen=True, slots=True)
class Move:
    """One file or folder to replace.

    Attributes:
        place: The path of the file or folder.
        former: Where the present one goes.
        staged: The new one, on the same disk; None to only move the present one away.
    """

    place: str
    former: str
    staged: str | None = None

    def do(self) -> None:
        """Make the moves that are not made yet."""
        place, former = Path(self.place), Path(self.former)
        if self.staged is not None and not Path(self.staged).exists():
            return
        if place.exists() and not former.exists():
            former.parent.mkdir(parents=True, exist_ok=True)
            place.rename(former)
            sync_folder(former.parent)
        if self.staged is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            Path(self.staged).rename(place)
        sync_folder(place.parent)


@dataclass(frozen=True, slots=True)
class Journal:
    """A replacement that has begun.

    Attributes:
        mark: A unique word.
        moves: The moves to make.
        staging: The folder of staged files, deleted at the end.
        follows_database: Whether it is committed only once the database has the mark.
    """

    mark: str
    moves: tuple[Move, ...]
    staging: str
    follows_database: bool

    def write(self, data_dir: Path) -> None:
        """Commit the replacement.

        Raises:
            OSError: It cannot be written; nothing is committed.
        """
        aside = data_dir / _NEW_JOURNAL
        aside.write_text(json.dumps(asdict(self)), encoding="utf-8")
        sync_file(aside)
        aside.replace(data_dir / _JOURNAL)
        sync_folder(data_dir)

    def finish(self, data_dir: Path) -> None:
        """Make all moves that are not made yet.

        Raises:
            OSError: One cannot be made; this can be called again.
        """
        for move in self.moves:
            move.do()
        self._end(data_dir)

    def undo(self, data_dir: Path) -> None:
        """Delete the staged files; no move was made."""
        for move in self.moves:
            if move.staged is not None:
                remove(Path(move.staged))
        self._end(data_dir)

    def _end(self, data_dir: Path) -> None:
        forget_journal(data_dir)
        remove(Path(self.staging))


def read_journal(data_dir: Path) -> Journal | None:
    """Return the replacement that has begun and not ended, or None.

    Raises:
        BackupError: The journal cannot be understood.
    """
    path = data_dir / _JOURNAL
    try:
        told = json.loads(path.read_bytes())
        return Journal(
            str(told["mark"]),
            tuple(Move(**move) for move in told["moves"]),
            str(told["staging"]),
            bool(told["follows_database"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, LookupError, TypeError) as error:
        raise BackupError(
            f"{path} is damaged: a restore was begun and cannot be finished; see which of the "
            "files beside it are the right ones, then remove it"
        ) from error


def forget_journal(data_dir: Path) -> None:
    """Delete the journal: of a replacement that has ended, or is not to begin."""
    (data_dir / _JOURNAL).unlink(missing_ok=True)
    if data_dir.exists():
        sync_folder(data_dir)


def forget_new_journal(data_dir: Path) -> None:
    """Remove a journal that was not renamed into place, and so commits nothing."""
    (data_dir / _NEW_JOURNAL).unlink(missing_ok=True)


def check_movable(place: Path) -> None:
    """Check that a path can be moved within its folder.

    Raises:
        BackupError: It is a link or another disk.
    """
    if place.is_symlink() or os.path.ismount(place):
        raise BackupError(f"{place} is a link or a disk of its own, which cannot be replaced")


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
