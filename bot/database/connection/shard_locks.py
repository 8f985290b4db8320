"""Hold a bot's shards on PostgreSQL, so that processes on other machines notice.

The locks are advisory locks of a session: they last as long as one connection, so they end with the
process. Each is a pair of 32-bit numbers: the bot, and one of

    shard       held by the process that serves it
    -count      shared by all processes with this number of shards; others see it and stop
    -2**31      held for a moment while the others are taken or listed
"""

import asyncio
import contextlib
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database.connection.engines import make_lock_engine
from bot.database.connection.url import DatabaseAddress
from bot.errors import DatabaseError

_MUTEX = -(2**31)
_UNSIGNED = 2**32

# A server that vanished does not say goodbye.
_GOODBYE_S = 1.0

# Shared by every process that serves from the database; held alone while a restore replaces it.
IN_USE = int.from_bytes(b"Pullqrun", "big")

_OTHER_COUNTS = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = CAST(:bot AS bigint) AND objid > CAST(:mutex AS bigint)"
    " AND objid <> CAST(:count AS bigint)"
)

_OWN_SESSION = text(
    "SELECT pid, backend_start AS started FROM pg_stat_activity WHERE pid = pg_backend_pid()"
)

# Numbers of sessions are given again. Yields a row while the session lasts.
_END_SESSION = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid = :pid AND backend_start = :started"
)

_ENDED_WITHIN_S = 2.0
_LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class _Session:
    """A session on the server: its number there, and when it began."""

    pid: int
    started: datetime


class ShardLocks:
    """The locks of one process."""

    def __init__(
        self, address: DatabaseAddress, bot_id: int, count: int, shards: tuple[int, ...]
    ) -> None:
        """Prepare; `take` connects.

        Args:
            address: A database of PostgreSQL.
            bot_id: Discord's number of the bot.
            count: How many shards the bot has.
            shards: Which of them this process serves.
        """
        self._address = address
        digest = blake2b(f"pullquote {bot_id}".encode(), digest_size=4).digest()
        self._bot = int.from_bytes(digest, "big", signed=True)
        self._count = count
        self._shards = shards
        self._connection: AsyncConnection | None = None
        self._session: _Session | None = None

    @classmethod
    def on(cls, url: str, bot_id: int, count: int, shards: tuple[int, ...]) -> "ShardLocks | None":
        """Return the locks on the database of an address; None for SQLite, which has none."""
        address = DatabaseAddress.parse(url)
        return None if address.is_sqlite else cls(address, bot_id, count, shards)

    @property
    def where(self) -> str:
        """The database, without its password."""
        return self._address.shown

    async def take(self) -> bool:
        """Take the locks on a new connection; False if another process holds one of them.

        Raises:
            DatabaseError: The database failed.
        """
        await self.close()
        with self._address.failures():
            # The engine has no pool: closing this connection ends the session.
            self._connection = await make_lock_engine(self._address).connect()
            await self._end_former_session(self._connection)
            await self._run("pg_advisory_lock", _MUTEX)
            is_taken = not await self._is_in_the_way() and await self._lock_all()
            await self._run("pg_advisory_unlock", _MUTEX)
        if not is_taken:
            await self.close()
        return is_taken

    async def check(self) -> None:
        """Check that the connection, and with it the locks, still exist.

        Raises:
            DatabaseError: They do not.
        """
        with self._address.failures():
            if self._connection is None:
                raise ConnectionError("the connection is closed")
            await self._connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Release the locks; a lost connection is ignored."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(DatabaseError), self._address.failures():
                await asyncio.wait_for(connection.close(), _GOODBYE_S)

    async def _end_former_session(self, connection: AsyncConnection) -> None:
        """End the session of the connection before, and remember that of the present one.

        The server keeps it, and its locks, for a while if the network was away when it ended.
        """
        former = self._session
        self._session = _Session(*(await connection.execute(_OWN_SESSION)).one())
        if former is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENDED_WITHIN_S):
                while (await connection.execute(_END_SESSION, asdict(former))).first():
                    await asyncio.sleep(_LOOK_EVERY_S)

    async def _is_in_the_way(self) -> bool:
        values = {
            "bot": self._bot % _UNSIGNED,
            "mutex": _MUTEX % _UNSIGNED,
            "count": -self._count % _UNSIGNED,
        }
        return bool(await self._value(_OTHER_COUNTS, values))

    async def _lock_all(self) -> bool:
        in_use = text("SELECT pg_try_advisory_lock_shared(:number)")
        if not await self._value(in_use, {"number": IN_USE}):
            return False
        if not await self._run("pg_try_advisory_lock_shared", -self._count):
            return False
        for shard in self._shards:
            if not await self._run("pg_try_advisory_lock", shard):
                return False
        return True

    async def _run(self, function: str, number: int) -> object:
        called = text(f"SELECT {function}(CAST(:bot AS integer), CAST(:number AS integer))")
        return await self._value(called, {"bot": self._bot, "number": number})

    async def _value(self, statement: TextClause, values: dict[str, int]) -> object:
        assert self._connection is not None  # noqa: S101  # `take` made it
        value: object = (await self._connection.execute(statement, values)).scalar()
        return value
