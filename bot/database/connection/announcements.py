"""Tell the processes of a bot, on all machines, what one of them changed in PostgreSQL.

A change is announced in its own transaction (NOTIFY), so that who hears of it can read it. A
process that is cut off misses what is announced meanwhile: it is told to look at everything when
it is connected again, and every minute.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.connection.engines import make_lock_engine
from bot.database.connection.supervisor import RETRY_S
from bot.database.connection.url import DatabaseAddress
from bot.errors import DatabaseError

logger = logging.getLogger(__name__)

Topic = Literal["settings", "files"]

# The name is shared with every other program on the same database.
_CHANNEL = "pullquote_changes"

_LOOK_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Announcement:
    """A change of another process, or of this one.

    Attributes:
        topic: What was changed; None to look at everything.
        guild_id: The server; 0 for the shared texts.
    """

    topic: Topic | None = None
    guild_id: int = 0


async def announce(session: AsyncSession, topic: Topic, guild_id: int) -> None:
    """Announce a change to all processes once the transaction is committed; not with SQLite."""
    if session.get_bind().dialect.name == "postgresql":
        payload = f"{topic} {guild_id}"
        notify = text("SELECT pg_notify(:channel, :payload)")
        await session.execute(notify, {"channel": _CHANNEL, "payload": payload})


async def announcements(address: DatabaseAddress) -> AsyncGenerator[Announcement]:
    """Yield the changes of all processes, for ever.

    The first is to look at everything, and so is one after each lost connection and every minute.
    A failure of the database is no error here: the supervisor of its connection reports it.
    """
    while True:
        with contextlib.suppress(DatabaseError):
            async with _heard(address) as heard:
                yield Announcement()
                while (found := await heard()) is not None:
                    yield found
        logger.info("Changes of other processes are not heard; connecting again")
        await asyncio.sleep(RETRY_S)


@asynccontextmanager
async def _heard(address: DatabaseAddress) -> AsyncIterator[Any]:
    """Listen on a connection of its own; yield a function that waits for the next change.

    It returns None once the connection is lost.
    """
    queue: asyncio.Queue[Announcement | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    look_at = loop.time() + _LOOK_EVERY_S

    def hear(_connection: object, _process: int, _channel: str, payload: object) -> None:
        found = _announcement(str(payload))
        if found is not None:
            queue.put_nowait(found)

    with address.failures():
        connection = await make_lock_engine(address).connect()
    try:
        with address.failures():
            driver: Any = (await connection.get_raw_connection()).driver_connection
            driver.add_termination_listener(lambda _: queue.put_nowait(None))
            await driver.add_listener(_CHANNEL, hear)

        async def next_heard() -> Announcement | None:
            nonlocal look_at
            try:
                async with asyncio.timeout_at(look_at):
                    return await queue.get()
            except TimeoutError:
                look_at = loop.time() + _LOOK_EVERY_S
                with address.failures():  # the other side may be gone without a sign
                    await connection.execute(text("SELECT 1"))
                return Announcement()

        yield next_heard
    finally:
        with contextlib.suppress(DatabaseError), address.failures():
            await connection.close()


def _announcement(payload: str) -> Announcement | None:
    """Return what was announced; None for what another version or program announces."""
    topic, _, number = payload.partition(" ")
    if topic in get_args(Topic) and number.isascii() and number.isdigit():
        return Announcement(topic, int(number))  # type: ignore[arg-type]  # `get_args` has it
    return None
