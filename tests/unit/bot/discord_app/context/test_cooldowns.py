"""How often people may ask."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord_app.context.cooldowns import Cooldowns


class Clock:
    """A clock that the test sets."""

    now = 0.0

    def __call__(self):
        return self.now


def test_person_waits_until_the_oldest_question_is_long_enough_ago():
    """Of two questions in ten seconds the third waits for the first to age."""
    clock = Clock()
    cooldowns = Cooldowns(clock)
    assert cooldowns.wait_s(1, 7, 2, 10) == 0
    clock.now = 4
    assert cooldowns.wait_s(1, 7, 2, 10) == 0
    assert cooldowns.wait_s(1, 7, 2, 10) == 6
    clock.now = 10
    assert cooldowns.wait_s(1, 7, 2, 10) == 0
    assert cooldowns.wait_s(1, 7, 2, 10) == 4


def test_people_and_servers_wait_for_themselves_only():
    """One person's questions hold back neither another's nor their own in another server."""
    cooldowns = Cooldowns(Clock())
    assert cooldowns.wait_s(1, 7, 1, 10) == 0
    assert cooldowns.wait_s(1, 8, 1, 10) == 0
    assert cooldowns.wait_s(2, 7, 1, 10) == 0
    assert cooldowns.wait_s(1, 7, 1, 10) == 10


def test_looking_how_long_somebody_waits_does_not_count():
    """The wait is the same as for asking, and a person who only looks may still ask."""
    cooldowns = Cooldowns(Clock())
    assert [cooldowns.remaining_s(1, 7, 1, 10) for _ in range(3)] == [0, 0, 0]
    assert cooldowns.wait_s(1, 7, 1, 10) == 0
    assert cooldowns.remaining_s(1, 7, 1, 10) == cooldowns.wait_s(1, 7, 1, 10) == 10


def test_no_limit_is_no_limit():
    """Zero questions, or zero seconds, turn the cooldown off."""
    cooldowns = Cooldowns(Clock())
    assert all(cooldowns.wait_s(1, 7, 0, 10) == 0 for _ in range(100))
    assert all(cooldowns.wait_s(1, 7, 5, 0) == 0 for _ in range(100))


@given(st.lists(st.floats(0, 100), max_size=60), st.integers(1, 5), st.integers(1, 30))
@example(moments=[9.02197577467357, 9.02197577467357], questions=1, seconds=7)
def test_never_more_questions_than_allowed_in_any_window(moments, questions, seconds):
    """Whatever the times, allowed questions keep the limit, and a wait is honest."""
    clock = Clock()
    cooldowns = Cooldowns(clock)
    allowed = []
    for moment in sorted(moments):
        clock.now = moment
        wait_s = cooldowns.wait_s(1, 7, questions, seconds)
        if wait_s == 0:
            allowed.append(moment)
        else:
            assert 0 < wait_s <= seconds
    for first, later in zip(allowed, allowed[questions:], strict=False):
        assert later - first >= seconds - 1e-9
