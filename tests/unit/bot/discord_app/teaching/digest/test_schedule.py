"""When digests are due, and of which days."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.discord_app.teaching.digest.schedule import WEEK, last_digest_time, span_of

MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)

moments = st.datetimes(
    min_value=datetime(2020, 1, 1),
    max_value=datetime(2100, 1, 1),
    timezones=st.just(UTC),
)


@given(moments)
def test_digests_are_due_on_mondays_at_eight(now):
    """The newest Monday counts, until a week later to the microsecond."""
    due = last_digest_time(now)
    assert (due.weekday(), due.hour, due.minute, due.second, due.microsecond) == (0, 8, 0, 0, 0)
    assert due <= now < due + WEEK


def test_digest_is_due_from_its_minute_on():
    """A moment earlier it is the one of the week before."""
    assert last_digest_time(MONDAY) == MONDAY
    assert last_digest_time(MONDAY - timedelta(microseconds=1)) == MONDAY - WEEK


@given(moments, moments)
def test_span_has_a_week_and_all_that_was_in_no_digest(since, now):
    """Weeks in which the bot did not run are caught up on."""
    until = last_digest_time(now)
    span = span_of(since, until)
    assert span.until == until
    assert span.since <= until - WEEK
    assert span.since <= since
    assert span.since in (since, until - WEEK)
