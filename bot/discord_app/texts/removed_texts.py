"""A server's texts that were removed or replaced, kept aside for some days to be restored.

DATA_DIR/servers/ID/removed/KEY/NAME, where KEY is the time of removal in milliseconds since 1970.
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index import link_or_copy, sync_folder

KEPT_FOR = timedelta(days=7)

# A copy that is not complete; no text is named so.
_COPYING = ".copying"


@dataclass(frozen=True, slots=True)
class RemovedText:
    """A text that was removed or replaced.

    Attributes:
        key: Identifies it among the server's removed texts; it grows with time.
        path: The file, under the name of the text.
    """

    key: int
    path: Path

    @property
    def name(self) -> str:
        """The name of the text."""
        return self.path.name

    @property
    def removed_at(self) -> datetime:
        """When it was removed."""
        return datetime.fromtimestamp(self.key / 1000, UTC)


@dataclass(frozen=True, slots=True)
class RemovedTexts:
    """The removed texts of one server; only one thread at a time may change them.

    Attributes:
        folder: The folder that holds them; it is missing if there are none.
    """

    folder: Path

    def all(self, now: datetime) -> list[RemovedText]:
        """Return the texts that can be restored at a time, newest first."""
        return [text for text in self._held() if not _is_over(text, now)]

    def find(self, key: int, now: datetime) -> RemovedText | None:
        """Return the text with a key; None if it can no longer be restored."""
        return next((text for text in self.all(now) if text.key == key), None)

    def newest(self, name: str, now: datetime) -> RemovedText | None:
        """Return the text of a name that was removed last; None if none can be restored."""
        return next((text for text in self.all(now) if text.name == name), None)

    def take(self, path: Path, now: datetime) -> RemovedText:
        """Move a text here.

        Raises:
            OSError: It cannot be moved.
        """
        kept = self._place(path.name, now)
        path.replace(kept.path)
        self._sync(kept)
        sync_folder(path.parent)
        return kept

    def copy(self, path: Path, now: datetime) -> RemovedText:
        """Keep a copy of a text that is about to be replaced.

        Raises:
            OSError: It cannot be copied.
        """
        kept = self._place(path.name, now)
        try:
            copying = kept.path.with_name(_COPYING)
            link_or_copy(path, copying)
            copying.replace(kept.path)
            self._sync(kept)
        except BaseException:
            self.drop(kept)
            raise
        return kept

    def give_back(self, text: RemovedText, path: Path) -> None:
        """Move a text to where it was; it replaces a file there.

        Raises:
            OSError: It cannot be moved.
        """
        text.path.replace(path)
        sync_folder(path.parent)
        self.drop(text)

    def drop(self, text: RemovedText) -> None:
        """Delete a text, if it is still here.

        Raises:
            OSError: It cannot be deleted.
        """
        shutil.rmtree(text.path.parent)
        if not any(self.folder.iterdir()):
            self.folder.rmdir()

    def purge(self, now: datetime, *, room: int, max_files: int) -> int:
        """Delete the texts that were removed too long ago, and the oldest that have no room.

        What a crash left behind is deleted, too.

        Args:
            now: The time.
            room: The largest size in bytes of all removed texts.
            max_files: Their largest number.

        Returns:
            How many were deleted.

        Raises:
            OSError: One cannot be deleted.
        """
        due = self.due(now, room=room, max_files=max_files)
        for text in due:
            self.drop(text)
        return sum(text.name != _COPYING for text in due)

    def due(self, now: datetime, *, room: int, max_files: int) -> list[RemovedText]:
        """Return the texts that `purge` deletes; the arguments are the same.

        Raises:
            OSError: One cannot be read.
        """
        held = self._held()
        left = set(self._folders()) - {text.path.parent for text in held}
        due = [RemovedText(int(folder.name), folder / _COPYING) for folder in left]
        for number, text in enumerate(held):
            room -= text.path.stat().st_size
            if _is_over(text, now) or room < 0 or number >= max_files:
                due.append(text)
        return due

    def _held(self) -> list[RemovedText]:
        """Return all texts, newest first."""
        folders = sorted(self._folders(), key=lambda one: int(one.name), reverse=True)
        return [
            RemovedText(int(folder.name), file)
            for folder in folders
            for file in folder.iterdir()
            if file.name != _COPYING
        ]

    def _folders(self) -> list[Path]:
        return [one for one in self.folder.glob("*") if one.name.isdecimal()]

    def _place(self, name: str, now: datetime) -> RemovedText:
        """Make the folder of a text that is removed now."""
        key = int(now.timestamp() * 1000)
        while (self.folder / str(key)).exists():
            key += 1
        (self.folder / str(key)).mkdir(parents=True)
        return RemovedText(key, self.folder / str(key) / name)

    def _sync(self, text: RemovedText) -> None:
        for folder in (text.path.parent, self.folder, self.folder.parent):
            sync_folder(folder)


def _is_over(text: RemovedText, now: datetime) -> bool:
    return now - text.removed_at > KEPT_FOR
