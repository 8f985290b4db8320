"""Hold the files of a server on PostgreSQL while a process changes them."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from bot.database.connection.engines import make_lock_engine
from bot.database.connection.url import DatabaseAddress
from bot.errors import DatabaseError

_TAKE = text("SELECT pg_try_advisory_lock(:number)")

# The lock of the shared texts. Locks with one number are apart from those with two, and the ids of
# servers from the words in ASCII of other locks.
_SHARED = int.from_bytes(b"Pullqtxt", "big")


class FolderInUseError(Exception):
    """Another process changes the files of this server."""


@asynccontextmanager
async def folder_lock(address: DatabaseAddress, guild_id: int) -> AsyncIterator[None]:
    """Hold an advisory lock of a session, which ends with the process that holds it.

    Raises:
        FolderInUseError: Another process holds it.
        DatabaseError: The database failed.
    """
    with address.failures():
        connection = await make_lock_engine(address).connect()
    try:
        with address.failures():
            found = await connection.execute(_TAKE, {"number": guild_id or _SHARED})
        if not found.scalar():
            raise FolderInUseError
        yield
    finally:
        # A lost connection has given the lock back.
        with contextlib.suppress(DatabaseError), address.failures():
            await connection.close()
