"""Counts by day and over a span, and the percentiles of times."""

from datetime import date, datetime, timedelta, timezone

import pytest

from bot.database import Day, Summary
from tests.support.data.questions import ADA, BEN, asked
from tests.support.postgres import NOON


def test_days_without_questions_are_there_too(on_database):
    """Every day of the span has its line, oldest first, today the last."""

    async def play(database, _):
        days = await database.statistics.daily(1, 3, NOON)
        assert days == [Day(date(2026, 5, n), 0, 0, 0, 0) for n in (8, 9, 10)]

    on_database(play)


def test_days_count_questions_answers_and_thumbs(on_database):
    """Hesitant answers count as answered, private questions count, other servers' do not."""

    async def play(database, clock):
        questions = database.questions
        clock.now = NOON - timedelta(days=1)
        liked = await questions.record(asked())
        await questions.vote(liked, ADA, 1)
        await questions.vote(liked, BEN, -1)
        clock.now = NOON
        await questions.record(asked(outcome="hesitant", private=True))
        await questions.record(asked(outcome="nothing_found"))
        await questions.record(asked(guild_id=2))
        clock.now = NOON - timedelta(days=2)
        await questions.record(asked())
        assert await database.statistics.daily(1, 2, NOON) == [
            Day(date(2026, 5, 9), 1, 1, 1, 1),
            Day(date(2026, 5, 10), 2, 1, 0, 0),
        ]

    on_database(play)


def test_days_are_cut_at_midnight_in_utc(on_database):
    """A question belongs to its day in UTC, whatever zone the clock or the caller has."""

    async def play(database, clock):
        east = timezone(timedelta(hours=9))
        clock.now = datetime(2026, 5, 10, 8, 59, tzinfo=east)  # 9 May, 23:59 in UTC
        await database.questions.record(asked())
        clock.now = datetime(2026, 5, 10, 9, 0, tzinfo=east)
        await database.questions.record(asked())
        days = await database.statistics.daily(1, 2, datetime(2026, 5, 11, 8, 59, tzinfo=east))
        assert [(day.date.day, day.questions) for day in days] == [(9, 1), (10, 1)]

    on_database(play)


def test_summary_without_questions_has_no_times(on_database):
    """Nothing asked: zeros, and no median."""

    async def play(database, _):
        summary = await database.statistics.summary(1, NOON)
        assert summary == Summary(0, 0, None, None, 0, 0)

    on_database(play)


@pytest.mark.parametrize(
    ("times", "median_ms", "p95_ms"),
    [
        ([7.5], 7.5, 7.5),
        ([2.0, 1.0], 1.0, 2.0),
        ([5.0, 5.0, 5.0], 5.0, 5.0),
        ([float(n) for n in range(20, 0, -1)], 10.0, 19.0),
        ([float(n) for n in range(1, 102)], 51.0, 96.0),
    ],
)
def test_summary_has_percentiles_by_nearest_rank(on_database, times, median_ms, p95_ms):
    """The median and 95th percentile are the first times with that share at or below them."""

    async def play(database, _):
        for milliseconds in times:
            await database.questions.record(asked(milliseconds=milliseconds))
        summary = await database.statistics.summary(1, NOON)
        assert (summary.questions, summary.median_ms, summary.p95_ms) == (
            len(times),
            median_ms,
            p95_ms,
        )

    on_database(play)


def test_summary_begins_at_its_moment(on_database):
    """Questions before it and their thumbs do not count, those of direct messages are apart."""

    async def play(database, clock):
        clock.now = NOON - timedelta(seconds=1)
        await database.questions.vote(await database.questions.record(asked()), ADA, -1)
        clock.now = NOON
        kept = await database.questions.record(asked(outcome="nothing_found", milliseconds=4.0))
        await database.questions.vote(kept, ADA, 1)
        await database.questions.record(asked(guild_id=None, milliseconds=9.0))
        statistics = database.statistics
        assert await statistics.summary(1, NOON) == Summary(1, 0, 4.0, 4.0, 1, 0)
        assert await statistics.summary(None, NOON) == Summary(1, 1, 9.0, 9.0, 0, 0)

    on_database(play)
