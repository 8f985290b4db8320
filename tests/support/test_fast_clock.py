"""The clock of the tests that let a bot's time pass faster."""

from collections.abc import Callable
from typing import Any

from tests.support import fast_clock


def test_change_of_speed_while_the_time_is_read_does_not_turn_it_back(monkeypatch):
    """A signal may come between any two steps of reading the time."""
    now = 1000.0
    signals: list[Callable[[], None]] = []

    def monotonic():
        if signals:
            signals.pop()()
        return now

    monkeypatch.setattr(fast_clock, "_real_monotonic", monotonic)
    clock = fast_clock.FastClock()
    clock.set_speed(200)
    now += 1
    before = clock.now()
    signals.append(lambda: clock.set_speed(1))
    assert clock.now() >= before == 1200


def test_signal_that_interrupts_another_sets_the_speed():
    """The first has read its file already, and does not put its speed in force afterwards."""
    clock, speeds = fast_clock.FastClock(), ["200"]

    class File:
        def read_text(self):
            speed = speeds[-1]
            if len(speeds) == 1:
                speeds.append("40")
                clock.follow(file)
            return speed

    file: Any = File()
    clock.follow(file)
    assert clock.speed == 40


def test_time_of_day_is_ahead_and_no_wait_is_shorter(monkeypatch):
    """Only what the clock on the wall says changes."""
    monkeypatch.setattr(fast_clock, "_real_monotonic", lambda: 1000.0)
    clock = fast_clock.FastClock()
    now, unix = clock.now(), clock.unix_time()

    class File:
        def read_text(self):
            return "1 3600"

    file: Any = File()
    clock.follow(file)
    assert (clock.now(), clock.unix_time()) == (now, unix + 3600)
