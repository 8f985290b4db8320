"""Settings of servers and channels: defaults, replacing, forgetting."""

import asyncio

from bot.database import ChannelSettings, ServerSettings

CHOSEN = ServerSettings(
    language="de",
    ask_roles=frozenset({2**63 - 1, 5}),
    admin_roles=frozenset({6}),
    trusted_roles=frozenset({7}),
    cooldown_questions=3,
    cooldown_seconds=90,
    plain=True,
    shared_texts=False,
    digest_channel=2**62,
)


def test_settings_are_the_defaults_where_none_are_stored(on_database):
    """A server and a channel that nobody set up have the defaults."""

    async def play(database, _):
        assert await database.settings.server(1) == ServerSettings()
        assert await database.settings.channel(1, 2) == ChannelSettings()

    on_database(play)


def test_server_settings_are_replaced_as_a_whole(on_database):
    """What is set is what is read, also the second time, and only for that server."""

    async def play(database, _):
        await database.settings.set_server(1, CHOSEN)
        assert await database.settings.server(1) == CHOSEN
        await database.settings.set_server(1, ServerSettings(language="fr"))
        assert await database.settings.server(1) == ServerSettings(language="fr")
        assert await database.settings.server(2) == ServerSettings()

    on_database(play)


def test_channel_settings_are_replaced_for_that_channel_only(on_database):
    """What is set last is what is read; other channels and other servers keep theirs."""

    async def play(database, _):
        every = ChannelSettings(
            "every",
            threads=True,
            confidence="sure",
            texts=("v2", "\u00e9*"),
            private_answers=False,
        )
        await database.settings.set_channel(1, 9, every)
        await database.settings.set_channel(1, 3, ChannelSettings("off"))
        await database.settings.set_channel(2, 4, every)
        await database.settings.set_channel(1, 9, ChannelSettings("off"))
        assert await database.settings.channel(2, 4) == every
        for channel_id in (3, 9):
            assert await database.settings.channel(1, channel_id) == ChannelSettings("off")
        assert await database.settings.channel(1, 4) == ChannelSettings()

    on_database(play)


def test_two_admins_at_once_leave_the_settings_of_one(on_database):
    """Settings written at the same time are one admin's whole ones."""

    async def play(database, _):
        choices = [ServerSettings(language="de"), ServerSettings(plain=True)]
        await asyncio.gather(*(database.settings.set_server(1, chosen) for chosen in choices))
        assert await database.settings.server(1) in choices

    on_database(play)
