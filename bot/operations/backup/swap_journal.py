"""Replace files and folders of a data folder all at once: after a crash, finished or undone.

What is to come lies ready beside its place, and the journal lists the moves. As soon as the journal
is there they are made, by this process or, if it ends before, by the next that looks.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.errors import BackupError
from index import settle, sync_folder

_JOURNAL = "restoring.json"
_NEW_JOURNAL = f"{_JOURNAL}.new"


@dataclass(frozen=True, slots=True)
class Move:
    """One file or folder that changes.

    Attributes:
        place: Where it is.
        former: Where what is there now goes.
        staged: What takes the place, on the same disk; None if nothing does.
    """

    place: str
    former: str
    staged: str | None = None

    def do(self) -> None:
        """Move what was not moved yet."""
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
    """A replacement that was begun.

    Attributes:
        mark: A word that no other has.
        moves: What changes.
        staging: The folder that goes at the end.
        follows_database: Whether it only holds once the database has the mark.
    """

    mark: str
    moves: tuple[Move, ...]
    staging: str
    follows_database: bool

    def write(self, data_dir: Path) -> None:
        """Decide for the replacement.

        Raises:
            OSError: It cannot be written; nothing is decided.
        """
        aside = data_dir / _NEW_JOURNAL
        aside.write_text(json.dumps(asdict(self)), encoding="utf-8")
        settle(aside)
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
        """Throw away what lies ready; no move was made."""
        for move in self.moves:
            if move.staged is not None:
                remove(Path(move.staged))
        self._end(data_dir)

    def _end(self, data_dir: Path) -> None:
        forget_journal(data_dir)
        remove(Path(self.staging))


def read_journal(data_dir: Path) -> Journal | None:
    """Return the replacement that was begun and has not ended, or None.

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
    """Decide against a replacement that was not begun, or note that it has ended."""
    (data_dir / _JOURNAL).unlink(missing_ok=True)
    if data_dir.exists():
        sync_folder(data_dir)


def forget_new_journal(data_dir: Path) -> None:
    """Remove a journal that was not put in force; it decided nothing."""
    (data_dir / _NEW_JOURNAL).unlink(missing_ok=True)


def check_movable(place: Path) -> None:
    """See that what is in a place can be moved within its folder.

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
