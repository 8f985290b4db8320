"""A database that fails or is slow: the value returned instead, and the log lines."""

import asyncio
import contextlib
import logging

import pytest

from bot.database.connection import circuit_breaker as module
from bot.database.connection.circuit_breaker import CircuitBreaker
from bot.discord_app.context.seen_ids import SeenIds
from bot.errors import DatabaseError


class Store:
    """A database that works, fails or hangs as it is told."""

    def __init__(self):
        self.state = "works"
        self.calls = 0

    async def work(self):
        self.calls += 1
        if self.state == "fails":
            raise DatabaseError("here", "it is broken")
        if self.state == "hangs":
            await asyncio.Event().wait()
        if self.state == "hangs on":
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            await asyncio.sleep(0.5)
            raise DatabaseError("here", "it ended at last")
        return "done"


@pytest.fixture
def clock():
    """The time as a list of one number."""
    return [0.0]


@pytest.fixture
def breaker(clock, monkeypatch):
    """A circuit breaker whose timeouts end at once, on a clock that stands still."""
    monkeypatch.setattr(module, "_READING_S", 0.01)
    monkeypatch.setattr(module, "_WRITING_S", 0.01)
    return CircuitBreaker(lambda: clock[0])


def test_database_that_cannot_be_read_in_time_is_not_written_either(breaker, clock):
    """One timeout is enough to wait for; one that cannot be written in time can still be read."""
    store, sound = Store(), Store()
    store.state = "hangs"

    async def play():
        assert await breaker.read(store.work, None) is None
        assert await breaker.write(sound.work, None) is None
        clock[0] += 11
        assert await breaker.write(store.work, None) is None
        assert await breaker.read(sound.work, None) == "done"

    asyncio.run(play())
    assert (store.calls, sound.calls) == (2, 1)


def test_failure_is_said_once_and_something_else_returned(breaker, caplog):
    """One line tells that the database failed, and one that it works again."""
    caplog.set_level(logging.INFO, "bot")
    store = Store()

    async def play():
        yield await breaker.read(store.work, None)
        store.state = "fails"
        for use in (breaker.read, breaker.write, breaker.read):
            yield await use(store.work, None)
        store.state = "works"
        yield await breaker.read(store.work, None)
        assert "works again" not in caplog.text  # writing may fail still
        yield await breaker.write(store.work, None)

    async def collect():
        return [one async for one in play()]

    assert asyncio.run(collect()) == ["done", None, None, None, "done", "done"]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_flapping_database_is_said_once_a_minute(breaker, clock, caplog):
    """A database that fails now and then does not fill the log."""
    caplog.set_level("WARNING")
    store = Store()
    for moment in (0, 30, 61):
        clock[0] = moment
        for state in ("fails", "works"):
            store.state = state
            asyncio.run(breaker.read(store.work, None))
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


def test_slow_database_is_left_alone_for_a_while(breaker, clock):
    """After one use that took too long the next fail at once; reading and writing are apart."""
    store = Store()
    store.state = "hangs"
    for _ in range(3):
        with pytest.raises(DatabaseError, match=r"in time|no answer within"):
            asyncio.run(breaker.must_write(store.work))
    assert store.calls == 1
    store.state = "works"
    assert asyncio.run(breaker.must_read(store.work)) == "done"
    clock[0] = 11.0
    assert asyncio.run(breaker.must_write(store.work)) == "done"


def test_seen_forgets_the_oldest_first():
    """An id is new once, until very many others came after it."""
    seen = SeenIds(2)
    assert [seen.is_new(number) for number in (1, 1, 2, 3, 2, 1)] == [
        True,
        False,
        True,
        True,
        False,
        True,
    ]


def test_problem_is_that_of_the_last_failure_until_all_works_again(breaker):
    """Reading that works does not hide writing that fails."""
    store = Store()

    async def play():
        assert breaker.problem is None
        store.state = "fails"
        await breaker.write(store.work, None)
        assert "it is broken" in (breaker.problem or "")
        store.state = "works"
        await breaker.read(store.work, None)
        assert breaker.problem is not None
        await breaker.write(store.work, None)
        assert breaker.problem is None

    asyncio.run(play())


def test_work_that_does_not_end_when_told_is_not_waited_for(breaker, caplog):
    """The caller goes on at once, and the result of the work is dropped."""
    store = Store()
    store.state = "hangs on"

    async def play():
        assert await breaker.read(store.work, "otherwise") == "otherwise"
        assert len(breaker._tasks) == 1
        while breaker._tasks:
            await asyncio.sleep(0.01)

    asyncio.run(play())
    assert "no answer within" in caplog.text
    assert "never retrieved" not in caplog.text
