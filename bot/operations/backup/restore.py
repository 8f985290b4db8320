"""Replace a data folder and its database by a backup, completely or not at all.

Servers' texts go into the data folder with SQLite, and into the database with PostgreSQL, whose
bots fetch them from there.
"""

import asyncio
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from bot.config.free_space import free_bytes
from bot.config.settings import Settings
from bot.database import (
    SHARED_FOLDER,
    Content,
    StoredFile,
    database_file,
    exclusive_access,
    known_revisions,
    replace_content,
    snapshot,
    tables_at,
    was_restored,
)
from bot.errors import BackupError
from bot.operations.backup.archive import BackupReader
from bot.operations.backup.create import back_up
from bot.operations.backup.key_check import check_saved_key
from bot.operations.backup.manifest import KEY, Manifest, text_name
from bot.operations.backup.swap_journal import (
    Journal,
    Move,
    check_movable,
    forget_journal,
    forget_new_journal,
    read_journal,
    remove,
)
from bot.operations.locks.single_instance import lock_data_folder
from index import sync_file, sync_folder

_STAGING = "restoring-"

# The backup of the former content of PostgreSQL, in the folder of the former data.
_FORMER_CONTENT = "backup.zip"

# The files that SQLite may have beside a database.
_COMPANIONS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Attributes:
        manifest: What the backup holds.
        former: Where the former data is kept; empty if there was no data.
        shared: The folder for texts that all servers share; None if they are in the database.
    """

    manifest: Manifest
    former: tuple[Path, ...]
    shared: Path | None


def restore(settings: Settings, file: Path, *, force: bool = False) -> Restored:
    """Verify a backup, and replace the present data by it.

    If the process is killed, `finish_restore` completes or undoes the change, so that the data is
    either the former or the restored data.

    Args:
        settings: Name the data folder and the database.
        file: A backup by `back_up`, of this version or an older one, from any kind of database.
        force: Whether to replace existing data, which is kept aside.

    Raises:
        BackupError: The file cannot be restored, does not fit PEOPLE_KEY, or there is data; nothing
            was changed.
        AlreadyRunningError: A bot uses the folder or the database.
        DatabaseError: The database failed.
        OSError: A file cannot be read or written.
    """
    with BackupReader(file) as backup, lock_data_folder(replace(settings, shard_ids=None)):
        _check_schema(file, backup.manifest)
        check_saved_key(settings, backup)
        finish_restore(settings)
        return asyncio.run(_restore(settings, backup, force=force))


def finish_restore(settings: Settings) -> None:
    """Finish or undo an interrupted restore; the data folder must be locked.

    Raises:
        BackupError: Its journal is damaged.
        DatabaseError: PostgreSQL, whose commit decides, cannot be read.
        OSError: A file cannot be moved.
    """
    if read_journal(settings.data_dir) is not None:
        # Processes with other shards may start at the same time.
        with FileLock(settings.data_dir / "restoring.lock"):
            _finish(settings)
    _sweep(settings)


def _finish(settings: Settings) -> None:
    journal = read_journal(settings.data_dir)
    if journal is None:
        return
    database, mark = settings.database, journal.mark
    if journal.follows_database and not asyncio.run(was_restored(database, mark)):
        journal.undo(settings.data_dir)
    else:
        journal.finish(settings.data_dir)


def _sweep(settings: Settings) -> None:
    """Remove the staged files of a restore that was not committed."""
    forget_new_journal(settings.data_dir)
    file = database_file(settings.database)
    for leftover in settings.data_dir.glob(f"{_STAGING}*/"):
        remove(leftover)
    for leftover in file.parent.glob(f"{file.name}.{_STAGING}*") if file else ():
        remove(leftover)


def _check_schema(file: Path, manifest: Manifest) -> None:
    if manifest.schema not in known_revisions():
        raise BackupError(
            f"{file} was made by a newer version of Pullquote (schema {manifest.schema}); "
            "update Pullquote"
        )
    if set(manifest.tables) != set(tables_at(manifest.schema)):
        raise BackupError(
            f"{file} is not a complete backup: a table is missing; nothing was changed"
        )


async def _restore(settings: Settings, backup: BackupReader, *, force: bool) -> Restored:
    async with exclusive_access(settings.database):
        has_data = await _has_data(settings)
        if has_data and not force:
            raise BackupError(
                f"There is data in {settings.data_dir.absolute()} or its database; with --force it "
                "is replaced, and kept aside"
            )
        work = _RestoreRun(settings, backup)
        try:
            await work.prepare()
            await work.commit()
        except BaseException:
            work.discard()
            raise
        await work.apply()
    return Restored(backup.manifest, work.former_paths(), work.shared_texts)


async def _has_data(settings: Settings) -> bool:
    """Return whether there is data that a restore would replace."""
    data_dir, file = settings.data_dir, database_file(settings.database)
    if (data_dir / KEY).exists() or any(data_dir.glob("servers/*/texts/*")):
        return True
    if file is not None:
        return file.exists()
    async with snapshot(settings.database) as found:
        if found is None:
            return False
        if await found.folders():
            return True
        for table in found.tables:
            async for _ in found.rows(table):
                return True
    return False


class _RestoreRun:
    """One restore: stages the new data, commits by a journal, and makes the changes."""

    def __init__(self, settings: Settings, backup: BackupReader) -> None:
        self._settings = settings
        self._backup = backup
        self._data_dir = settings.data_dir.absolute()
        self._file = database_file(settings.database)
        # With PEOPLE_KEY set there is no file.
        self._restores_key = KEY in backup.manifest.files and settings.people_key is None
        self._mark = secrets.token_hex(8)
        self._staging = self._data_dir / f"{_STAGING}{self._mark}"
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        self.former = self._data_dir / f"former-{stamp}-{self._mark[:4]}"

    async def prepare(self) -> None:
        """Stage everything beside its place; nothing is changed yet."""
        for place in (KEY, "servers"):
            check_movable(self._data_dir / place)
        if self._file is not None:
            check_movable(self._file)
        self._check_room()
        self._staging.mkdir(parents=True)
        if self._file is not None:
            (self._staging / "servers").mkdir()
        for name in self._staged_names:
            self._stage(name)
        if self._staged_database is not None:
            self._staged_database.parent.mkdir(0o700, parents=True, exist_ok=True)
            self._staged_database.touch(0o600)
            await self._fill(f"sqlite:///{self._staged_database}")
            sync_file(self._staged_database)
            sync_folder(self._staged_database.parent)

    async def commit(self) -> None:
        """Write the journal; from now on a crash does not undo the changes.

        With PostgreSQL, its own commit in `apply` decides whether the files are replaced.
        """
        if self._file is None:
            await self._keep_former_content()
        moves = tuple(self._moves())
        Journal(self._mark, moves, str(self._staging), self._file is None).write(self._data_dir)

    async def apply(self) -> None:
        """Make the changes."""
        try:
            if self._file is None:
                await self._fill(self._settings.database)
        finally:
            await asyncio.to_thread(finish_restore, self._settings)

    def discard(self) -> None:
        """Delete the journal, then the staged files."""
        forget_journal(self._data_dir)
        _sweep(self._settings)

    def former_paths(self) -> tuple[Path, ...]:
        """Return where the former data is; empty if there was no data."""
        places = [self.former]
        if self._file is not None and self._file.parent != self._data_dir:
            places.append(self._former_beside(self._file))
        return tuple(place for place in places if place.exists())

    def _former_beside(self, file: Path) -> Path:
        """Return where a former database outside of the folder goes, on the same disk."""
        return file.with_name(f"{file.name}.{self.former.name}")

    @property
    def shared_texts(self) -> Path | None:
        """The folder for texts that all servers share; None with PostgreSQL."""
        return self._file and self._data_dir / text_name(SHARED_FOLDER, "texts")

    @property
    def _staged_names(self) -> list[str]:
        """The files of the backup that go into the data folder."""
        manifest = self._backup.manifest
        texts = manifest.texts if self._file is not None else []
        return [*texts, *([KEY] if self._restores_key else [])]

    @property
    def _staged_database(self) -> Path | None:
        """The staged file of SQLite; None for PostgreSQL."""
        return self._file and self._file.with_name(f"{self._file.name}.{_STAGING}{self._mark}")

    def _check_room(self) -> None:
        manifest = self._backup.manifest
        staged = self._staged_names if self._file is None else manifest.files
        needed = sum(manifest.files[name][0] for name in staged)
        free = free_bytes(self._data_dir)
        if needed > free:
            raise BackupError(
                f"The backup unpacks to {needed / 2**20:,.0f} MB, and the disk of "
                f"{self._data_dir} has room for {free / 2**20:,.0f} MB; make room on it"
            )

    def _stage(self, name: str) -> None:
        path = self._staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o600 if name == KEY else 0o666
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as stream:
            for chunk in self._backup.chunks(name):
                stream.write(chunk)
        sync_file(path)
        sync_folder(path.parent)

    def _moves(self) -> list[Move]:
        data_dir, former, staging = self._data_dir, self.former, self._staging
        key = str(staging / KEY) if self._restores_key else None
        servers = str(staging / "servers") if self._file is not None else None
        moves = [
            Move(str(data_dir / KEY), str(former / KEY), key),
            Move(str(data_dir / "servers"), str(former / "servers"), servers),
        ]
        if self._file is not None:
            file = self._file
            old = former if file.parent == data_dir else self._former_beside(file)
            for name in (f"{file.name}{end}" for end in _COMPANIONS):
                moves.append(Move(str(file.with_name(name)), str(old / name)))
            moves.append(Move(str(file), str(old / file.name), str(self._staged_database)))
        elif (staging / _FORMER_CONTENT).exists():
            kept = former / _FORMER_CONTENT  # nothing is there yet
            moves.append(Move(str(kept), f"{kept}.former", str(staging / _FORMER_CONTENT)))
        return moves

    async def _keep_former_content(self) -> None:
        """Dump the former rows and texts of PostgreSQL, which has no files to move."""
        async with snapshot(self._settings.database) as found:
            if found is None:
                return
        file = self._staging / _FORMER_CONTENT
        await asyncio.to_thread(back_up, self._settings, file, needs_key=False)

    async def _fill(self, url: str) -> None:
        manifest = self._backup.manifest
        content = Content(manifest.schema, manifest.counters, self._backup.lines, self._mark)
        try:
            if self._file is None:
                content = replace(content, files=_files(manifest), chunks=self._chunks)
            await replace_content(url, content)
        except ValueError as error:
            raise BackupError(f"The backup cannot be restored: {error}") from error

    def _chunks(self, guild_id: int, path: str) -> Iterable[bytes]:
        return self._backup.chunks(text_name(guild_id, path))


def _files(manifest: Manifest) -> dict[int, dict[str, StoredFile]]:
    """Return the files that PostgreSQL stores of a backup.

    Raises:
        ValueError: The folder of a server is not named by its id.
    """
    return {
        guild_id: {path: StoredFile(digest, size) for path, (size, digest) in entries.items()}
        for guild_id, entries in manifest.servers.items()
    }
