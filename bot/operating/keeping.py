"""Keep a bot's shards locked on PostgreSQL while it runs, also when the connection is lost."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.database import ShardLocks
from bot.errors import AlreadyRunningError, DatabaseError

logger = logging.getLogger(__name__)

# PostgreSQL notices within milliseconds that a process is gone; one that is ending has seconds.
_TAKE_WITHIN_S = 5.0
_TAKE_EVERY_S = 0.5

# Costs the server nothing, and leaves two processes together for no longer than that.
_CHECK_EVERY_S = 5.0


@asynccontextmanager
async def kept(
    locks: ShardLocks | None, check_every_s: float = _CHECK_EVERY_S
) -> AsyncIterator[None]:
    """Hold locks while the block runs.

    A lost connection ends nothing: the locks are taken again in the background. If another process
    has them by then, the block is cancelled.

    Args:
        locks: What to hold; None where the database has no locks.
        check_every_s: Seconds between two looks at the connection.

    Raises:
        AlreadyRunningError: Another process has them, at the start or since.
        DatabaseError: The database failed at the start.
    """
    if locks is None:
        yield
        return
    await _take(locks)
    block, taken_over = asyncio.current_task(), False
    assert block is not None  # noqa: S101  # a coroutine runs in a task

    async def watch() -> None:
        nonlocal taken_over
        await _until_another_has(locks, check_every_s)
        taken_over = True
        block.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        if taken_over and not block.uncancel():
            raise _refusal(locks) from None
        raise
    finally:
        watching.cancel()
        await asyncio.wait((watching,))
        await locks.close()


async def _take(locks: ShardLocks) -> None:
    """Take the locks for the first time; who is just ending may have them a moment longer."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + _TAKE_WITHIN_S
    while not await locks.take():
        if loop.time() >= until_s:
            raise _refusal(locks)
        await asyncio.sleep(_TAKE_EVERY_S)


async def _until_another_has(locks: ShardLocks, check_every_s: float) -> None:
    """Return when another process has taken what was lost."""
    is_held = True
    while True:
        await asyncio.sleep(check_every_s)
        try:
            if is_held:
                await locks.check()
                continue
            if not await locks.take():
                return
            is_held = True
            logger.info("This bot's shards are locked again on %s", locks.where)
        except DatabaseError as error:
            if is_held:
                logger.warning(
                    "A second process for this bot's shards would not be noticed until they are "
                    "locked again; answering goes on: %s",
                    error,
                )
            is_held = False


def _refusal(locks: ShardLocks) -> AlreadyRunningError:
    return AlreadyRunningError(
        f"Another process serves this bot on {locks.where}, maybe on another machine: the same "
        "shards, or shards of another SHARD_COUNT; end it, or give each process its own SHARD_IDS"
    )
