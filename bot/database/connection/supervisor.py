"""Open the database as soon as possible, and reopen it if its file was replaced."""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database.connection.engines import WRITING, make_engine
from bot.database.connection.migrate import migrate
from bot.database.connection.sqlite_file import SqliteFile
from bot.database.connection.url import DatabaseAddress
from bot.errors import DatabaseError, WrongKeyError

logger = logging.getLogger(__name__)

# Seconds between two tries to open the database; uses in between fail at once.
RETRY_S = 10.0

# SQLite waits for a lock 2 s longer than the bot waits for SQLite. A server that vanished does not
# say goodbye.
_END_S = 2.0
_GOODBYE_S = 1.0


class SupervisedConnection:
    """Opens one database, reopens it when needed, and lends its engine."""

    def __init__(
        self,
        address: DatabaseAddress,
        verify: Callable[[AsyncEngine], Awaitable[None]] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is opened before `open` or `in_use`.

        Args:
            address: Where the database is.
            verify: Raises DatabaseError if an opened database may not be used.
            clock: Gives seconds; for tests.
        """
        self._address = address
        self._verify = verify
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
        """Why the last try to open the database failed; None while it is open."""
        return str(self._failure) if self._failure else None

    async def open(self) -> None:
        """Make sure that the database is open and up to date, and its file is the same.

        Raises:
            DatabaseError: It cannot be opened; the next try is `RETRY_S` later at the earliest.
        """
        while self._engine is None or not self._is_in_place():
            if self._opening is None:
                self._raise_failure(self._not_before)
                self._opening = asyncio.create_task(self._reopen())
            # A caller may be cancelled; the opening goes on for the others.
            await asyncio.shield(self._opening)
            self._raise_failure(math.inf)

    @asynccontextmanager
    async def in_use(self, *, writing: bool) -> AsyncIterator[AsyncEngine]:
        """Yield the engine, which is not replaced within the context.

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
        """Close the connections; nothing may use them afterwards."""
        if self._opening is not None:
            await asyncio.wait((self._opening,), timeout=_END_S)
        # Abandoned tasks end by themselves; without this wait their connection would keep the
        # process running.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._unused.wait(), _END_S)
        if self._engine is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._engine.dispose(), _GOODBYE_S)
        if self._file is not None:
            self._file.close()

    def _raise_failure(self, until: float) -> None:
        """Raise the error of the last opening, if it failed and the clock is before `until`."""
        if self._failure is not None and self._clock() < until:
            raise self._failure.with_traceback(None)

    def _is_in_place(self) -> bool:
        return self._file is None or self._file.is_in_place()

    async def _reopen(self) -> None:
        """Close what is open, repair its file, and open it; a failure is kept for all callers."""
        failed_before = self._failure is not None
        try:
            await self._unused.wait()
            if self._engine is not None:
                await self._engine.dispose()
                self._engine = None
            with self._address.failures():
                await asyncio.to_thread(self._prepare)
                self._engine = await self._verified(make_engine(self._address))
            self._failure = None
            if failed_before:
                logger.info("The database is open now")
        except DatabaseError as error:
            self._failure = error
            self._not_before = self._clock() + RETRY_S
        finally:
            self._opening = None

    async def _verified(self, engine: AsyncEngine) -> AsyncEngine:
        """Return an engine whose database may be used; else close it and its file."""
        try:
            if self._verify is not None:
                await self._verify(engine)
        except BaseException:
            await engine.dispose()
            if self._file is not None:
                self._file.close()
                self._file = None
            raise
        return engine

    def _prepare(self) -> None:
        """Migrate the tables, and hold the file open."""
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
    """Check every few seconds, for ever, that the database is open and its file in place.

    Raises:
        WrongKeyError: It may not be used with the key of this process.
    """
    while True:
        await asyncio.sleep(RETRY_S)
        try:
            await link.open()
        except WrongKeyError:
            raise
        except DatabaseError:
            pass  # logged by those who use the database
