"""The clock of the tests that let a bot's time pass faster."""

from collections.abc import Callable

from tests import fast_clock


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
