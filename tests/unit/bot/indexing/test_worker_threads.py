"""Work that takes its time gets a thread of its own."""

import asyncio
import threading
import time

import pytest

from bot.indexing.worker_threads import run_in_worker_thread


def test_work_beside_the_loop_gives_its_result_or_error():
    """What it raises is raised where it is awaited."""

    async def run():
        assert await run_in_worker_thread(lambda: 7) == 7
        with pytest.raises(KeyError):
            await run_in_worker_thread(lambda: dict[str, int]()["x"])

    asyncio.run(run())


def test_loop_goes_on_and_ends_while_work_is_under_way():
    """Neither other tasks nor the end of the program wait for it."""
    end = threading.Event()

    async def run():
        working = asyncio.ensure_future(run_in_worker_thread(end.wait))
        await asyncio.sleep(0)
        assert not working.done()
        assert all(thread.daemon for thread in threading.enumerate() if thread.name == "build")

    asyncio.run(run())
    end.set()


def test_threads_are_used_again():
    """Work that comes one after the other shares a thread, which keeps the memory it had."""

    async def play():
        names = []
        for _ in range(5):
            names.append(await run_in_worker_thread(threading.get_ident))
            await asyncio.to_thread(time.sleep, 0.01)  # the thread takes note that it is free
        return names

    assert len(set(asyncio.run(play()))) < 5


def test_work_that_comes_together_is_done_together():
    """Each has a thread while the others wait for it."""

    async def play():
        barrier = threading.Barrier(3)
        await asyncio.gather(*(run_in_worker_thread(lambda: barrier.wait(10)) for _ in range(3)))

    asyncio.run(play())
