"""The figures of `/pullquote stats` as text, and the dates below its picture."""

import itertools

import pytest

from bot.discord_app.admin.stats.stats_figures import dates_below, figures_of, statistics_text
from bot.languages import ENGLISH, catalogue
from tests.support.data.days import WEEK, days_of, summary_of


def test_text_says_what_the_picture_shows():
    """Every figure stands in a line, in the reader's notation."""
    assert statistics_text(WEEK, summary_of(WEEK), ENGLISH).splitlines() == [
        "Questions and answers, Oct 24\u2009\u2013\u200930, 2026",
        "Questions: 1,544",
        "Questions a day: 220.6 on average, at most 1,500 (Oct 26)",
        "Answered: 80%",
        "Time, median: 42 ms",
        "Time, 95th percentile: 1.3 sec",
        "Thumbs up: 18",
        "Thumbs down: 7",
    ]


def test_figures_follow_the_language():
    """German groups digits by dots and writes a decimal comma; a missing time is a dash."""
    shown = figures_of(WEEK, summary_of(WEEK), catalogue("de"))
    assert (shown.questions, shown.p95) == ("1.544", "1,3 Sek.")
    assert figures_of(WEEK, summary_of(WEEK, None, None), ENGLISH).median == "\u2013"


@pytest.mark.parametrize("number", [1, 2, 5, 6, 30, 31, 365])
def test_dates_below_are_few_evenly_spread_and_end_today(number):
    """At most five dates fit on a phone."""
    places = dates_below(days_of(*[(0, 0, 0, 0)] * number))
    assert places[-1] == number - 1
    assert 1 <= len(places) <= 5
    assert len({b - a for a, b in itertools.pairwise(places)}) <= 1
    assert places[0] >= 0
