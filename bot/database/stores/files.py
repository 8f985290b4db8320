"""Store the files of servers' texts, and of the shared ones, so that machines share no folder."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.connection.announcements import announce
from bot.database.connection.sessions import Sessions
from bot.database.schema.tables import FileChunkRow, FileRow, FolderRow, KeyValueRow

# Statements and rows of this size take milliseconds and little memory.
CHUNK_BYTES = 1024 * 1024

# The folder of the texts that all servers share.
SHARED_FOLDER = 0

VERSION_BITS = 63

# The key of what identifies the database.
IDENTITY = "database"


class FolderChangedError(Exception):
    """A folder has another version than the one that was to be replaced, or a file changed."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file: SHA-256 of its bytes, and their number."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class StoredFolder:
    """The files of a folder, by their paths below it.

    Attributes:
        version: A random number; the folder has another one after each change.
        files: The files.
    """

    version: int
    files: Mapping[str, StoredFile] = field(default_factory=dict)


class FileStore:
    """Stores a folder of files for each server, whole: all files of a version, or none."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._identity: str | None = None

    async def identity(self) -> str:
        """Return what identifies the database; a copy of it has the same.

        Raises:
            DatabaseError: The database failed.
        """
        if self._identity is None:
            async with self._sessions.reading() as session:
                row = await session.get(KeyValueRow, IDENTITY)
            self._identity = row.value if row else await self._make_identity()
        return self._identity

    async def _make_identity(self) -> str:
        """Give the database an identity, unless another process was faster."""
        made = self._sessions.insert(KeyValueRow).values(key=IDENTITY, value=secrets.token_hex(16))
        async with self._sessions.writing() as session:
            await session.execute(made.on_conflict_do_nothing(index_elements=["key"]))
            return (await session.get_one(KeyValueRow, IDENTITY)).value

    async def versions(self, guild_id: int | None = None) -> dict[int, int]:
        """Return the version of each folder, by its server, or of one if it exists.

        Raises:
            DatabaseError: The database failed.
        """
        chosen = select(FolderRow.guild_id, FolderRow.version)
        if guild_id is not None:
            chosen = chosen.where(FolderRow.guild_id == guild_id)
        async with self._sessions.reading() as session:
            found = await session.execute(chosen)
            return {row.guild_id: row.version for row in found}

    async def folder(self, guild_id: int) -> StoredFolder | None:
        """Return a folder; None if there is none.

        Raises:
            DatabaseError: The database failed.
        """
        async with self._sessions.reading() as session:
            # One statement, because the files could change between two.
            chosen = (
                select(FolderRow.version, FileRow.path, FileRow.digest, FileRow.size)
                .outerjoin(FileRow, FileRow.guild_id == FolderRow.guild_id)
                .where(FolderRow.guild_id == guild_id)
                .order_by(FileRow.path)
            )
            rows = list(await session.execute(chosen))
        if not rows:
            return None
        files = {path: StoredFile(digest, size) for _, path, digest, size in rows if path}
        return StoredFolder(rows[0].version, files)

    async def chunks(self, guild_id: int, digest: str) -> AsyncIterator[bytes]:
        """Yield the bytes of a file; none if there is no such file any longer.

        Raises:
            DatabaseError: The database failed.
        """
        chosen = select(FileChunkRow.content).where(
            FileChunkRow.guild_id == guild_id, FileChunkRow.digest == digest
        )
        for number in count():
            async with self._sessions.reading() as session:
                content = await session.scalar(chosen.where(FileChunkRow.number == number))
            if content is None:
                return
            yield content

    async def replace(
        self,
        guild_id: int,
        former: int | None,
        files: Mapping[str, StoredFile],
        read: Callable[[str], Iterator[bytes]],
    ) -> int:
        """Replace the files of a folder.

        Args:
            guild_id: The server.
            former: The version that is replaced; None if there is no such folder yet.
            files: All files that the folder has from now on, by path.
            read: Yields the bytes of one of them, in chunks of at most `CHUNK_BYTES`. Called for
                bytes that are not stored yet.

        Returns:
            The new version.

        Raises:
            FolderChangedError: The folder has another version, or a file was changed while it was
                read; nothing was changed.
            DatabaseError: The database failed, or `read` raised an OSError; nothing was changed.
        """
        version = secrets.randbits(VERSION_BITS)
        async with self._sessions.writing() as session:
            await self._begin(session, guild_id, former, version)
            stored = await _files(session, guild_id)
            known = {file.digest for file in stored.values()}
            for path, file in files.items():
                if file.digest not in known:
                    known.add(file.digest)
                    await self._add_chunks(session, guild_id, file.digest, read(path))
            of_folder = FileRow.guild_id == guild_id
            for path in stored.keys() - files.keys():
                await session.execute(delete(FileRow).where(of_folder, FileRow.path == path))
            for path, file in files.items():
                if stored.get(path) != file:
                    values = {"digest": file.digest, "size": file.size}
                    added = self._sessions.insert(FileRow).values(
                        guild_id=guild_id, path=path, **values
                    )
                    await session.execute(
                        added.on_conflict_do_update(
                            index_elements=["guild_id", "path"], set_=values
                        )
                    )
            used = select(FileRow.digest).where(of_folder)
            await session.execute(
                delete(FileChunkRow).where(
                    FileChunkRow.guild_id == guild_id, FileChunkRow.digest.not_in(used)
                )
            )
            await announce(session, "files", guild_id)
        return version

    async def _begin(
        self, session: AsyncSession, guild_id: int, former: int | None, version: int
    ) -> None:
        """Lock a folder, and give it its new version."""
        if former is None:
            made = self._sessions.insert(FolderRow).values(guild_id=guild_id, version=version)
            made = made.on_conflict_do_nothing(index_elements=["guild_id"])
            found = await session.scalar(made.returning(FolderRow.version))
            if found is None:
                raise FolderChangedError
            return
        replaced = (
            update(FolderRow)
            .where(FolderRow.guild_id == guild_id, FolderRow.version == former)
            .values(version=version)
        )
        if await session.scalar(replaced.returning(FolderRow.version)) is None:
            raise FolderChangedError

    async def _add_chunks(
        self, session: AsyncSession, guild_id: int, digest: str, chunks: Iterator[bytes]
    ) -> None:
        found = hashlib.sha256()
        for number in count():
            content = await asyncio.to_thread(next, chunks, None)
            if content is None:
                break
            found.update(content)
            await session.execute(
                self._sessions.insert(FileChunkRow).values(
                    guild_id=guild_id, digest=digest, number=number, content=content
                )
            )
        if found.hexdigest() != digest:
            raise FolderChangedError


async def _files(session: AsyncSession, guild_id: int) -> dict[str, StoredFile]:
    chosen = select(FileRow).where(FileRow.guild_id == guild_id)
    rows = await session.scalars(chosen)
    return {row.path: StoredFile(row.digest, row.size) for row in rows}
