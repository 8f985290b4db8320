"""How the bot comes back after a lost connection, by a clock that only the tests move."""

import inspect
import logging
from types import SimpleNamespace
from typing import Any

from discord.http import HTTPClient

from bot.config.application import ApplicationInfo
from bot.config.settings import Settings
from bot.discord_app.gateway.reconnect import (
    _FIRST_LINES,
    MAX_WAIT_S,
    BoundedBackoff,
    RetryLogFilter,
)
from bot.discord_app.gateway.sockets import _SESSION_TIMEOUT_S, ConnectionRateLimit
from bot.discord_app.run import _make_bot


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_waits_between_tries_are_bounded():
    """However often a try fails, the next one follows within half a minute."""
    backoff = BoundedBackoff()
    assert max(backoff.delay() for _ in range(1000)) <= MAX_WAIT_S == 30


def test_silent_gateway_is_left_within_two_minutes():
    """The longest wait for a word of Discord's, and then for the answer to a close.

    Whatever the interval of the heartbeats (41.25 s), discord.py leaves a connection after its
    `heartbeat_timeout` without a word, and `HTTPClient.ws_connect` gives a close 30 s.
    """
    runtime: Any = SimpleNamespace(settings=Settings())
    bot = _make_bot(runtime, ApplicationInfo(True))
    silence_s = max(bot._connection.heartbeat_timeout, _SESSION_TIMEOUT_S)
    assert silence_s > 41.25
    assert "ws_close=30.0" in inspect.getsource(HTTPClient.ws_connect)
    assert silence_s + 30 < 120


def test_connections_that_dont_last_follow_one_another_ever_more_slowly():
    """The first of a minute are free; then each waits twice as long, up to the bound."""
    clock = Clock()
    pace = ConnectionRateLimit(1, clock)
    waits = []
    for _ in range(12):
        waits.append(pace.wait_s())
        clock.now += waits[-1]
    assert waits[:6] == [0, 0, 0, 1, 2, 4]
    assert max(waits) <= MAX_WAIT_S
    clock.now += 61
    assert pace.wait_s() == 0
    assert [ConnectionRateLimit(4, clock).wait_s() for _ in range(12)] == [0] * 12


def test_lines_about_a_long_loss_become_seldom():
    """A day of tries each half minute is a line every ten minutes; the next loss is told again."""
    clock = Clock()
    seldom = RetryLogFilter(clock)
    retry = logging.LogRecord("", logging.ERROR, "", 1, "Attempting a reconnect in %.2fs", (), None)
    other = logging.LogRecord("", logging.ERROR, "", 1, "Something else", (), None)
    n_shown = 0
    for _ in range(2 * 60 * 24):
        n_shown += seldom.filter(retry)
        clock.now += 30
    assert _FIRST_LINES <= n_shown <= _FIRST_LINES + 6 * 24
    assert seldom.filter(other)
    clock.now += 3600
    assert seldom.filter(retry)
