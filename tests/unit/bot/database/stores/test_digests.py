"""Which digests are due, and who sends them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.database import DueDigest, ServerSettings
from tests.support.postgres import NOON

DIGEST = ServerSettings(digest_channel=2**63 - 1)
HOUR = timedelta(hours=1)


def test_digest_is_due_from_when_it_was_turned_on(on_database):
    """Servers without a channel have none; nothing before the choice is to be caught up on."""

    async def play(database, clock):
        await database.settings.set_server(1, ServerSettings())
        clock.now += HOUR
        await database.settings.set_server(2, DIGEST)
        assert await database.digests.due(NOON + HOUR) == []
        due = DueDigest(2, 2**63 - 1, NOON + HOUR)
        assert await database.digests.due(NOON + 2 * HOUR) == [due]

    on_database(play)


def test_other_settings_leave_the_time_of_the_digest_alone(on_database):
    """Only turning it off and on begins anew."""

    async def play(database, clock):
        settings = database.settings
        await settings.set_server(1, DIGEST)
        clock.now += HOUR
        await settings.set_server(1, replace(DIGEST, plain=True, digest_channel=4))
        assert await database.digests.due(NOON + HOUR) == [DueDigest(1, 4, NOON)]
        await settings.set_server(1, ServerSettings())
        assert await database.digests.due(NOON + 9 * HOUR) == []
        clock.now += HOUR
        await settings.set_server(1, DIGEST)
        (due,) = await database.digests.due(NOON + 9 * HOUR)
        assert due.since == NOON + 2 * HOUR

    on_database(play)


def test_one_of_several_processes_gets_a_digest(on_database):
    """However many claim it at the same time, and only until the next one."""

    async def play(database, _):
        digests, until = database.digests, NOON + HOUR
        await database.settings.set_server(1, DIGEST)
        await database.settings.set_server(2, DIGEST)
        (due, _) = sorted(await digests.due(until), key=lambda one: one.guild_id)
        claims = await asyncio.gather(*(digests.claim(due, until) for _ in range(5)))
        assert sorted(claims) == [False] * 4 + [True]
        assert [one.guild_id for one in await digests.due(until)] == [2]
        assert not await digests.claim(due, until)
        (later,) = [one for one in await digests.due(until + HOUR) if one.guild_id == 1]
        assert later.since == until
        assert await digests.claim(later, until + HOUR)

    on_database(play)


def test_digest_that_is_no_longer_wanted_there_is_not_claimed(on_database):
    """Its channel was changed, or it was turned off, after it was found to be due."""

    async def play(database, _):
        await database.settings.set_server(1, DIGEST)
        (due,) = await database.digests.due(NOON + HOUR)
        await database.settings.set_server(1, replace(DIGEST, digest_channel=4))
        assert not await database.digests.claim(due, NOON + HOUR)
        await database.settings.set_server(1, ServerSettings())
        assert not await database.digests.claim(due, NOON + HOUR)

    on_database(play)
