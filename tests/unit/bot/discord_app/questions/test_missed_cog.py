"""Which channels and messages are read after a loss of a session, in which order and how fast."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord.utils import snowflake_time, time_snowflake

from bot.database import ServerSettings
from bot.discord_app.context.seen_ids import SeenIds
from bot.discord_app.context.session_losses import SessionLosses
from bot.discord_app.questions.missed_cog import MissedCog
from bot.operations.logs.request_id import current_question_id

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
BOT = SimpleNamespace(id=1)
ALICE = SimpleNamespace(id=2, bot=False)


def at(minutes):
    """Return the id of what is posted so many minutes after noon."""
    return time_snowflake(NOON + timedelta(minutes=minutes))


class Channel:
    """A channel with messages that mention the bot."""

    def __init__(self, world: "World", *minutes: float) -> None:
        self.world = world
        self.id = time_snowflake(NOON) + len(world.guild.text_channels)
        self.guild = world.guild
        self.messages = [
            SimpleNamespace(id=at(one), mentions=[BOT], author=ALICE, webhook_id=None)
            for one in minutes
        ]
        self.last_message_id = max(message.id for message in self.messages)
        world.guild.text_channels.append(self)

    def permissions_for(self, _: object) -> Any:
        """Let the bot see the channel."""
        return SimpleNamespace(view_channel=True, read_message_history=True)

    async def history(self, *, limit: int, before: Any, after: Any, oldest_first: bool) -> Any:
        """Yield the messages between two ids, newest first."""
        assert (limit, oldest_first) == (100, False)
        self.world.read.append(self)
        self.world.read_at.append(time.monotonic())
        if self.world.on_read is not None:
            await self.world.on_read(self)
        for message in reversed(self.messages):
            if after.id < message.id < before.id:
                yield message


class World:
    """A bot in one server, whose session is lost at noon.

    Attributes:
        read: The channels that were read, in order.
        read_at: When, on the monotonic clock.
        asked: The minutes of the questions that were handed on, in order.
        on_read: Awaited when a channel is read.
    """

    def __init__(self) -> None:
        self.now = NOON
        self.read: list[Channel] = []
        self.read_at: list[float] = []
        self.asked: list[float] = []
        self.log_ids: list[str | None] = []
        self.on_read: Callable[[Channel], Any] | None = None
        self.guild: Any = SimpleNamespace(
            id=7,
            shard_id=0,
            me=BOT,
            unavailable=False,
            text_channels=[],
            voice_channels=[],
            stage_channels=[],
            threads=[],
        )
        self.bot: Any = SimpleNamespace(user=BOT, guilds=[self.guild], dispatch=self._dispatch)
        self.losses = SessionLosses(lambda: self.now)

    def cog(self, pause_s: float = 0.0) -> MissedCog:
        """Return the cog of a bot whose first session has begun."""

        async def server(_: int) -> ServerSettings:
            return ServerSettings()

        runtime: Any = SimpleNamespace(
            session_losses=self.losses,
            seen_messages=SeenIds(),
            settings_cache=SimpleNamespace(server=server),
        )
        self.losses.note_session(None)
        return MissedCog(self.bot, runtime, pause_s)

    async def lose_session(self, cog: MissedCog, minutes: float) -> None:
        """Lose the session, and begin another after some minutes."""
        await cog.on_disconnect()
        self.now += timedelta(minutes=minutes)
        await cog.on_connect()
        await cog.on_ready()

    def _dispatch(self, event: str, message: Any) -> None:
        assert event == "message"
        self.log_ids.append(current_question_id())
        self.asked.append((snowflake_time(message.id) - NOON) / timedelta(minutes=1))


async def finished():
    """Wait for the readings."""
    while readings := [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]:
        await asyncio.wait(readings)


@pytest.fixture
def world():
    """A world without channels."""
    return World()


def test_questions_of_ten_minutes_are_handed_on(world):
    """Older ones were asked again or given up; the two minutes before the loss count as missed."""
    Channel(world, -1, 1, 4, 6)

    async def play():
        await world.lose_session(world.cog(), 12)
        await finished()

    asyncio.run(play())
    assert world.asked == [4, 6]
    assert None not in world.log_ids
    assert len(set(world.log_ids)) == 2  # each has an id of its own in the log


def test_channels_are_read_newest_first_and_apart(world):
    """People who asked last wait longest; Discord is asked no faster than was promised."""
    channels = [Channel(world, minutes) for minutes in (1, 3, 2)]

    async def play():
        await world.lose_session(world.cog(pause_s=0.1), 5)
        await finished()

    asyncio.run(play())
    assert world.read == [channels[1], channels[2], channels[0]]
    first, second, third = world.read_at
    assert second - first > 0.09
    assert third - second > 0.09


def test_reading_ends_when_what_is_left_is_too_old(world):
    """Long queues of channels end after ten minutes, not when all are read."""
    newer, older = Channel(world, 3), Channel(world, 1)

    async def pass_time(_):
        world.now += timedelta(minutes=7)

    world.on_read = pass_time

    async def play():
        await world.lose_session(world.cog(), 5)
        await finished()

    asyncio.run(play())
    assert world.read == [newer]
    assert older not in world.read


def test_messages_after_the_return_are_not_read(world):
    """The new session has brought them."""
    channel = Channel(world, 1)

    async def post(_):
        channel.messages.append(
            SimpleNamespace(id=at(8), mentions=[BOT], author=ALICE, webhook_id=None)
        )

    world.on_read = post

    async def play():
        await world.lose_session(world.cog(), 2)
        await finished()

    asyncio.run(play())
    assert world.asked == [1]


def test_second_loss_during_a_reading_is_read_too(world):
    """The reading starts again, from the first loss on."""
    channel = Channel(world, 1)
    other = Channel(world, 0.5)

    async def lose_again(read):
        if len(world.read) == 1:
            assert read is channel
            await cog.on_disconnect()
            other.messages.append(
                SimpleNamespace(id=at(6), mentions=[BOT], author=ALICE, webhook_id=None)
            )
            other.last_message_id = at(6)
            world.now += timedelta(minutes=2)
            await cog.on_connect()
            asyncio.get_running_loop().call_soon(asyncio.ensure_future, cog.on_ready())
            await asyncio.sleep(0.01)

    world.on_read = lose_again
    cog = world.cog()

    async def play():
        await world.lose_session(cog, 5)
        await finished()

    asyncio.run(play())
    assert sorted(world.asked) == [0.5, 1, 6]


def test_next_client_reads_what_the_closed_one_left(world):
    """A client that loses an intent is closed while it reads."""
    Channel(world, 1)

    async def play():
        first = world.cog(pause_s=60)
        await world.lose_session(first, 5)
        await first.cog_unload()
        await finished()
        assert world.asked == []
        second = world.cog()
        await second.on_ready()
        await finished()

    asyncio.run(play())
    assert world.asked == [1]


def test_server_that_becomes_available_late_is_read(world):
    """It has no channels while it is unavailable; without a loss nothing is read."""
    late = world.guild
    world.guild.unavailable = True
    Channel(world, 1)

    async def play():
        cog = world.cog()
        await cog.on_guild_available(late)
        assert world.read == []
        await world.lose_session(cog, 2)
        await finished()
        assert world.read == []
        late.unavailable = False
        await cog.on_guild_available(late)
        await finished()
        world.now += timedelta(minutes=12)
        Channel(world, 13)
        await cog.on_guild_available(late)
        await finished()

    asyncio.run(play())
    assert len(world.read) == 1
    assert world.asked == [1]


def test_error_in_a_channel_leaves_the_others(world, caplog):
    """A thread without its channel is skipped, and what fails otherwise is logged."""
    thread = object.__new__(discord.Thread)
    thread.guild, thread.parent_id = world.guild, 4
    world.guild.get_channel = lambda _: None
    thread.last_message_id = at(1)
    world.guild.threads.append(thread)
    Channel(world, 1)
    Channel(world, 0.5)

    async def fail(_):
        if len(world.read) == 1:
            raise ValueError("no such thing")

    world.on_read = fail

    async def play():
        await world.lose_session(world.cog(), 2)
        await finished()

    asyncio.run(play())
    assert world.asked == [0.5]
    assert "Missed questions in channel" in caplog.text
