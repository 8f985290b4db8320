"""A process learns whose data another process deletes."""

import asyncio
from types import SimpleNamespace
from typing import Any

from bot.config.settings import Settings
from bot.database import open_database, open_database_when_possible
from bot.database.connection.circuit_breaker import CircuitBreaker
from bot.discord_app.privacy.remote_erasure_cog import RemoteErasureCog

ADA = "a" * 32


def _looking(database):
    """Return a cog beside an asker that only notes whom it forgot, and this note."""
    forgotten: list[str] = []
    runtime: Any = SimpleNamespace(
        database=database,
        settings=Settings(shard_count=2, shard_ids=(0,)),
        breaker=CircuitBreaker(),
    )
    asker: Any = SimpleNamespace(forget_person=forgotten.append)
    return RemoteErasureCog(runtime, asker), forgotten


def test_person_is_forgotten_once_for_each_wish(tmp_path):
    """The same request is carried out once; a later one is carried out again."""

    async def play():
        database = await open_database(f"sqlite:///{tmp_path}/pullquote.db")
        cog, forgotten = _looking(database)
        for day in (1, 1, 2):
            await database.key_values.put(f"forget {ADA}", f"2999-01-0{day}T00:00:00+00:00")
            await cog.look()
        assert forgotten == [ADA, ADA]
        await database.key_values.put(f"forget {ADA}", "2001-01-01T00:00:00+00:00")
        await cog.look()
        assert await database.key_values.get(f"forget {ADA}") is None
        await database.close()

    asyncio.run(play())


def test_failing_database_is_said_once(tmp_path, caplog):
    """Looking every two seconds would fill the log of a night."""
    (tmp_path / "pullquote.db").write_bytes(b"no database, but as long as a header" * 9)

    async def play():
        database = await open_database_when_possible(f"sqlite:///{tmp_path}/pullquote.db")
        caplog.clear()
        cog, forgotten = _looking(database)
        for _ in range(3):
            await cog.look()
        assert forgotten == []
        await database.close()

    asyncio.run(play())
    assert len(caplog.records) == 1
