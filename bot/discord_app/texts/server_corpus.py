"""The texts of one server: files that its admins brought, and the index that is built from them.

DATA_DIR/servers/ID/
    texts/          the files
    index/          the index of the files; missing if there is no text
    stored.json     with PostgreSQL: what the files are a copy of; see `stored_folder`
    removed/        files that were removed or replaced, for some days; see `removed_texts`
    incoming-*/     files that are being added; temporary
"""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.config.settings import FolderSettings, Settings
from bot.database import FolderChangedError
from bot.discord_app.texts import strings
from bot.discord_app.texts.removed_texts import RemovedText, RemovedTexts
from bot.errors import DatabaseError, TextRefusedError
from bot.indexing.build import build
from index import (
    BuildReport,
    CorpusReadError,
    EmptyCorpusError,
    PassageIndexError,
    Progress,
    check_readable,
    link_or_copy,
    sync_file,
    sync_folder,
)

# Every build checks all files.
_MAX_FILES = 500

# All files together may be this many times the size of the largest file.
_MAX_LARGEST_FILES = 4

_INCOMING = "incoming-"

# Older folders were left by a crash: Discord lets a command take 15 minutes.
_LEFT_BEHIND_S = 3600.0

_BYTES_PER_MB = 1024 * 1024


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _store_nowhere() -> None:
    """Do nothing: without PostgreSQL the folder is all there is."""


@dataclass(frozen=True, slots=True)
class ServerCorpus:
    """The own texts of one server; only one thread at a time may change them.

    Attributes:
        folder: The folder of the server.
        settings: The settings of this run.
        store: Called after a change; if it raises an error, the change is undone.
        now: Returns the time, with its time zone; for tests.
    """

    folder: Path
    settings: Settings
    store: Callable[[], None] = _store_nowhere
    now: Callable[[], datetime] = _utc_now

    @property
    def texts_dir(self) -> Path:
        """The folder of the files."""
        return self.folder / "texts"

    @property
    def index_dir(self) -> Path:
        """The folder of the index."""
        return self.folder / "index"

    @property
    def removed(self) -> RemovedTexts:
        """The files that were removed or replaced."""
        return RemovedTexts(self.folder / "removed")

    def names(self) -> list[str]:
        """Return the names of the files, in order."""
        try:
            entries = list(self.texts_dir.iterdir())
        except FileNotFoundError:
            return []
        return sorted(entry.name for entry in entries if _is_text(entry))

    def content(self, name: str, max_bytes: int) -> bytes | None:
        """Return the bytes of a text, at most one more than a number; None if it does not exist.

        Raises:
            OSError: It cannot be read.
        """
        if name not in self.names():
            return None
        with (self.texts_dir / name).open("rb") as stream:
            return stream.read(max_bytes + 1)

    def check_room(self, name: str, size: int) -> None:
        """Check that there is room for a text of a size in bytes under a name.

        Raises:
            TextRefusedError: It is too large, or there are too many.
        """
        limit = self.settings.max_file_mb
        if size > limit * _BYTES_PER_MB:
            raise TextRefusedError(strings.TOO_LARGE, limit=limit)
        others = [other for other in self.names() if other != name]
        if len(others) >= _MAX_FILES:
            raise TextRefusedError(strings.TOO_MANY, limit=_MAX_FILES)
        total = size + sum((self.texts_dir / other).stat().st_size for other in others)
        if total > _MAX_LARGEST_FILES * limit * _BYTES_PER_MB:
            raise TextRefusedError(strings.NO_ROOM, limit=_MAX_LARGEST_FILES * limit)

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """Make a temporary folder for files that are added."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_INCOMING, dir=self.folder) as folder:
            yield Path(folder)

    def catch_up(self, progress: Progress) -> None:
        """Bring the index up to date after a crash or an update of this program, if need be.

        Raises:
            PassageIndexError: The index could not be built.
        """
        for leftover in self.folder.glob(f"{_INCOMING}*"):
            if time.time() - leftover.stat().st_mtime > _LEFT_BEHIND_S:
                shutil.rmtree(leftover, ignore_errors=True)
        self.rebuild(progress, thorough=False)

    def add(self, uploaded: Path, progress: Progress) -> BuildReport:
        """Add a file and build the index; nothing changes if that fails.

        A text of the same name is kept among the removed ones.

        Args:
            uploaded: The file, alone in a folder of `incoming`; it is moved.
            progress: Shows how far the build is.

        Raises:
            TextRefusedError: The file cannot be read.
            PassageIndexError: The index could not be built.
            OSError: The file cannot be put into the folder.
        """
        self._check_readable(uploaded)
        self.texts_dir.mkdir(exist_ok=True)
        path = self.texts_dir / uploaded.name
        sync_file(uploaded)
        former = self.removed.copy(path, self.now()) if path.exists() else None
        try:
            uploaded.replace(path)
            sync_folder(self.texts_dir)
            report = self._build(progress)
        except BaseException:
            self._put_back(path, former)
            raise
        reasons = {file.source: file.reason for file in report.skipped}
        if path.name in reasons:  # it was readable before
            self._put_back(path, former)
            self.rebuild(progress)
            raise _unreadable(path.name, reasons[path.name])
        self.purge_removed()
        self._store_or_undo(partial(self._put_back, path, former), progress)
        return report

    def remove(self, name: str, progress: Progress) -> BuildReport | None:
        """Remove a text and build the index without it; the text stays if that fails.

        It is kept among the removed texts.

        Returns:
            The report of the build; None if that was the last text and the index was removed.

        Raises:
            TextRefusedError: There is no such text.
            PassageIndexError: The index could not be built.
            OSError: The file cannot be removed.
        """
        if name not in self.names():
            raise TextRefusedError(strings.NO_SUCH_TEXT, name=name)
        path = self.texts_dir / name
        former = self.removed.take(path, self.now())
        try:
            report = self.rebuild(progress)
        except BaseException:
            self.removed.give_back(former, path)
            raise
        self.purge_removed()
        self._store_or_undo(partial(self.removed.give_back, former, path), progress)
        return report

    def restore(self, text: RemovedText, name: str, progress: Progress) -> BuildReport:
        """Add a removed text again and build the index; nothing changes if that fails.

        Args:
            text: The text.
            name: The name that it gets.
            progress: Shows how far the build is.

        Raises:
            TextRefusedError: The file cannot be read.
            PassageIndexError: The index could not be built.
            OSError: The file cannot be put into the folder.
        """
        with self.incoming() as folder:
            link_or_copy(text.path, folder / name)
            report = self.add(folder / name, progress)
        if text.path.exists():
            self.removed.drop(text)
            with contextlib.suppress(DatabaseError, FolderChangedError):  # then it stays there
                self.store()
        return report

    def has_to_purge(self) -> bool:
        """Return whether there are removed texts that `purge_removed` deletes.

        Raises:
            OSError: They cannot be read.
        """
        return bool(self.removed.due(self.now(), room=self._room, max_files=_MAX_FILES))

    def purge_removed(self) -> None:
        """Delete the removed texts that are too old, and the oldest that have no room.

        They have as much room as the texts, and do not take it from those.

        Raises:
            OSError: One cannot be deleted.
        """
        self.removed.purge(self.now(), room=self._room, max_files=_MAX_FILES)

    @property
    def _room(self) -> int:
        """The largest size in bytes of all texts, and of all removed ones."""
        return _MAX_LARGEST_FILES * self.settings.max_file_mb * _BYTES_PER_MB

    def rebuild(self, progress: Progress, *, thorough: bool = True) -> BuildReport | None:
        """Bring the index up to date; remove it if there is no text that can be read.

        Args:
            progress: Shows how far the build is.
            thorough: Whether to verify every byte of the published index.

        Returns:
            What the build did; None if there is no text.

        Raises:
            PassageIndexError: The index could not be built.
        """
        try:
            return self._build(progress, thorough=thorough)
        except EmptyCorpusError:
            self._remove_index()
            return None

    def _build(self, progress: Progress, *, thorough: bool = True) -> BuildReport:
        own = FolderSettings.of(self.settings, self.folder)
        # The encoder reads the texts in the background, so that they answer at once by words.
        return build(own, progress, thorough=thorough, within_s=0)

    def _store_or_undo(self, undo: Callable[[], None], progress: Progress) -> None:
        """Store a change that is indexed; if that fails, undo it and index the former texts."""
        try:
            self.store()
        except BaseException:
            undo()
            with contextlib.suppress(PassageIndexError):  # the index is built again at a start
                self.rebuild(progress)
            raise

    def _check_readable(self, uploaded: Path) -> None:
        """Check that a build can read a file, before the file is added."""
        try:
            check_readable(uploaded, self.settings.max_file_mb)
        except CorpusReadError as error:
            raise _unreadable(uploaded.name, error.reason) from error

    def _put_back(self, path: Path, former: RemovedText | None) -> None:
        if former is not None:
            self.removed.give_back(former, path)
        else:
            path.unlink(missing_ok=True)

    def _remove_index(self) -> None:
        """Make the index unavailable at once, then remove its files."""
        if not self.index_dir.exists():
            return
        with self.incoming() as aside:
            self.index_dir.replace(aside / "index")


def _unreadable(name: str, reason: str) -> TextRefusedError:
    return TextRefusedError(strings.UNREADABLE, name=name, reason=reason)


def _is_text(entry: Path) -> bool:
    return not entry.name.startswith(".") and entry.is_file() and not entry.is_symlink()
