"""A bot's shards on a real PostgreSQL: one process each, also after its connection is lost."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest

from bot.database import ShardLocks
from bot.errors import AlreadyRunningError
from bot.operations.locks import lock_keeper
from bot.operations.locks.lock_keeper import hold_locks
from tests.support.postgres import new_database, on_postgres

BOT = 1_234_567_890_123_456_789


def _locks(url, *shards, count=2, bot=BOT):
    locks = ShardLocks.on(url, bot, count, shards)
    assert locks is not None
    return locks


def _play(play):
    async def run():
        async with AsyncExitStack() as closing:

            def made(*arguments, **options):
                locks = _locks(*arguments, **options)
                closing.push_async_callback(locks.close)
                return locks

            async with asyncio.timeout(60):
                await play(made)

    asyncio.run(run())


async def _cut(url):
    """Let the server end the connections that hold locks."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_locks"
        " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()) AS held"
    )
    await connection.close()


async def _open_to_others(server, url, *, is_open):
    """Let the server take connections to a database, or refuse them."""
    connection = await asyncpg.connect(f"{server}postgres")
    name = url.rpartition("/")[2]
    await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {is_open}")
    await connection.close()


@on_postgres
def test_shards_are_locked_once(postgres_url):
    """The same shard and another count are refused; other shards and other bots are not."""

    async def play(made):
        assert await made(postgres_url, 0).take()
        assert not await made(postgres_url, 0).take()
        assert not await made(postgres_url, 1, 0).take()
        assert not await made(postgres_url, 1, count=3).take()
        assert await made(postgres_url, 0, bot=BOT + 1).take()
        other = made(postgres_url, 1)
        assert await other.take()
        await other.close()
        assert await made(postgres_url, 1).take()

    _play(play)


@on_postgres
def test_lost_connection_is_replaced_while_work_goes_on(postgres_url, caplog):
    """One line says that it is lost, one that the shards are locked; nothing ends."""
    caplog.set_level("INFO")
    told: list[str | None] = []

    async def play(made):
        async with hold_locks(made(postgres_url, 0), told.append, 0.02):
            for _ in range(2):
                await _cut(postgres_url)
                while "are locked on" not in caplog.text:
                    await asyncio.sleep(0.02)
                assert "answering goes on" in caplog.records[-2].message
                assert told[-2] in caplog.records[-2].message
                assert told[-1] is None
                caplog.clear()
            assert len(told) == 4
            assert not await made(postgres_url, 0).take()

    _play(play)


@on_postgres
def test_own_session_is_not_in_the_way_after_a_lost_network(postgres_url):
    """The server has not heard that the former connection ended; others are still refused."""

    async def play(made):
        locks = made(postgres_url, 0)
        assert await locks.take()
        unheard, locks._connection = locks._connection, None
        assert await locks.take()
        assert not await made(postgres_url, 0).take()
        await unheard.invalidate()

    _play(play)


@on_postgres
def test_database_that_fails_at_the_start_is_a_lost_connection(postgres_server, caplog):
    """One line says that nothing is locked; the block runs, and holds the locks once it can."""
    caplog.set_level("INFO")
    url = new_database(postgres_server)
    told: list[str | None] = []

    async def play(made):
        await _open_to_others(postgres_server, url, is_open=False)
        async with hold_locks(made(url, 0), told.append, 0.02):
            (record,) = caplog.records
            assert "answering goes on" in record.message
            assert told[-1] in record.message
            await _open_to_others(postgres_server, url, is_open=True)
            while "are locked on" not in caplog.text:
                await asyncio.sleep(0.02)
            assert not await made(url, 0).take()
            assert told[-1] is None

    _play(play)


@on_postgres
def test_process_stops_where_it_could_not_lock_and_another_did(postgres_server):
    """A process without its locks ends if another one has them once the database works."""
    url = new_database(postgres_server)

    async def play(made):
        assert await made(url, 0).take()
        await _open_to_others(postgres_server, url, is_open=False)
        started = asyncio.Event()
        holding = asyncio.create_task(_hold(made(url, 0), started))
        await started.wait()
        await _open_to_others(postgres_server, url, is_open=True)
        with pytest.raises(AlreadyRunningError):
            await holding

    _play(play)


@on_postgres
def test_process_stops_where_another_took_over(postgres_url, monkeypatch):
    """A process whose shards were taken after a loss ends, and so does a second one."""
    monkeypatch.setattr(lock_keeper, "_TAKE_WITHIN_S", 0.0)

    async def play(made):
        first, second = made(postgres_url, 0), made(postgres_url, 0)
        taken = asyncio.Event()
        holding = asyncio.create_task(_hold(first, taken))
        await taken.wait()
        with pytest.raises(AlreadyRunningError):
            await _hold(second, taken)
        async with _taken_when_free(postgres_url, shard=0):
            await first.close()
            with pytest.raises(AlreadyRunningError, match=r"maybe on another machine.*SHARD_IDS"):
                await holding

    _play(play)


@on_postgres
def test_block_that_is_cancelled_or_fails_lets_go(postgres_url):
    """What ends the block comes out of it, and the shards are free."""

    async def play(made):
        taken = asyncio.Event()
        holding = asyncio.create_task(_hold(made(postgres_url, 0), taken))
        await taken.wait()
        holding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await holding
        with pytest.raises(KeyError):
            async with hold_locks(made(postgres_url, 0), _pass):
                raise KeyError
        assert await made(postgres_url, 0).take()

    _play(play)


@asynccontextmanager
async def _taken_when_free(url, *, shard):
    """Queue for a shard's lock, so that it passes to this connection before anybody else tries."""
    other, looking = await asyncpg.connect(url), await asyncpg.connect(url)
    held = "locktype = 'advisory' AND objsubid = 2"
    bot = await looking.fetchval(f"SELECT classid::bigint FROM pg_locks WHERE {held}")
    signed = bot - 2**32 if bot >= 2**31 else bot
    taking = asyncio.create_task(other.execute("SELECT pg_advisory_lock($1, $2)", signed, shard))
    while not await looking.fetchval(f"SELECT 1 FROM pg_locks WHERE {held} AND NOT granted"):
        await asyncio.sleep(0.01)
    try:
        yield
        await taking
    finally:
        await asyncio.gather(other.close(), looking.close())


def _pass(problem):
    """Take no note."""


async def _hold(locks, taken):
    async with hold_locks(locks, _pass, 0.02):
        taken.set()
        await asyncio.sleep(60)


def test_sqlite_has_no_such_locks(tmp_path):
    """A file is used by one machine, whose own locks are enough."""
    assert ShardLocks.on(f"sqlite:///{tmp_path}/a.db", BOT, 1, (0,)) is None
