"""A database on several servers: the one that takes changes is used, also after a failover."""

import asyncio
import signal

import pytest

from bot.database import ShardLocks, open_database, open_database_when_possible
from bot.database.connection import engines
from bot.errors import DatabaseError
from tests.support.health_page import free_port
from tests.system.durability.postgres.cluster import Proxy


def on_both(first, second, database="quotes"):
    """Return a DATABASE_URL that lists two servers."""
    rest = first.address.rpartition("@")[0]
    return f"{rest}@{first.host},{second.host}/{database}"


async def stored(database, key):
    """Return a value within the time that answers wait for the database."""
    async with asyncio.timeout(1.5):
        return await database.key_values.get(key)


def test_database_moves_to_the_standby(primary, standby):
    """While none takes changes the standby is read; what was stored is there after the failover."""

    async def play():
        database = await open_database(on_both(primary, standby))
        try:
            await database.key_values.put("before", "1")
            position = "SELECT (pg_last_wal_replay_lsn() >= '{}')::text"
            last = await asyncio.to_thread(primary.value, "SELECT pg_current_wal_lsn()::text")
            await asyncio.to_thread(standby.wait_until, position.format(last), "true")
            await asyncio.to_thread(primary.stop)
            assert await stored(database, "before") == "1"
            with pytest.raises(DatabaseError, match=r"read-only transaction; it can be read mean"):
                await database.key_values.put("between", "2")
            await asyncio.to_thread(standby.promote)
            await database.key_values.put("after", "3")
            return [await stored(database, key) for key in ("before", "between", "after")]
        finally:
            await database.close()

    assert asyncio.run(play()) == ["1", None, "3"]


def test_server_that_became_read_only_is_left(primary, standby):
    """Open connections to it are not used any longer, so that no write is refused."""

    async def play():
        database = await open_database(on_both(primary, standby))
        try:
            await database.key_values.put("before", "1")
            await asyncio.to_thread(standby.promote)
            await asyncio.to_thread(
                primary.run, "ALTER SYSTEM SET default_transaction_read_only = on"
            )
            await asyncio.to_thread(primary.run, "SELECT pg_reload_conf()")
            await asyncio.sleep(engines._READ_ONLY_FOR_S + 0.5)
            await database.key_values.put("after", "2")
        finally:
            await database.close()

    asyncio.run(play())
    assert standby.value("SELECT value FROM facts WHERE key = 'after'", "quotes") == "2"


def test_server_that_vanished_costs_no_time(primary, standby):
    """It closes no connection and refuses none; the other is found within the time of an answer."""

    async def play(proxy):
        class Vanishing:
            address, host = primary.address, f"127.0.0.1:{proxy.port}"

        database = await open_database(on_both(Vanishing, standby))
        try:
            await asyncio.gather(*(database.key_values.put(f"{n}", "x") for n in range(9)))
            await asyncio.to_thread(standby.wait_until, "SELECT count(*) FROM facts", 9, "quotes")
            proxy.is_silent = True
            await asyncio.to_thread(standby.promote)
            for n in range(9):
                assert await stored(database, f"{n}") == "x"
            await database.key_values.put("after", "1")
        finally:
            await asyncio.wait_for(database.close(), 60)

    with Proxy(primary.host) as proxy:
        asyncio.run(play(proxy))
    assert standby.value("SELECT value FROM facts WHERE key = 'after'", "quotes") == "1"


def test_one_server_of_two_is_enough_to_start(primary):
    """One that was never there is passed over; locks are taken on the other."""

    class Nowhere:
        address, host = primary.address, f"127.0.0.1:{free_port()}"

    url = on_both(Nowhere, primary)

    async def play():
        database = await open_database(url)
        await database.key_values.put("a", "1")
        await database.close()
        locks = ShardLocks.on(url, 1, 1, (0,))
        assert locks is not None
        assert await locks.take()
        await locks.close()

    asyncio.run(play())


def test_locks_are_not_taken_on_a_standby(primary, standby):
    """They would not be seen by those who lock on the primary."""
    url = on_both(primary, standby)

    async def play():
        await (await open_database(url)).close()
        await asyncio.to_thread(primary.stop, signal.SIGINT)
        locks = ShardLocks.on(url, 1, 1, (0,))
        assert locks is not None
        with pytest.raises(DatabaseError, match="no server takes changes") as caught:
            await locks.take()
        assert caught.value.may_pass
        database = await open_database_when_possible(url)
        assert database.problem is None
        await database.close()

    asyncio.run(play())


def test_no_server_is_one_line(primary):
    """It names both, and a refusal rather than a server that is not there."""

    class Nowhere:
        address, host = primary.address, f"127.0.0.1:{free_port()}"

    url = on_both(Nowhere, primary).replace(
        ":" + primary.address.split(":")[2].split("@")[0], ":wrong"
    )
    with pytest.raises(DatabaseError, match="password authentication failed") as caught:
        asyncio.run(open_database(url))
    assert f"@{Nowhere.host},{primary.host}/quotes failed" in str(caught.value)
    assert "wrong" not in str(caught.value)
