"""When digests are sent: on Mondays at 8:00 UTC."""

from datetime import UTC, datetime, time, timedelta

from bot.database import Span

WEEK = timedelta(weeks=1)

_HOUR = time(8, tzinfo=UTC)


def last_digest_time(now: datetime) -> datetime:
    """Return the newest time for digests that is not after `now`."""
    today = now.astimezone(UTC).date()
    monday = datetime.combine(today - timedelta(days=today.weekday()), _HOUR)
    return monday if monday <= now else monday - WEEK


def span_of(since: datetime, until: datetime) -> Span:
    """Return when the questions of a digest were asked.

    Args:
        since: When the former digest was due, or when digests were turned on.
        until: When this one is due.

    Returns:
        At least a week; more if digests were left out because the bot did not run.
    """
    return Span(min(since, until - WEEK), until)
