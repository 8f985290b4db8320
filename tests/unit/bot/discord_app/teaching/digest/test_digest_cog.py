"""What happens to digests while the database, the texts or Discord fail."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.database import CircuitBreaker, DueDigest
from bot.discord_app.teaching.digest.digest_cog import DigestCog
from bot.errors import DatabaseError

MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
WEEK = timedelta(weeks=1)


class Digests:
    """A store in memory, in which servers 1 and 2 have a digest."""

    def __init__(self):
        self.until = dict.fromkeys((1, 2), MONDAY - WEEK)

    async def due(self, until):
        """Return those that were not claimed."""
        return [DueDigest(n, 9, was) for n, was in self.until.items() if was < until]

    async def claim(self, due, until):
        """Claim one, once."""
        was, self.until[due.guild_id] = self.until[due.guild_id], until
        return was < until


def make_cog(now=MONDAY, unavailable=()):
    """Return the cog, of a bot in two servers without channels, and its store."""
    digests = Digests()
    guilds = {
        n: SimpleNamespace(id=n, unavailable=n in unavailable, get_channel=lambda _: None)
        for n in (1, 2)
    }
    runtime: Any = SimpleNamespace(
        database=SimpleNamespace(digests=digests), breaker=CircuitBreaker()
    )
    bot: Any = SimpleNamespace(get_guild=guilds.get, remove_dynamic_items=lambda *_: None)
    search: Any = None
    return DigestCog(bot, runtime, search, search, clock=now.timestamp), digests


def test_digest_is_claimed_from_its_minute_on():
    """Not a second earlier, and once."""
    cog, digests = make_cog(MONDAY - timedelta(seconds=1))
    asyncio.run(cog.send_due())
    assert set(digests.until.values()) == {MONDAY - WEEK}
    cog, digests = make_cog()
    asyncio.run(cog.send_due())
    assert set(digests.until.values()) == {MONDAY}


def test_server_that_discord_has_lost_waits():
    """Its channels are not known meanwhile; the digest is still due."""
    cog, digests = make_cog(unavailable={1})
    asyncio.run(cog.send_due())
    assert digests.until == {1: MONDAY - WEEK, 2: MONDAY}


@pytest.mark.parametrize("error", [DatabaseError("x", "locked"), OSError("no network")])
def test_failure_that_may_pass_is_logged_once_and_tried_again(monkeypatch, caplog, error):
    """Nothing is claimed meanwhile, and the other server gets its digest."""
    cog, digests = make_cog()
    claim = digests.claim

    async def fail(due, until):
        if due.guild_id == 1:
            raise error
        return await claim(due, until)

    monkeypatch.setattr(digests, "claim", fail)
    for _ in range(3):
        asyncio.run(cog.send_due())
    assert digests.until == {1: MONDAY - WEEK, 2: MONDAY}
    assert caplog.text.count("The digest of server 1 has to wait") == 1
    monkeypatch.setattr(digests, "claim", claim)
    asyncio.run(cog.send_due())
    assert set(digests.until.values()) == {MONDAY}


def test_mistake_in_one_server_keeps_no_other_from_its_digest(monkeypatch, caplog):
    """It is logged with its traceback."""
    cog, digests = make_cog()
    claim = digests.claim

    async def fail(due, until):
        if due.guild_id == 1:
            raise RuntimeError("a mistake")
        return await claim(due, until)

    monkeypatch.setattr(digests, "claim", fail)
    asyncio.run(cog.send_due())
    assert digests.until == {1: MONDAY - WEEK, 2: MONDAY}
    assert "a mistake" in caplog.text


def test_stop_waits_for_a_digest_that_was_claimed(monkeypatch):
    """Otherwise nobody would send it."""
    cog, digests = make_cog()
    claim = digests.claim

    async def play():
        claimed, sent = asyncio.Event(), asyncio.Event()

        async def claim_slowly(due, until):
            claimed.set()
            await sent.wait()
            return await claim(due, until)

        monkeypatch.setattr(digests, "claim", claim_slowly)
        sending = asyncio.create_task(cog.send_due())
        await claimed.wait()
        stopping = asyncio.create_task(cog.cog_unload())
        await asyncio.sleep(0.05)
        assert not stopping.done()
        sent.set()
        await stopping
        await sending

    asyncio.run(play())
    assert digests.until[1] == MONDAY
