"""Made-up days of questions for tests of the statistics."""

from datetime import date, timedelta

from bot.database import Day, Summary

FIRST = date(2026, 10, 24)


def days_of(*counts):
    """Return days from FIRST on, each with its questions, answered ones and thumbs."""
    return [Day(FIRST + timedelta(number), *count) for number, count in enumerate(counts)]


def summary_of(days, median_ms=42.4, p95_ms=1311.0):
    """Return the summary of some days."""
    totals = (sum(getattr(day, name) for day in days) for name in ("ups", "downs"))
    questions, answered = sum(d.questions for d in days), sum(d.answered for d in days)
    return Summary(questions, answered, median_ms, p95_ms, *totals)


WEEK = days_of((4, 4, 1, 0), (0, 0, 0, 0), (1500, 1200, 9, 3), *[(10, 9, 2, 1)] * 4)
