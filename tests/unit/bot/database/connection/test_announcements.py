"""What one process announces on PostgreSQL, and what the others hear of it."""

import asyncio
from contextlib import aclosing, asynccontextmanager

import asyncpg
import pytest

from bot.database import Announcement, FolderChangedError, ServerSettings, open_database
from bot.database.connection import announcements as module
from tests.support.postgres import on_postgres

pytestmark = on_postgres

LOOK = Announcement()


@asynccontextmanager
async def _listening(url):
    """Yield a database, and a function that returns the next announcement of another process."""
    database, other = await open_database(url), await open_database(url)
    try:
        async with aclosing(other.announcements()) as heard:

            async def following():
                return await asyncio.wait_for(anext(heard), 20)

            assert await following() == LOOK
            yield database, following
    finally:
        await database.close()
        await other.close()


def test_changes_are_heard_with_their_servers(postgres_url):
    """Settings, files, and a deleted server, in their order."""

    async def run():
        async with _listening(postgres_url) as (database, following):
            await database.settings.set_server(5, ServerSettings(plain=True))
            assert await following() == Announcement("settings", 5)
            await database.files.replace(0, None, {}, lambda _: iter(()))
            assert await following() == Announcement("files", 0)
            await database.privacy.delete_server(2**62)
            assert await following() == Announcement("settings", 2**62)
            assert await following() == Announcement("files", 2**62)

    asyncio.run(run())


def test_failed_change_is_not_announced(postgres_url):
    """What was rolled back is heard by nobody."""

    async def run():
        async with _listening(postgres_url) as (database, following):
            version = await database.files.replace(5, None, {}, lambda _: iter(()))
            assert await following() == Announcement("files", 5)
            with pytest.raises(FolderChangedError):
                await database.files.replace(5, version + 1, {}, lambda _: iter(()))
            await database.settings.set_server(6, ServerSettings())
            assert await following() == Announcement("settings", 6)

    asyncio.run(run())


def test_lost_connection_is_made_again(postgres_url, monkeypatch):
    """What was missed meanwhile is made up for by looking at everything."""
    monkeypatch.setattr(module, "RETRY_S", 0.1)

    async def run():
        async with _listening(postgres_url) as (database, following):
            admin = await asyncpg.connect(postgres_url)
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE '%LISTEN%' AND pid <> pg_backend_pid() "
                "AND datname = current_database()"
            )
            assert await following() == LOOK
            await database.settings.set_server(6, ServerSettings())
            assert await following() == Announcement("settings", 6)
            await admin.close()

    asyncio.run(run())


def test_everything_is_looked_at_again_and_again(postgres_url, monkeypatch):
    """In case an announcement was missed."""
    monkeypatch.setattr(module, "_LOOK_EVERY_S", 0.05)

    async def run():
        async with _listening(postgres_url) as (_, following):
            assert [await following() for _ in range(3)] == [LOOK] * 3

    asyncio.run(run())


def test_everything_is_looked_at_also_under_traffic(postgres_url, monkeypatch):
    """Announcements do not put the next look off."""
    monkeypatch.setattr(module, "_LOOK_EVERY_S", 0.2)

    async def run():
        async with _listening(postgres_url) as (database, following):

            async def change_all_the_time():
                while True:
                    await database.settings.set_server(6, ServerSettings())

            changing = asyncio.create_task(change_all_the_time())
            heard = set[Announcement]()
            while LOOK not in heard or len(heard) < 2:
                heard.add(await following())
            changing.cancel()
            await asyncio.gather(changing, return_exceptions=True)

    asyncio.run(run())


def test_what_other_versions_announce_is_ignored(postgres_url):
    """An unknown topic, or a payload that is none."""

    async def run():
        async with _listening(postgres_url) as (_, following):
            admin = await asyncpg.connect(postgres_url)
            for payload in ("weather 5", "files", "files five", "", "files \u00b2", "files 7"):
                await admin.execute("SELECT pg_notify('pullquote_changes', $1)", payload)
            assert await following() == Announcement("files", 7)
            await admin.close()

    asyncio.run(run())
