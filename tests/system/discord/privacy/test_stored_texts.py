"""What must be deleted of texts that are in PostgreSQL is, also where no machine has a copy."""

import shutil
from datetime import UTC, datetime, timedelta
from functools import partial

from tests.support.data.data_folder import store
from tests.support.postgres import on_postgres
from tests.support.scenes import running_world

MILL = b"The mill of Arden belonged to the Thorne family for two hundred years."


def _removed_path(days):
    """Return the path of a text that was removed some days ago."""
    at = datetime.now(UTC) - timedelta(days=days)
    return f"removed/{int(at.timestamp() * 1000)}/mill.txt"


def _stored(world, guild):
    """Return the paths of a server's files in the database; None if it has no folder there."""

    async def look(database):
        folder = await database.files.folder(guild.id)
        return None if folder is None else set(folder.files)

    return world.on_database(look)


@on_postgres
def test_old_and_left_texts_are_deleted_in_the_database(discord, postgres_url, tmp_path):
    """A removed text after seven days, and all of a server after the retention time."""
    fair = {"texts/fair.txt": b"The fair of Arden is held in August."}
    recent, old = _removed_path(6), _removed_path(8)
    with running_world(discord, tmp_path, DATABASE_URL=postgres_url) as world:
        scene, left = world.settle(), world.settle("Hightor")
        guild_ids = scene.guild.id, left.guild.id
        files = fair | {old: MILL, recent: MILL}
        for guild_id in guild_ids:
            world.on_database(partial(store, guild_id=guild_id, files=files))
        discord.remove_guild(left.guild)
        world.bot.wait_for_log(f"Removed from server {left.guild.id}")
        key, long_ago = f"left server {left.guild.id}", "2026-01-01T00:00:00+00:00"
        world.on_database(lambda database: database.key_values.put(key, long_ago))
    shutil.rmtree(world.data / "servers")
    discord.expect_restart()
    with running_world(discord, tmp_path, DATABASE_URL=postgres_url) as world:
        discord.wait_until(lambda: _stored(world, left.guild) is None, 20, "the server's deletion")
        kept = {"texts/fair.txt", recent}
        discord.wait_until(lambda: _stored(world, scene.guild) == kept, 20, "the old text's")
        servers = world.data / "servers"
        discord.wait_until(
            lambda: not (servers / str(left.guild.id)).exists(), 20, "the server's folder"
        )
        assert not (servers / str(scene.guild.id) / old).exists()
        assert (servers / str(scene.guild.id) / recent).read_bytes() == MILL
