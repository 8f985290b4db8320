"""Keep the files of a folder of this machine the same as those in the database.

DATA_DIR/servers/ID/
    texts/, removed/   the files
    stored.json        the version in the database that they are a copy of
    aside-*/           files that were here when the database had others, for some days
    incoming-*/        a file that is being fetched; temporary
"""

import asyncio
import contextlib
import errno
import hashlib
import logging
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from bot.database import CHUNK_BYTES, FileStore, FolderChangedError, StoredFile
from bot.indexing.notes import read_note, write_note
from index import sync_file, sync_folder

logger = logging.getLogger(__name__)

_PARTS = ("texts", "removed")
# The beginning of the names of folders that are being deleted.
_DELETED = ".deleted-"

# The same of folders that are kept for some days.
_ASIDE = ".aside-"

# As long as removed texts are kept.
_ASIDE_KEPT_S = 7 * 24 * 3600.0

# The note of what a folder is a copy of.
NOTE_NAME = "stored.json"


@dataclass(frozen=True, slots=True)
class _Copy:
    """A file as it was copied; it is not hashed again while its size and time stay the same."""

    digest: str
    size: int
    mtime_ns: int

    @property
    def stored(self) -> StoredFile:
        """The file in the database."""
        return StoredFile(self.digest, self.size)


@dataclass(frozen=True, slots=True)
class _State:
    """What a folder is a copy of.

    Attributes:
        database: Identifies the database.
        version: The version of the folder there; None if it has none yet.
        is_done: Whether the files are those of the version, and are indexed.
        files: The files of the version, by path.
    """

    database: str
    version: int | None
    is_done: bool
    files: Mapping[str, _Copy]


class StoredFolder:
    """The folder of a server on this machine; only one task at a time may change it."""

    def __init__(
        self, store: FileStore, folder: Path, guild_id: int, *, imports: bool = False
    ) -> None:
        """Use a folder, which may not exist yet.

        Args:
            store: The files in the database.
            folder: The folder on this machine.
            guild_id: The server; 0 for the shared texts.
            imports: Whether files that were here before the database had any are stored there.
        """
        self._store = store
        self._folder = folder
        self._guild_id = guild_id
        self._imports = imports

    async def is_current(self, version: int | None) -> bool:
        """Return whether the folder is a copy of a version; None if the database has none.

        Raises:
            DatabaseError: The database failed.
        """
        state = await self._state()
        if state is None or version is None:
            return state is None and version is None
        return state.version == version and state.is_done

    async def pull(self) -> bool:
        """Make the folder what the database has; return whether its files are to be indexed.

        An interrupted change of this machine is undone. A folder that another process has deleted
        is deleted. Other files from before are moved aside.

        Raises:
            FolderChangedError: Another process stored files meanwhile; to be tried again.
            DatabaseError: The database failed; the folder may lie between two versions.
            OSError: The folder cannot be changed.
        """
        state = await self._state()
        stored = await self._store.folder(self._guild_id)
        if stored is None and state is not None:
            await asyncio.to_thread(remove_folder, self._folder)
            return True
        here = await asyncio.to_thread(self._scan, state)
        if stored is None and here:
            if self._imports:
                await self._store_files(None, here)
            else:
                await asyncio.to_thread(self._move_aside)
        if stored is None:
            return bool(here)
        wanted = {path: file for path, file in stored.files.items() if is_safe(path)}
        if state is None and here and here != wanted:
            await asyncio.to_thread(self._move_aside)
            here = {}
        differing = [path for path, file in wanted.items() if here.get(path) != file]
        gone = here.keys() - wanted.keys()
        is_done = state is not None and state.is_done and not differing and not gone
        if not is_done:
            await self.begin_change()
            await asyncio.to_thread(self._remove, gone)  # a file may give its name to a folder
            for path in differing:
                await self._fetch(path, wanted[path], stored.version)
        await self._note(stored.version, wanted, is_done=is_done)
        return not is_done

    async def finish(self) -> None:
        """Note that the files that `pull` brought are indexed.

        Raises:
            DatabaseError: The database failed.
            OSError: The note cannot be written.
        """
        state = await self._state()
        if state is not None:
            await asyncio.to_thread(self._write_state, replace(state, is_done=True))

    async def release(self) -> None:
        """Delete the folder, because another machine serves the server.

        One that is no copy is stored first, if that is to be; otherwise it is kept aside.

        Raises:
            FolderChangedError: Another process stored files meanwhile.
            DatabaseError: The database failed; the folder stays.
            OSError: It cannot be read or deleted.
        """
        if await self._state() is not None:
            await asyncio.to_thread(remove_folder, self._folder)
            return
        here = await asyncio.to_thread(self._scan, None)
        is_stored = await self._store.folder(self._guild_id) is not None
        if here and self._imports and not is_stored:
            await self._store_files(None, here)
            await asyncio.to_thread(remove_folder, self._folder)
        else:
            await asyncio.to_thread(set_aside, self._folder)

    async def begin_change(self) -> None:
        """Note that the files will be changed: `pull` undoes what `push` has not stored.

        Raises:
            DatabaseError: The database failed.
            OSError: The note cannot be written.
        """
        state = await self._state() or _State(await self._store.identity(), None, False, {})
        await asyncio.to_thread(self._write_state, replace(state, is_done=False))

    async def push(self) -> None:
        """Store the files as they are, which are indexed.

        Raises:
            FolderChangedError: Another process has stored others since the last `pull`.
            DatabaseError: The database failed; nothing was stored.
            OSError: A file cannot be read.
        """
        state = await self._state()
        here = await asyncio.to_thread(self._scan, state)
        known = {path: copy.stored for path, copy in state.files.items()} if state else {}
        if here == known:
            await self.finish()
        else:
            await self._store_files(state.version if state else None, here)

    async def _store_files(self, former: int | None, files: Mapping[str, StoredFile]) -> None:
        version = await self._store.replace(
            self._guild_id, former, files, lambda path: read_chunks(self._folder / path)
        )
        await self._note(version, files, is_done=True)

    async def _fetch(self, path: str, file: StoredFile, version: int) -> None:
        """Write a file of a version in the database; complete, or not at all."""
        target = self._folder / path
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="incoming-", dir=self._folder) as folder:
            incoming = Path(folder) / "file"
            digest = hashlib.sha256()
            with incoming.open("wb") as stream:
                async for chunk in self._store.chunks(self._guild_id, file.digest):
                    digest.update(chunk)
                    await asyncio.to_thread(stream.write, chunk)
            if digest.hexdigest() != file.digest:
                if (await self._store.versions(self._guild_id)).get(self._guild_id) == version:
                    raise OSError(errno.EIO, "its bytes in the database are damaged", path)
                raise FolderChangedError
            await asyncio.to_thread(_put_in_place, incoming, target)

    async def _state(self) -> _State | None:
        """Return what the folder is a copy of; None if not of this database."""
        state = await asyncio.to_thread(_read_state, self._folder)
        return state if state and state.database == await self._store.identity() else None

    async def _note(self, version: int, files: Mapping[str, StoredFile], *, is_done: bool) -> None:
        """Note that the folder is a copy of a version."""
        database = await self._store.identity()

        def note() -> None:
            times = {path: (self._folder / path).stat().st_mtime_ns for path in files}
            copies = {
                path: _Copy(file.digest, file.size, times[path]) for path, file in files.items()
            }
            self._write_state(_State(database, version, is_done, copies))

        await asyncio.to_thread(note)

    def _scan(self, state: _State | None) -> dict[str, StoredFile]:
        return scan_files(self._folder, state.files if state else {})

    def _move_aside(self) -> None:
        aside = Path(tempfile.mkdtemp(prefix="aside-", dir=self._folder))
        for part in _PARTS:
            if (self._folder / part).exists():
                (self._folder / part).replace(aside / part)
        logger.warning(
            "The database has other texts of server %d than this machine had; these are in %s now",
            self._guild_id,
            aside,
        )

    def _remove(self, paths: Iterable[str]) -> None:
        """Delete files, and the folders that are empty then."""
        for path in paths:
            file = self._folder / path
            file.unlink()
            for folder in file.relative_to(self._folder).parents:
                if len(folder.parts) > 1 and not any((self._folder / folder).iterdir()):
                    (self._folder / folder).rmdir()

    def _write_state(self, state: _State) -> None:
        noted = asdict(state)
        noted["files"] = {path: list(copy.values()) for path, copy in noted["files"].items()}
        write_note(self._folder / NOTE_NAME, noted)


def scan_files(
    folder: Path, known: Mapping[str, _Copy] = MappingProxyType({})
) -> dict[str, StoredFile]:
    """Return the files of a server that are in its folder, by path; hidden ones are being written.

    Args:
        folder: The folder.
        known: Files that are not hashed again if their size and time of change are the same.

    Raises:
        OSError: A file cannot be read.
    """
    found = {}
    for part in _PARTS:
        for path in sorted((folder / part).rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file() or not is_safe(name):
                continue
            status = path.stat()
            copy = known.get(name)
            if copy and (copy.size, copy.mtime_ns) == (status.st_size, status.st_mtime_ns):
                found[name] = copy.stored
            else:
                with path.open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
                found[name] = StoredFile(digest, status.st_size)
    return found


def was_interrupted(folder: Path) -> bool:
    """Return whether a change or a fetch of the files in a folder has not ended."""
    state = _read_state(folder)
    return state is not None and not state.is_done


def remove_folder(folder: Path) -> None:
    """Delete the folder of a server, which is gone at once for everybody.

    Raises:
        OSError: It cannot be deleted; what is left is removed by `remove_leftovers`.
    """
    gone = folder.with_name(f"{_DELETED}{folder.name}-{secrets.token_hex(4)}")
    with contextlib.suppress(FileNotFoundError):  # another task was faster
        folder.replace(gone)
        shutil.rmtree(gone)


def set_aside(folder: Path) -> None:
    """Keep the folder of a server aside for some days.

    Raises:
        OSError: It cannot be renamed.
    """
    aside = folder.with_name(f"{_ASIDE}{folder.name}-{secrets.token_hex(4)}")
    folder.replace(aside)
    aside.touch()
    logger.warning("The database has other texts than %s had; these are in %s now", folder, aside)


def remove_leftovers(servers: Path) -> None:
    """Delete what was left of deleted folders, and what was set aside some days ago.

    Args:
        servers: The folder of the servers' folders.

    Raises:
        OSError: Something cannot be deleted.
    """
    for folder in servers.glob(f"{_DELETED}*"):
        shutil.rmtree(folder)
    for folder in (*servers.glob("*/aside-*"), *servers.glob(f"{_ASIDE}*")):
        if time.time() - folder.stat().st_mtime > _ASIDE_KEPT_S:
            shutil.rmtree(folder)


def is_safe(path: str) -> bool:
    """Return whether a file of this path lies in one of the folders of files, and is not hidden."""
    parts = PurePosixPath(path).parts
    plain = all(part != ".." and not part.startswith(".") for part in parts)
    return len(parts) > 1 and parts[0] in _PARTS and plain


def read_chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, in the chunks that the database stores."""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def _put_in_place(incoming: Path, target: Path) -> None:
    sync_file(incoming)
    incoming.replace(target)
    sync_folder(target.parent)


def _read_state(folder: Path) -> _State | None:
    """Return the note of what a folder is a copy of; None without one that can be read."""
    match read_note(folder / NOTE_NAME):
        case {
            "database": str(database),
            "version": int() | None as version,
            "is_done": bool(is_done),
            "files": dict(files),
        }:
            with contextlib.suppress(TypeError):  # of another shape
                copies = {path: _Copy(*copy) for path, copy in files.items()}
                return _State(database, version, is_done, copies)
    return None
