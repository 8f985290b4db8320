"""The texts of this process's servers: held while they change, indexed, the same on all machines.

With PostgreSQL the files of servers are in the database, and their folders are copies: a change
holds them on all machines, begins with the newest version, and is undone unless it can be stored.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

from bot.database import SHARED_FOLDER, FolderChangedError, FolderInUseError
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.errors import DatabaseError
from bot.indexing.build import BuildProgress, BuildStoppedError, build
from bot.indexing.notes import read_note, write_note
from bot.indexing.shared_texts import follows_database
from bot.indexing.stored_folder import StoredFolder, remove_leftovers, was_interrupted
from bot.indexing.worker_threads import run_in_worker_thread
from index import PassageIndexError, Progress, RebuildRunningError, manifest_stamp

logger = logging.getLogger(__name__)

T = TypeVar("T")

# The key of the texts that all servers share; other keys are ids of servers.
SHARED = SHARED_FOLDER

# More builds wait, because questions need the processor at the same time.
_MAX_BUILDS = 2

# Each takes a connection to the database; the pool has 15.
_MAX_PULLS = 4

# The database fails for everything, not for one server alone.
_MAX_FAILURES = 3

# Two processes that store files of one server at once need some milliseconds each.
_AGAIN_AFTER_S = 1.0

# What may happen to the files of a server without a mistake of this program.
_EXPECTED = (
    PassageIndexError,
    DatabaseError,
    OSError,
    BuildStoppedError,
    FolderInUseError,
    FolderChangedError,
)


class ServerTexts:
    """Indexes the texts of the servers of this process, one change of a server at a time.

    Attributes:
        caught_up: Set once `catch_up` has ended.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._busy: set[int] = set()
        self._builds: set[BuildProgress] = set()
        self._slots = asyncio.Semaphore(_MAX_BUILDS)
        self._pulls = asyncio.Semaphore(_MAX_PULLS)
        self._following: dict[int | None, asyncio.Task[None]] = {}
        self._again: set[int | None] = set()
        self._failed: set[int] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.caught_up = asyncio.Event()

    def own(self, guild_id: int) -> ServerCorpus:
        """Return a server's own texts; a change of them is stored before it counts as made."""
        folder = self._runtime.server_indexes.server_dir(guild_id)

        def store() -> None:
            assert self._loop is not None  # noqa: S101  # `held` has set it
            asyncio.run_coroutine_threadsafe(self.store(guild_id), self._loop).result()

        return ServerCorpus(folder, self._runtime.settings, store)

    def is_busy(self, key: int) -> bool:
        """Return whether this process is changing the texts of a server, or the shared ones."""
        return key in self._busy

    @asynccontextmanager
    async def held(self, key: int) -> AsyncIterator[None]:
        """Hold the newest version of a server's texts, also on other machines.

        A change of the files within the context is undone at its end unless it was stored.

        Args:
            key: A server's id, or SHARED.

        Raises:
            FolderInUseError: Another change, or another process, holds them.
            FolderChangedError: Another process has changed them just now.
            DatabaseError: The database failed.
            PassageIndexError: The newest version cannot be indexed.
            OSError: The folder cannot be changed.
        """
        if key in self._busy:
            raise FolderInUseError
        self._loop = asyncio.get_running_loop()
        self._busy.add(key)
        try:
            if not self._are_stored or not self._is_followed(key):
                yield
                return
            async with self._runtime.database.folder_lock(key):
                await self.pull(key, imports=key != SHARED and await self._imports(key))
                await self._stored(key).begin_change()
                try:
                    yield
                finally:
                    with contextlib.suppress(*_EXPECTED):  # the next look at everything does it
                        await self.pull(key)
        finally:
            self._busy.discard(key)

    async def store(self, key: int) -> None:
        """Store the files of a server that is held, as they are now.

        Raises:
            FolderChangedError: Another process has changed them.
            DatabaseError: The database failed.
            OSError: A file cannot be read.
        """
        if self._are_stored and key != SHARED:
            await self._stored(key).push()

    async def fetch(self, key: int) -> bool:
        """Take over the files of a server that are in the database; return whether any changed.

        Raises:
            FolderChangedError: They are being changed.
            DatabaseError: The database failed.
            OSError: The folder cannot be changed.
        """
        return await self._stored(key).pull()

    async def pull(self, key: int, *, imports: bool = False) -> None:
        """Take over the files of a server that are in the database, and index them.

        Args:
            key: A server's id, or SHARED.
            imports: Whether files that the database has never had are stored there.

        Raises:
            FolderChangedError: They are being changed.
            DatabaseError: The database failed.
            PassageIndexError: They cannot be indexed.
            BuildStoppedError: The process ends.
            OSError: The folder cannot be changed.
        """
        async with self._pulls:
            is_new = await self._stored(key, imports=imports).pull()
        if not is_new:
            return
        if key == SHARED:
            settings = self._runtime.settings
            report = await self.build(partial(build, settings, thorough=False, within_s=0))
            if not report.unchanged:
                logger.info("The shared texts are those of the database now")
        elif self._runtime.server_indexes.server_dir(key).exists():
            await self.build(self.own(key).rebuild)
            logger.info("The texts of server %d are those of the database now", key)
        else:
            self._runtime.server_indexes.forget(key)
            logger.info("The texts of server %d were deleted in the database", key)
            return
        await self._stored(key).finish()

    async def build(self, work: Callable[[Progress], T]) -> T:
        """Do some blocking work once there is a slot for it, and return its result."""
        with self.progress() as progress:
            return await self.in_slot(partial(work, progress))

    async def in_slot(self, work: Callable[[], T]) -> T:
        """Do some blocking work in a thread once there is a slot for it, and return its result."""
        async with self._slots:
            return await run_in_worker_thread(work)

    @contextmanager
    def progress(self) -> Iterator[BuildProgress]:
        """Yield the progress of a build; the build is stopped when the context ends."""
        progress = BuildProgress()
        self._builds.add(progress)
        try:
            yield progress
        finally:
            progress.stop()
            self._builds.discard(progress)

    async def catch_up(self) -> None:
        """Bring the texts and indexes of the servers of this process up to date, at the start.

        Without the database those that are here answer, until it is back.
        """
        if self._are_stored:
            with contextlib.suppress(DatabaseError):
                await self._look()
        left = list(filter(self._runtime.settings.serves, await self._here()))
        while left:
            busy = []
            for key in await self._in_order(left):
                if key in self._busy:
                    busy.append(key)
                else:
                    await self._index(key)
            left = busy
            if left:
                await asyncio.sleep(_AGAIN_AFTER_S)
        self.caught_up.set()

    async def purge_removed(self) -> None:
        """Delete the servers' removed texts that are too old; what cannot be deleted is logged."""
        servers = self._runtime.server_indexes.server_dir(SHARED).parent
        try:
            await asyncio.to_thread(remove_leftovers, servers)
        except OSError as error:
            logger.warning("What was left of deleted servers stays for now: %s", error)
        for key in filter(self._runtime.settings.serves, await self._here()):
            try:
                await self._purge(key)
            except DatabaseError as error:
                logger.warning("Texts that were removed longer ago stay for now: %s", error)
                return
            except _EXPECTED as error:
                logger.warning("The removed texts of server %d stay for now: %s", key, error)

    def follow(self, key: int | None) -> None:
        """Take over soon what another process has stored; None for all servers."""
        if key in self._following:
            self._again.add(key)
            return
        task = asyncio.create_task(self._follow(key))
        self._following[key] = task
        task.add_done_callback(lambda _: self._following.pop(key))

    def stop(self) -> None:
        """End the builds that are running."""
        for progress in self._builds:
            progress.stop()
        for task in self._following.values():
            task.cancel()

    @property
    def _are_stored(self) -> bool:
        """Whether the files of servers are in the database."""
        return self._runtime.database.holds_files

    def _stored(self, key: int, *, imports: bool = False) -> StoredFolder:
        folder = self._runtime.server_indexes.server_dir(key)
        return StoredFolder(self._runtime.database.files, folder, key, imports=imports)

    def _is_followed(self, key: int) -> bool:
        """Return whether texts are taken from the database; shared ones may be in a cluster."""
        return key != SHARED or follows_database(self._runtime.settings)

    async def _here(self) -> list[int]:
        """Return the servers that have a folder here."""
        return await asyncio.to_thread(self._runtime.server_indexes.guild_ids)

    async def _in_order(self, keys: Iterable[int]) -> Iterator[int]:
        """Return servers; those without an index first, and of these those that are asked."""
        index_dir = self._runtime.server_indexes.index_dir

        def divide() -> tuple[list[int], list[int]]:
            indexed = {key: manifest_stamp(index_dir(key)) is not None for key in keys}
            return [key for key in indexed if not indexed[key]], list(filter(indexed.get, indexed))

        unindexed, indexed = await asyncio.to_thread(divide)
        return chain(self._runtime.pending_indexes.each(unindexed), indexed)

    async def _purge(self, key: int) -> None:
        own = self.own(key)
        if await asyncio.to_thread(own.has_to_purge):
            # A change, of this process or another, deletes them itself.
            with contextlib.suppress(FolderInUseError, FolderChangedError):
                async with self.held(key):
                    await asyncio.to_thread(own.purge_removed)
                    await self.store(key)

    async def _index(self, key: int) -> None:
        """Bring the index of a server's texts up to date."""
        self._busy.add(key)
        try:
            # A change that was interrupted is undone once the database is back.
            if not await asyncio.to_thread(
                was_interrupted, self._runtime.server_indexes.server_dir(key)
            ):
                await self.build(self.own(key).catch_up)
        except (PassageIndexError, OSError, BuildStoppedError) as error:
            logger.warning("The own texts of server %d stay as they are: %s", key, error)
        finally:
            self._busy.discard(key)

    async def _follow(self, key: int | None) -> None:
        """Take over what is stored of a server, or of all, until nothing is new."""
        while True:
            self._again.discard(key)
            try:
                if key is None:
                    await self._look()
                elif not await self._take_over(key):
                    self._again.add(key)
                    await asyncio.sleep(_AGAIN_AFTER_S)
            except DatabaseError:  # it is logged elsewhere; then everything is looked at again
                return
            if key not in self._again:
                return

    async def _look(self) -> None:
        """Take over what is stored of all servers, and follow those again that are changing.

        Raises:
            DatabaseError: The database failed, for several servers.
        """
        versions = await self._runtime.database.files.versions()
        keys = list(filter(self._is_followed, {SHARED, *versions, *await self._here()}))
        busy, n_failures = set[int](), 0
        for key in await self._in_order(sorted(keys)):
            try:
                if not await self._take_over(key, versions):
                    busy.add(key)
                n_failures = 0
            except DatabaseError as error:
                self._note_failure(key, error)
                n_failures += 1
                if n_failures == _MAX_FAILURES:
                    raise
        await self._note_imports(busy | self._failed)
        for key in busy:
            self.follow(key)

    async def _take_over(self, key: int, versions: Mapping[int, int] | None = None) -> bool:
        """Take over the files of a server that this process serves; give up those of others.

        Args:
            key: A server's id, or SHARED.
            versions: The versions in the database; None to ask for this one.

        Returns:
            Whether that was possible now; otherwise the files are being changed.

        Raises:
            DatabaseError: The database failed.
        """
        is_ours = key == SHARED or self._runtime.settings.serves(key)
        is_here = await asyncio.to_thread(self._runtime.server_indexes.server_dir(key).exists)
        if not self._is_followed(key) or not (is_ours or is_here):
            return True
        if key in self._busy:
            return False
        self._busy.add(key)
        try:
            if versions is None:
                versions = await self._runtime.database.files.versions(key)
            imports = key != SHARED and await self._imports(key)
            stored = self._stored(key, imports=imports)
            if not is_ours:
                await stored.release()
                self._runtime.server_indexes.forget(key)
            elif imports or not await stored.is_current(versions.get(key)):
                await self.pull(key, imports=imports)
        except (FolderChangedError, RebuildRunningError):
            return False
        except (PassageIndexError, OSError, BuildStoppedError) as error:
            self._note_failure(key, error)
        else:
            self._failed.discard(key)
        finally:
            self._busy.discard(key)
        return True

    def _note_failure(self, key: int, error: Exception) -> None:
        """Log once why a server's texts are not followed; it is tried again every minute."""
        if key not in self._failed:
            logger.warning("The texts of server %d stay as they are: %s", key, error)
        self._failed.add(key)

    async def _imports(self, key: int) -> bool:
        """Return whether texts of a server may be from before the database had any."""
        noted = await asyncio.to_thread(read_note, self._import_note)
        match noted:
            case {"database": database, "left": list(left)}:
                identity = await self._runtime.database.files.identity()
                return database != identity or key in left
        return True

    async def _note_imports(self, left: set[int]) -> None:
        """Note that what this machine had is in the database now, but for some servers."""
        identity = await self._runtime.database.files.identity()
        note = {"database": identity, "left": sorted(left)}
        try:
            if await asyncio.to_thread(read_note, self._import_note) != note:
                await asyncio.to_thread(write_note, self._import_note, note)
        except OSError as error:
            logger.warning("%s cannot be written: %s", self._import_note, error)

    @property
    def _import_note(self) -> Path:
        return self._runtime.settings.data_dir / "imported.json"
