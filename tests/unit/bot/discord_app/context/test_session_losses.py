"""Since when shards have missed events."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.discord_app.context.session_losses import SessionLosses

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
UNNOTICED = timedelta(minutes=2)


class Clock:
    """The time, which a test moves forward."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        """Return the present time."""
        return self.now

    def pass_minutes(self, minutes):
        """Let minutes pass."""
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock():
    """A clock that shows noon."""
    return Clock()


@pytest.fixture
def losses(clock):
    """Losses on that clock."""
    return SessionLosses(clock)


def test_session_after_a_loss_has_missed_events_since_shortly_before_it(losses, clock):
    """A silent connection is noticed late, so its last minutes count as missed."""
    losses.note_session(None)
    clock.pass_minutes(1)
    losses.note_loss(None)
    clock.pass_minutes(1)
    losses.note_loss(None)  # of a connection over which no session began
    losses.note_session(None)
    assert losses.take(None) == NOON + timedelta(minutes=1) - UNNOTICED
    assert losses.take(None) is None


def test_resumed_session_has_missed_nothing(losses):
    """Discord sends it the events of the time between."""
    losses.note_session(0)
    losses.note_loss(0)
    losses.note_resumed(0)
    losses.note_session(0)
    assert losses.take(0) is None


def test_first_session_has_missed_nothing(losses):
    """Failed connections before it lost no session; the minutes before the start were no one's."""
    losses.note_loss(0)
    losses.note_session(0)
    assert losses.take(0) is None
    losses.note_loss(1)  # of another shard, whose first session has not begun
    losses.note_session(1)
    assert losses.take(1) is None


def test_next_client_knows_since_when_the_closed_one_missed_events(losses, clock):
    """A client that is closed loses the sessions of all its shards."""
    for shard_id in (0, 1):
        losses.note_session(shard_id)
    losses.note_loss(0)
    clock.pass_minutes(3)
    losses.note_end()
    for shard_id in (0, 1):
        losses.note_session(shard_id)
    assert losses.take(0) == NOON - UNNOTICED
    assert losses.take(1) == NOON + timedelta(minutes=3) - UNNOTICED


def test_earliest_missed_moment_counts(losses, clock):
    """What was not looked for after one loss is looked for after the next."""
    losses.note_session(0)
    losses.note_loss(0)
    losses.note_session(0)
    since = losses.take(0)
    clock.pass_minutes(4)
    losses.note_loss(0)
    losses.note_session(0)
    losses.put_back(0, since)
    assert losses.take(0) == since
