"""Which connections to the gateway are there, and since when."""

import math

import pytest

from bot.operations.health.gateway_status import GatewayStatus
from tests.support.health_page import StillClock


@pytest.fixture
def clock():
    """A clock that stands until it is moved."""
    return StillClock()


@pytest.fixture
def connections(clock):
    """Those of a bot that has just started."""
    return GatewayStatus(clock)


def test_connection_is_missing_from_the_start_until_it_comes(clock, connections):
    """A login that hangs counts as one that is away."""
    clock.now += 30
    assert connections.state().away_s == 30
    connections.note_connected(0)
    state = connections.state()
    assert (state.shards, state.connected, state.away_s, state.connection_age_s) == (1, 1, 0, 0)


def test_connection_that_is_lost_is_missing_since_then(clock, connections):
    """Further tries that fail do not reset the time."""
    connections.note_connected(0)
    clock.now += 100
    connections.note_disconnected(0)
    clock.now += 40
    connections.note_disconnected(0)
    assert connections.state().away_s == 40
    assert math.isnan(connections.state().connection_age_s)
    connections.note_connected(0)
    clock.now += 5
    assert connections.state().connection_age_s == 5


def test_shards_that_wait_for_the_others_are_not_missing(clock, connections):
    """Each connection that comes resets the time of those that never came, and of no others."""
    connections.expect(range(4))
    for shard in (0, 1, 2):
        clock.now += 50
        connections.note_connected(shard)
    state = connections.state()
    assert (state.shards, state.connected, state.away_s) == (4, 3, 0)
    connections.note_disconnected(1)
    clock.now += 60
    connections.note_connected(3)
    assert connections.state().away_s == 60


def test_expected_shards_take_the_place_of_the_first_one(clock, connections):
    """A process that serves the second shard does not miss the first."""
    connections.expect([1])
    connections.note_connected(1)
    clock.now += 1000
    assert connections.state().away_s == 0


def test_latency_and_last_event_are_unknown_at_first(clock, connections):
    """An infinite latency, as of a heartbeat that was never confirmed, is unknown, too."""
    connections.latency_s = lambda: math.inf
    assert math.isnan(connections.state().latency_s)
    assert math.isnan(connections.state().last_event_age_s)
    connections.note_event()
    connections.latency_s = lambda: 0.04
    clock.now += 3
    assert connections.state().latency_s == 0.04
    assert connections.state().last_event_age_s == 3
