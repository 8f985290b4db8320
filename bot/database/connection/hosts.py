"""Connect to the one of several servers of PostgreSQL that takes changes.

asyncpg tries one server after another, so one that has vanished would use up the time of a
connection. Here all are asked at once.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncpg

# A server that only reads is used if no other answers within this time after it. Answers wait 1.5 s
# for the database.
_OTHERS_WITHIN_S = 0.5


async def connect_to_writable(
    hosts: Sequence[tuple[str, int]], arguments: dict[str, Any], *, or_read_only: bool
) -> "asyncpg.Connection":
    """Return a connection to the first server that answers and takes changes.

    Args:
        hosts: Names and ports of the servers.
        arguments: The other arguments of `asyncpg.connect`.
        or_read_only: Whether a server that only reads is better than none.

    Raises:
        OSError: No server answers, or none takes changes.
        asyncpg.PostgresError: A server refuses the connection.
    """
    opened: list[asyncpg.Connection] = []
    tasks = [
        asyncio.create_task(_connect(host, port, arguments, opened), name=f"connect {host}:{port}")
        for host, port in hosts
    ]
    chosen = None
    try:
        chosen = await _first_writable(tasks, or_read_only=or_read_only)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in opened:
            if connection is not chosen:
                connection.terminate()
    return chosen


async def is_read_only(connection: "asyncpg.Connection", timeout_s: float | None = None) -> bool:
    """Return whether a connection takes no changes: that to a standby, or by a setting."""
    value = await connection.fetchval("SHOW transaction_read_only", timeout=timeout_s)
    return bool(value == "on")


async def _connect(
    host: str, port: int, arguments: dict[str, Any], opened: list["asyncpg.Connection"]
) -> tuple["asyncpg.Connection", bool]:
    """Return a connection, which is added to those that are open, and whether it takes changes."""
    import asyncpg

    connection = await asyncpg.connect(host=host, port=port, **arguments)
    opened.append(connection)
    return connection, not await is_read_only(connection)


async def _first_writable(
    tasks: Sequence["asyncio.Task[tuple[asyncpg.Connection, bool]]"], *, or_read_only: bool
) -> "asyncpg.Connection":
    pending, errors = set(tasks), list[BaseException]()
    spare: asyncpg.Connection | None = None
    while pending:
        done, pending = await asyncio.wait(
            pending,
            timeout=_OTHERS_WITHIN_S if spare else None,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not done:
            break
        for task in done:
            if error := task.exception():
                errors.append(error)
                continue
            connection, is_writable = task.result()
            if is_writable:
                return connection
            spare = spare or connection
    if spare and or_read_only:
        return spare
    if spare:
        raise ConnectionError("no server takes changes")
    # A refusal tells more than a server that does not answer.
    raise next((error for error in errors if not isinstance(error, OSError)), errors[0])
