"""Work that takes its time gets a thread of its own."""

import asyncio
import threading

import pytest

from bot.discord_app.beside import beside_the_loop


def test_work_beside_the_loop_gives_its_result_or_error():
    """What it raises is raised where it is awaited."""

    async def run():
        assert await beside_the_loop(lambda: 7) == 7
        with pytest.raises(KeyError):
            await beside_the_loop(lambda: dict[str, int]()["x"])

    asyncio.run(run())


def test_loop_goes_on_and_ends_while_work_is_under_way():
    """Neither other tasks nor the end of the program wait for it."""
    end = threading.Event()

    async def run():
        working = asyncio.ensure_future(beside_the_loop(end.wait))
        await asyncio.sleep(0)
        assert not working.done()
        assert all(thread.daemon for thread in threading.enumerate() if thread.name == "build")

    asyncio.run(run())
    end.set()
