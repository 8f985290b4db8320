"""Short transactions on the database, reading or writing, whose failures are DatabaseErrors."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.connection.supervisor import SupervisedConnection
from bot.database.connection.url import DatabaseAddress
from bot.database.schema.tables import Base


class Sessions:
    """Opens sessions on one database.

    Attributes:
        now: Returns the time, with its time zone.
    """

    def __init__(
        self, link: SupervisedConnection, address: DatabaseAddress, now: Callable[[], datetime]
    ) -> None:
        self.now = now
        self._address = address
        self._link = link
        # SQLite allows one writer and only polls for its lock, so writers wait for each other here.
        self._write_lock: AbstractAsyncContextManager[object] = (
            asyncio.Lock() if address.is_sqlite else nullcontext()
        )

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Give a session that only reads.

        Raises:
            DatabaseError: The database failed.
        """
        with self._address.failures():
            async with self._session(writing=False) as session:
                yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Give a session whose changes are committed at the end, or dropped by an error.

        Raises:
            DatabaseError: The database failed; nothing was changed.
        """
        with self._address.failures():
            async with self._write_lock, self._session(writing=True) as session:
                yield session

    def insert(self, table: type[Base]) -> "postgresql.Insert | sqlite.Insert":
        """Return the database's own kind of INSERT, which supports ON CONFLICT."""
        return sqlite.insert(table) if self._address.is_sqlite else postgresql.insert(table)

    @asynccontextmanager
    async def _session(self, *, writing: bool) -> AsyncIterator[AsyncSession]:
        async with (
            self._link.in_use(writing=writing) as engine,
            AsyncSession(engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
