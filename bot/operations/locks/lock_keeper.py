"""Hold the locks of a bot's shards on PostgreSQL, and take them again after a lost connection."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.database import ShardLocks
from bot.errors import AlreadyRunningError, DatabaseError

logger = logging.getLogger(__name__)

# PostgreSQL notices within milliseconds that a process has ended; ending may take seconds.
_TAKE_WITHIN_S = 5.0
_TAKE_EVERY_S = 0.5

# A check costs the server little, and two processes serve the same shards for at most this time.
_CHECK_EVERY_S = 5.0


@asynccontextmanager
async def hold_locks(
    locks: ShardLocks | None,
    on_change: Callable[[str | None], None],
    check_every_s: float = _CHECK_EVERY_S,
) -> AsyncIterator[None]:
    """Hold locks while the block runs.

    If the connection is lost, or the database fails at the start, the block continues and the locks
    are taken in the background. If another process holds them by then, the block is cancelled.

    Args:
        locks: The locks; None if the database has no locks.
        on_change: Called with the reason when they are not held, and with None when they are again.
        check_every_s: Seconds between two checks of the connection.

    Raises:
        AlreadyRunningError: Another process holds them, at the start or later.
    """
    if locks is None:
        yield
        return
    block, taken_over = asyncio.current_task(), False
    assert block is not None  # noqa: S101  # a coroutine runs in a task

    async def watch(*, is_held: bool) -> None:
        nonlocal taken_over
        await _wait_until_taken_over(locks, on_change, check_every_s, is_held=is_held)
        taken_over = True
        block.cancel()

    try:
        watching = asyncio.create_task(watch(is_held=await _take(locks, on_change)))
        try:
            yield
        except asyncio.CancelledError:
            if taken_over and not block.uncancel():
                raise _refusal(locks) from None
            raise
        finally:
            watching.cancel()
            await asyncio.wait((watching,))
    finally:
        await locks.close()


async def _take(locks: ShardLocks, on_change: Callable[[str | None], None]) -> bool:
    """Take the locks for the first time; wait a few seconds for a process that is ending.

    Returns:
        Whether they are taken: False if the database fails, which is logged.
    """
    loop = asyncio.get_running_loop()
    until_s = loop.time() + _TAKE_WITHIN_S
    try:
        while not await locks.take():
            if loop.time() >= until_s:
                raise _refusal(locks)
            await asyncio.sleep(_TAKE_EVERY_S)
    except DatabaseError as error:
        _say_unlocked(error, on_change)
        return False
    return True


async def _wait_until_taken_over(
    locks: ShardLocks,
    on_change: Callable[[str | None], None],
    check_every_s: float,
    *,
    is_held: bool,
) -> None:
    """Return when another process has taken locks that were lost, or never held."""
    while True:
        await asyncio.sleep(check_every_s)
        try:
            if is_held:
                await locks.check()
                continue
            if not await locks.take():
                return
            is_held = True
            on_change(None)
            logger.info("This bot's shards are locked on %s", locks.where)
        except DatabaseError as error:
            if is_held:
                _say_unlocked(error, on_change)
            is_held = False


def _say_unlocked(error: DatabaseError, on_change: Callable[[str | None], None]) -> None:
    on_change(str(error))
    logger.warning(
        "A second process for this bot's shards would not be noticed until they are locked; "
        "answering goes on: %s",
        error,
    )


def _refusal(locks: ShardLocks) -> AlreadyRunningError:
    return AlreadyRunningError(
        f"Another process serves this bot on {locks.where}, maybe on another machine: the same "
        "shards, or shards of another SHARD_COUNT; end it, or give each process its own SHARD_IDS"
    )
