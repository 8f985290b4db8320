"""The way to the database: opened when it can be, and opened anew where its file is another."""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database.connection.engines import WRITING, make_engine
from bot.database.connection.migrate import migrate
from bot.database.connection.sqlite_file import SqliteFile
from bot.database.connection.url import DatabaseAddress
from bot.errors import DatabaseError

logger = logging.getLogger(__name__)

# A database that could not be opened is tried again after this; meanwhile it fails at once.
RETRY_S = 10.0

# SQLite waits for a lock 2 s longer than the bot does for SQLite.
_END_S = 2.0


class SupervisedConnection:
    """Gives engines on one database."""

    def __init__(
        self, address: DatabaseAddress, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare; nothing is opened before `open` or `in_use`.

        Args:
            address: Where the database is.
            clock: Gives seconds; for tests.
        """
        self._address = address
        self._clock = clock
        self._engine: AsyncEngine | None = None
        self._file: SqliteFile | None = None
        self._opening: asyncio.Task[None] | None = None
        self._failure: DatabaseError | None = None
        self._not_before = 0.0
        self._n_users = 0
        self._unused = asyncio.Event()
        self._unused.set()

    @property
    def problem(self) -> str | None:
        """Why the database could not be opened the last time; None while it is open."""
        return str(self._failure) if self._failure else None

    async def open(self) -> None:
        """Make sure that the database is open and up to date, and its file the one it was.

        Raises:
            DatabaseError: It cannot be opened; then it is tried no sooner than `RETRY_S` later.
        """
        while self._engine is None or not self._is_in_place():
            if self._opening is None:
                self._raise_failure(self._not_before)
                self._opening = asyncio.create_task(self._reopen())
            # Whoever waits may give up; the next finds it open.
            await asyncio.shield(self._opening)
            self._raise_failure(math.inf)

    @asynccontextmanager
    async def in_use(self, *, writing: bool) -> AsyncIterator[AsyncEngine]:
        """Give the engine, which is not replaced within the context.

        Raises:
            DatabaseError: The database cannot be opened.
        """
        await self.open()
        assert self._engine is not None  # noqa: S101  # nothing was awaited since
        self._n_users += 1
        self._unused.clear()
        try:
            yield self._engine.execution_options(**{WRITING: True}) if writing else self._engine
        finally:
            self._n_users -= 1
            if not self._n_users:
                self._unused.set()

    async def close(self) -> None:
        """Close the connections; nothing may use them any more."""
        if self._opening is not None:
            await asyncio.wait((self._opening,))
        # What was given up on ends by itself, and its connection would keep the process otherwise.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._unused.wait(), _END_S)
        if self._engine is not None:
            await self._engine.dispose()
        if self._file is not None:
            self._file.close()

    def _raise_failure(self, until: float) -> None:
        """Raise why the last opening failed, if it did, before a moment of the clock."""
        if self._failure is not None and self._clock() < until:
            raise self._failure.with_traceback(None)

    def _is_in_place(self) -> bool:
        return self._file is None or self._file.is_in_place()

    async def _reopen(self) -> None:
        """Close what is open, put its file in order, and open it; a failure is kept for all."""
        failed_before = self._failure is not None
        try:
            await self._unused.wait()
            if self._engine is not None:
                await self._engine.dispose()
                self._engine = None
            with self._address.failures():
                await asyncio.to_thread(self._prepare)
            self._engine = make_engine(self._address)
            self._failure = None
            if failed_before:
                logger.info("The database is open now")
        except DatabaseError as error:
            self._failure = error
            self._not_before = self._clock() + RETRY_S
        finally:
            self._opening = None

    def _prepare(self) -> None:
        """Make the tables what they must be, and hold on to the file."""
        if self._file is not None:
            self._file.repair()
            self._file = None
        if self._address.file is not None:
            self._address.file.parent.mkdir(0o700, parents=True, exist_ok=True)
            if not self._address.file.exists():
                self._address.file.touch(0o600)
        migrate(self._address)
        if self._address.file is not None:
            self._file = SqliteFile(self._address.file)
            self._file.check()


async def keep_open(link: SupervisedConnection) -> None:
    """Look every few seconds whether the database is open and in its place, for ever."""
    while True:
        await asyncio.sleep(RETRY_S)
        with suppress(DatabaseError):
            await link.open()
