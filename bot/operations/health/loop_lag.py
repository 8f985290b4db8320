"""Measure how long the event loop is blocked."""

import asyncio
import logging
import math
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

# A lag is measured too short by at most this. Measuring 50 times a second took 1 % of a busy core
# (22 November 2026), 100 took twice that.
TICK_S = 0.02

# Heartbeats and acknowledgements tolerate seconds; people notice a tenth of one.
LONG_STALL_S = 0.1

# Log at most one line a minute on a machine that is too busy.
_SAID_FOR_S = 60.0

# The start registers commands and reads what servers have, before anybody can ask; no machine does
# that without a stall, so that it tells nothing about the machine.
_START_S = 15.0


class LoopLag:
    """Sleeps for short times, and measures by how much each sleep was too long."""

    def __init__(
        self, on_lag: Callable[[float], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare to measure.

        Args:
            on_lag: Takes each measured lag in seconds, 0 or more.
            clock: Seconds.
        """
        self._on_lag = on_lag
        self._clock = clock
        self._said_until = math.nan

    async def measure(self) -> None:
        """Measure the running loop until cancelled."""
        while True:
            busy_s = time.thread_time()
            due_s = self._clock() + TICK_S
            if math.isnan(self._said_until):
                self._said_until = due_s + _START_S
            await asyncio.sleep(TICK_S)
            now_s = self._clock()
            lag_s = max(now_s - due_s, 0.0)
            self._on_lag(lag_s)
            if lag_s > LONG_STALL_S and now_s >= self._said_until:
                self._said_until = now_s + _SAID_FOR_S
                self._say(lag_s, time.thread_time() - busy_s)

    @staticmethod
    def _say(lag_s: float, busy_s: float) -> None:
        """Log how long the loop was blocked, and how much of that time it computed itself.

        In the rest it waited for the processor, or for another thread to release the interpreter.
        """
        logger.info(
            "The event loop was blocked for %.0f ms (%.0f ms of CPU time); if this happens often, "
            "answers are late: give the bot a less busy machine",
            1000 * lag_s,
            1000 * min(busy_s, lag_s),
        )
