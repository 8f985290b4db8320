"""The bot's own measure of how long its event loop stands still."""

import asyncio
import contextlib
import logging
import time

from bot.operations.health.loop_lag import LONG_STALL_S, TICK_S, LoopLag


class EnoughError(Exception):
    """Raised once enough was measured."""


def measure(on_lag, *, clock=time.monotonic, meanwhile=lambda: None):
    """Measure until `on_lag` raises EnoughError."""

    async def play():
        measuring = asyncio.create_task(LoopLag(on_lag, clock).measure())
        await asyncio.sleep(0)
        meanwhile()
        with contextlib.suppress(EnoughError):
            await measuring

    asyncio.run(play())


def stop_after(lags, number):
    """Return a function that appends lags to a list and stops after so many."""

    def take(lag_s):
        lags.append(lag_s)
        if len(lags) == number:
            raise EnoughError

    return take


def test_stall_of_the_loop_is_measured():
    """What keeps the loop busy delays the next look by as much, up to a tick."""
    lags: list[float] = []
    measure(stop_after(lags, 1), meanwhile=lambda: time.sleep(0.12))
    assert lags[0] >= 0.12 - TICK_S - 0.001  # clocks differ in their last digits


def test_long_stalls_are_told_once_a_minute(caplog):
    """That of the start is not told; the others are two lines, the lengths in milliseconds."""
    lags: list[float] = []
    moments = iter([0, 0.22, 20, 20.32, 30, 30.03, 40, 40.42, 81, 81.52, 90, 90])
    with caplog.at_level(logging.INFO, "bot"):
        measure(stop_after(lags, 6), clock=lambda: next(moments))
    assert [round(lag, 3) for lag in lags] == [0.2, 0.3, 0.01, 0.4, 0.5, 0]
    told = [record.getMessage() for record in caplog.records]
    assert ["300 ms" in told[0], "500 ms" in told[1], len(told)] == [True, True, 2]


def test_short_stalls_are_not_told(caplog):
    """What nobody notices is measured only; a clock that is early counts as no lag."""
    lags: list[float] = []
    moments = iter([0, 0, 20, 20 + TICK_S + LONG_STALL_S / 2, 21, 21])
    with caplog.at_level(logging.INFO, "bot"):
        measure(stop_after(lags, 3), clock=lambda: next(moments))
    assert [round(lag, 3) for lag in lags] == [0, LONG_STALL_S / 2, 0]
    assert not caplog.records
