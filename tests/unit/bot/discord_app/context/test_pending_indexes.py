"""Questions wait for the index of their server, which then goes before the others."""

import asyncio
from contextlib import suppress

import pytest

from bot.discord_app.context import pending_indexes
from bot.discord_app.context.pending_indexes import PendingIndexes


def test_servers_that_are_asked_come_first():
    """In the order of the questions; each question goes on once its server is done."""

    async def run():
        pending, log = PendingIndexes(), list[str]()

        async def ask(guild_id):
            await pending.wait(guild_id)
            log.append(f"asked {guild_id}")

        questions = []
        for guild_id in pending.each([1, 2, 3, 4, 5]):
            if guild_id == 1:
                questions = [asyncio.create_task(ask(one)) for one in (4, 3, 4, 6, None)]
            log.append(f"indexed {guild_id}")
            for _ in range(5):
                await asyncio.sleep(0)
        await asyncio.gather(*questions)
        in_order = ["indexed 1", "asked 6", "asked None", "indexed 4", "indexed 3"]
        assert [one for one in log if one in in_order] == in_order
        assert log.index("indexed 4") < log.index("asked 4") < log.index("indexed 2")
        assert log.index("indexed 3") < log.index("asked 3") < log.index("indexed 5")
        assert pending._asked == []
        assert pending._done == {}

    asyncio.run(run())


def test_question_does_not_wait_for_ever(monkeypatch):
    """Texts that take long are left out of its answer."""
    monkeypatch.setattr(pending_indexes, "_MAX_WAIT_S", 0.01)

    async def run():
        pending = PendingIndexes()
        each = pending.each([1])
        next(each)
        await pending.wait(1)
        assert pending._asked == []

    asyncio.run(run())


def test_interrupted_indexing_lets_the_questions_go_on():
    """Whatever ends it."""

    async def run():
        pending = PendingIndexes()

        async def index():
            for _ in pending.each([1, 2]):
                raise RuntimeError

        each = pending.each([3])
        next(each)
        waiting = asyncio.create_task(pending.wait(3))
        await asyncio.sleep(0)
        each.close()
        await asyncio.wait_for(waiting, 5)
        with suppress(RuntimeError):
            await index()
        await asyncio.wait_for(pending.wait(2), 5)

    asyncio.run(run())


@pytest.mark.parametrize("guild_id", [None, 7])
def test_question_elsewhere_does_not_wait(guild_id):
    """In direct messages, or where everything is indexed."""
    asyncio.run(asyncio.wait_for(PendingIndexes().wait(guild_id), 5))
