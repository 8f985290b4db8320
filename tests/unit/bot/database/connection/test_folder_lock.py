"""Who changes the files of a server holds them on PostgreSQL, over all machines."""

import asyncio

import pytest

from bot.database import FolderInUseError, open_database
from tests.support.postgres import on_postgres

pytestmark = on_postgres


def test_files_of_a_server_are_held_by_one_process(postgres_url):
    """Another server's are free, and so are these once they are given back."""

    async def run():
        one, other = await open_database(postgres_url), await open_database(postgres_url)
        for guild_id in (0, 5):
            async with one.folder_lock(guild_id):
                with pytest.raises(FolderInUseError):
                    async with other.folder_lock(guild_id):
                        pass
                async with other.folder_lock(6):
                    pass
            async with other.folder_lock(guild_id):
                pass
        await one.close()
        await other.close()

    asyncio.run(run())
