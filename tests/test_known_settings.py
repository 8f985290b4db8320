"""Servers' settings as the bot knows them between two looks at the database."""

from bot.database import ServerSettings
from bot.discord_app.known_settings import KnownSettings


def test_settings_read_while_they_change_are_not_kept(on_database):
    """Who reads the old ones meanwhile does not put them before those who come later."""

    async def play(database, _):
        known, read = KnownSettings(database), database.settings.server

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
