"""What `/pullquote stats` says: the figures of a server as words, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_interval, format_skeleton
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from bot.database import Day, Summary
from bot.languages import Catalogue, to_translate

NOTHING_YET = to_translate("Nobody has asked me anything here in that time.")

A_DAY = to_translate("Questions a day")
QUESTIONS = to_translate("Questions")
ANSWERED = to_translate("Answered")
NOT_FOUND = to_translate("Nothing found")
MEDIAN = to_translate("Time, median")
P95 = to_translate("Time, 95th percentile")
THUMBS_UP = to_translate("Thumbs up")
THUMBS_DOWN = to_translate("Thumbs down")

# Dates that fit side by side below a picture's bars.
_DATES = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers as they are written in a language; times are dashes if nothing was asked."""

    span: str
    questions: str
    answered: str
    median: str
    p95: str
    ups: str
    downs: str


def figures_of(days: Sequence[Day], summary: Summary, say: Catalogue) -> Figures:
    """Return the figures of some days, at least one, in a language."""
    locale = say.locale
    share = summary.answered / summary.questions if summary.questions else 0.0
    return Figures(
        span=format_interval(days[0].date, days[-1].date, "yMMMd", locale=locale),
        questions=format_decimal(summary.questions, locale=locale),
        answered=format_percent(share, locale=locale),
        median=_time(summary.median_ms, locale),
        p95=_time(summary.p95_ms, locale),
        ups=format_decimal(summary.ups, locale=locale),
        downs=format_decimal(summary.downs, locale=locale),
    )


def statistics_text(days: Sequence[Day], summary: Summary, say: Catalogue) -> str:
    """Return the figures as lines of text: what the picture shows, for people who cannot see it."""
    shown = figures_of(days, summary, say)
    busiest = max(days, key=lambda day: day.questions)
    lines = [
        say("Questions and answers, {span}", span=shown.span),
        _line(say, QUESTIONS, shown.questions),
        say(
            "Questions a day: {mean} on average, at most {most} ({date})",
            mean=format_decimal(round(summary.questions / len(days), 1), locale=say.locale),
            most=format_decimal(busiest.questions, locale=say.locale),
            date=short_date(busiest.date, say),
        ),
        _line(say, ANSWERED, shown.answered),
        _line(say, MEDIAN, shown.median),
        _line(say, P95, shown.p95),
        _line(say, THUMBS_UP, shown.ups),
        _line(say, THUMBS_DOWN, shown.downs),
    ]
    return "\n".join(lines)


def short_date(day: date, say: Catalogue) -> str:
    """Return a date without its year."""
    return format_skeleton("MMMd", day, locale=say.locale)


def dates_below(days: Sequence[Day]) -> list[int]:
    """Return the positions of the days whose dates are written below a chart.

    They are evenly spaced, and the last one is today.
    """
    step = -(-len(days) // _DATES)
    return list(range(len(days) - 1, -1, -step))[::-1]


def _line(say: Catalogue, label: str, figure: str) -> str:
    return f"{say(label)}: {say.isolated(figure)}"


def _time(milliseconds: float | None, locale: str) -> str:
    if milliseconds is None:
        return "\u2013"
    if milliseconds < 1000:
        return format_unit(round(milliseconds), "millisecond", length="short", locale=locale)
    return format_unit(round(milliseconds / 1000, 1), "second", length="short", locale=locale)
