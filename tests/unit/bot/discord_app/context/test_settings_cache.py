"""Servers' settings as the bot knows them between two looks at the database."""

import asyncio

import pytest

from bot.database import ChannelSettings, CircuitBreaker, ServerSettings
from bot.discord_app.context.settings_cache import SettingsCache
from bot.errors import DatabaseError


def test_settings_read_while_they_change_are_not_kept(on_database):
    """Old settings that are read meanwhile are not kept for later readers."""

    async def play(database, _):
        known, read = SettingsCache(database), database.settings.server

        async def change_after_reading(guild_id):
            settings = await read(guild_id)
            database.settings.server = read
            await database.settings.set_server(guild_id, ServerSettings(plain=True))
            known.forget(guild_id)
            return settings

        database.settings.server = change_after_reading
        assert not (await known.server(1)).plain
        assert (await known.server(1)).plain

    on_database(play)


def test_crowd_reads_the_settings_once(on_database):
    """Once they are old, the first who asks reads them, and the others get what was known."""

    async def play(database, _):
        moments, read, reads = [0.0], database.settings.server, []

        async def read_and_count(guild_id):
            reads.append(guild_id)
            return await read(guild_id)

        known = SettingsCache(database, clock=lambda: moments[0])
        database.settings.server = read_and_count
        await known.server(1)
        moments[0] = 10.0
        await asyncio.gather(*(known.server(1) for _ in range(20)))
        assert reads == [1, 1]

    on_database(play)


@pytest.mark.parametrize("told", [None, 1])
def test_told_change_is_read_and_what_was_known_stays(on_database, told):
    """While the database cannot be read, the settings are those from before, not the defaults."""

    async def play(database, _):
        known = SettingsCache(database, clock=lambda: 0.0)
        await database.settings.set_server(1, ServerSettings(plain=True))
        await database.settings.set_channel(1, 2, ChannelSettings(threads=True))
        read = await known.server(1), await known.channel(1, 2)

        async def fail(*_):
            raise DatabaseError("it", "went away")

        stored = database.settings.server
        database.settings.server = database.settings.channel = fail
        known.on_change(told)
        assert (await known.server(1), await known.channel(1, 2)) == read
        database.settings.server = stored
        await database.settings.set_server(1, ServerSettings(language="de"))
        known._breaker = CircuitBreaker()
        known.on_change(told)
        assert (await known.server(1)).language == "de"

    on_database(play)
