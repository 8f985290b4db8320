"""The texts of this process's servers: held while they change, indexed, the same on all machines.

With PostgreSQL the files of servers are in the database, and their folders are copies: a change
holds them on all machines, begins with the newest version, and is undone unless it can be stored.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TypeVar

from bot.database import SHARED_FOLDER, FolderChangedError, FolderInUseError
from bot.discord_app.context.runtime import Runtime
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.errors import DatabaseError
from bot.indexing.build import BuildProgress, BuildStoppedError, build
from bot.indexing.stored_folder import StoredFolder
from bot.indexing.worker_threads import run_in_worker_thread
from index import PassageIndexError, Progress

logger = logging.getLogger(__name__)

T = TypeVar("T")

# The key of the texts that all servers share; other keys are ids of servers.
SHARED = SHARED_FOLDER

# More builds wait, because questions need the processor at the same time.
_MAX_BUILDS = 2

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
    """Indexes the texts of the servers of this process, one change of a server at a time."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._busy: set[int] = set()
        self._builds: set[BuildProgress] = set()
        self._slots = asyncio.Semaphore(_MAX_BUILDS)
        self._wanted: set[int | None] = set()
        self._following: asyncio.Task[None] | None = None

    def own(self, guild_id: int) -> ServerCorpus:
        """Return a server's own texts."""
        folder = self._runtime.server_indexes.server_dir(guild_id)
        return ServerCorpus(folder, self._runtime.settings)

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
        self._busy.add(key)
        try:
            if not self._are_stored:
                yield
                return
            async with self._runtime.database.folder_lock(key):
                await self.pull(key)
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

    async def pull(self, key: int) -> None:
        """Take over the files of a server that are in the database, and index them.

        Raises:
            FolderChangedError: They are being changed.
            DatabaseError: The database failed.
            PassageIndexError: They cannot be indexed.
            BuildStoppedError: The process ends.
            OSError: The folder cannot be changed.
        """
        if not await self.fetch(key):
            return
        if key == SHARED:
            await self.build(partial(build, self._runtime.settings, within_s=0))
            logger.info("The shared texts are those of the database now")
        elif self._runtime.server_indexes.server_dir(key).exists():
            await self.build(self.own(key).rebuild)
            logger.info("The texts of server %d are those of the database now", key)
        else:
            self._runtime.server_indexes.forget(key)
            logger.info("Another process has deleted the texts of server %d", key)

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
        """Bring the servers' own texts and indexes up to date, one after the other."""
        await self._with_each(ServerCorpus.catch_up, "The own texts of server %d stay: %s")
        if self._are_stored:
            self.follow(None)

    async def purge_removed(self) -> None:
        """Delete the servers' removed texts that are too old; what cannot be deleted is logged.

        A server whose texts are changing now deletes its own with the change.
        """

        def purge(own: ServerCorpus, _: Progress) -> None:
            own.purge_removed()

        await self._with_each(purge, "The removed texts of server %d stay: %s")

    def follow(self, key: int | None) -> None:
        """Take over soon what another process has stored; None for all servers."""
        self._wanted.add(key)
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow_wanted())

    def stop(self) -> None:
        """End the builds that are running."""
        for progress in self._builds:
            progress.stop()
        if self._following is not None:
            self._following.cancel()

    async def _with_each(self, work: Callable[[ServerCorpus, Progress], None], failed: str) -> None:
        """Do some blocking work with the texts of each server that this process serves."""
        keys = set(await asyncio.to_thread(self._runtime.server_indexes.guild_ids))
        if self._are_stored:
            with contextlib.suppress(DatabaseError):  # then those that are here
                keys |= (await self._runtime.database.files.versions()).keys() - {SHARED}
        served = sorted(filter(self._runtime.settings.serves, keys))
        for key in self._runtime.pending_indexes.each(served):
            if key in self._busy:
                continue
            try:
                async with self.held(key):
                    await self.build(partial(work, self.own(key)))
                    await self.store(key)
            except _EXPECTED as error:
                logger.warning(failed, key, error)

    @property
    def _are_stored(self) -> bool:
        """Whether the files of servers are in the database."""
        return self._runtime.database.holds_files

    def _stored(self, key: int) -> StoredFolder:
        folder = self._runtime.server_indexes.server_dir(key)
        return StoredFolder(self._runtime.database.files, folder, key)

    async def _follow_wanted(self) -> None:
        """Take over what is stored until nothing is wanted any longer."""
        while self._wanted:
            wanted = self._wanted.pop()
            try:
                await self._follow(wanted)
            except FolderChangedError:
                self._wanted.add(wanted)
                await asyncio.sleep(_AGAIN_AFTER_S)
            except DatabaseError:  # it is logged elsewhere; then everything is looked at again
                return

    async def _follow(self, wanted: int | None) -> None:
        indexes, files = self._runtime.server_indexes, self._runtime.database.files
        versions = await files.versions()
        here = await asyncio.to_thread(indexes.guild_ids)
        for key in [wanted] if wanted is not None else sorted({SHARED, *versions, *here}):
            is_ours = key == SHARED or self._runtime.settings.serves(key)
            if key in self._busy or (not is_ours and key not in here):
                continue
            if is_ours and await self._stored(key).is_current(versions.get(key)):
                continue
            self._busy.add(key)
            try:
                if is_ours:
                    await self.pull(key)
                else:
                    await self._stored(key).release()
                    indexes.forget(key)
            except (PassageIndexError, OSError, BuildStoppedError) as error:
                logger.warning("The texts of server %d stay as they are: %s", key, error)
            finally:
                self._busy.discard(key)
