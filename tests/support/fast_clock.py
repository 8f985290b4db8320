"""A clock that a forked bot's tests can make faster while it runs.

`fork_preload` installs it before the program is imported, because some functions keep the clock as
a default. SIGUSR1 lets time pass as many times as fast as a file says, which may also say how many
seconds the time of day is ahead: then no wait gets shorter. All waits follow the speed: those of
the event loop and of threads, and the times in the log. Sockets stay as fast as they are, so that
a network seems slower to the process than it is, never quicker.
"""

import selectors
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# A wait looks that often whether the clock runs faster by now.
_SLICE_S = 0.05

_real_monotonic, _real_time = time.monotonic, time.time


class FastClock:
    """Seconds that pass at a speed which can be set."""

    def __init__(self) -> None:
        start = _real_monotonic()
        # The real and the shown moment of the last change, and the speed since: in one piece, as
        # the signal may come while somebody reads it.
        self._since = start, start, 1.0
        self._unix = _real_time() - start
        self._ahead = 0.0

    def now(self) -> float:
        """Return the present moment."""
        real, shown, speed = self._since
        return shown + (_real_monotonic() - real) * speed

    def unix_time(self) -> float:
        """Return the present moment as the log shows it."""
        return self._unix + self._ahead + self.now()

    @property
    def speed(self) -> float:
        """How many times as fast time passes now."""
        return self._since[-1]

    def set_speed(self, speed: float) -> None:
        """Let time pass that many times as fast from now on."""
        self._since = _real_monotonic(), self.now(), speed

    def set_ahead(self, seconds: float) -> None:
        """Let the time of day be that many seconds later than it is."""
        self._ahead = seconds

    def follow(self, file: Path) -> None:
        """Set the speed that a file says, also where another signal interrupts this one."""
        while (told := _numbers(file.read_text())) != (self.speed, self._ahead):
            self.set_ahead(told[1])
            self.set_speed(told[0])

    def slices(self, seconds: float) -> Any:
        """Yield real seconds to wait for, until so many of ours have passed; at least once."""
        end = self.now() + seconds
        while True:
            left = (end - self.now()) / self._since[-1]
            yield max(min(left, _SLICE_S), 0)
            if self.now() >= end:
                return


def _numbers(text: str) -> tuple[float, float]:
    """Return the speed that a file says, and the seconds ahead, 0 if it does not say any."""
    speed, *ahead = text.split()
    return float(speed), float(*ahead)


def install(clock: FastClock) -> None:
    """Put a clock in the place of the process's."""
    select, wait = selectors.EpollSelector.select, threading.Condition.wait

    def select_by_clock(
        self: selectors.EpollSelector, timeout: float | None = None
    ) -> Sequence[Any]:
        ready: Sequence[Any] = []
        for seconds in clock.slices(float("inf") if timeout is None else timeout):
            ready = select(self, seconds)
            if ready:
                break
        return ready

    def wait_by_clock(self: threading.Condition, timeout: float | None = None) -> bool:
        if timeout is None:
            return wait(self)
        return any(wait(self, seconds) for seconds in clock.slices(timeout))

    time.monotonic = time.perf_counter = clock.now
    time.time = clock.unix_time
    selectors.EpollSelector.select = select_by_clock  # type: ignore[method-assign,assignment]
    threading.Condition.wait = wait_by_clock  # type: ignore[method-assign]


# The clock of this process: at first as fast as the real one.
CLOCK = FastClock()


def run(speed_file: Path, ahead_s: float = 0.0) -> None:
    """Run `pullquote discord` at a later time of day; SIGUSR1 sets what the file says."""
    from bot.__main__ import main  # after the clock is installed

    CLOCK.set_ahead(ahead_s)
    signal.signal(signal.SIGUSR1, lambda *_: CLOCK.follow(speed_file))
    sys.argv = ["pullquote", "discord"]
    main()
