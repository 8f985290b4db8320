"""The picture of `/pullquote stats`, and the same figures as text."""

import io
import itertools
import subprocess
import sys
import warnings
from datetime import date, timedelta

import pytest
from PIL import Image

from bot.database import Day, Summary
from bot.discord_app.admin.stats_chart import HEIGHT, WIDTH, draw_statistics
from bot.discord_app.admin.stats_figures import dates_below, figures_of, statistics_text
from bot.languages import LANGUAGES, catalogue

ENGLISH = catalogue("en")
FIRST = date(2026, 10, 24)
SKY_BLUE, ORANGE, SURFACE = (86, 180, 233), (230, 159, 0), (30, 31, 34)


def _days(*counts):
    """Return days from FIRST on, each with its questions, answered ones and thumbs."""
    return [Day(FIRST + timedelta(number), *count) for number, count in enumerate(counts)]


def _summary(days, median_ms=42.4, p95_ms=1311.0):
    totals = (sum(getattr(day, name) for day in days) for name in ("ups", "downs"))
    questions, answered = sum(d.questions for d in days), sum(d.answered for d in days)
    return Summary(questions, answered, median_ms, p95_ms, *totals)


WEEK = _days((4, 4, 1, 0), (0, 0, 0, 0), (1500, 1200, 9, 3), *[(10, 9, 2, 1)] * 4)


def _picture(days, language="en", **times):
    png = draw_statistics(days, _summary(days, **times), catalogue(language))
    return Image.open(io.BytesIO(png)).convert("RGB")


def _height_of(picture, colour, x):
    """Count the pixels of a colour in a column of the upper chart, below its legend."""
    rows = range(HEIGHT * 43 // 100, HEIGHT * 67 // 100)
    return sum(picture.getpixel((x, y)) == colour for y in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_is_as_wide_as_a_phone_in_every_language(language):
    """All letters are in the font (matplotlib would warn), and the file is small."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        png = draw_statistics(WEEK, _summary(WEEK), catalogue(language))
    assert Image.open(io.BytesIO(png)).size == (WIDTH, HEIGHT) == (1080, 1350)
    assert len(png) < 200_000


def test_same_figures_give_the_same_bytes():
    """Nothing of the moment is in the file."""
    assert len({draw_statistics(WEEK, _summary(WEEK), ENGLISH) for _ in range(2)}) == 1


def test_edges_are_empty():
    """Nothing is cut off, whether the days are few or many and the numbers small or large."""
    for days in (WEEK, _days((1, 0, 0, 0)), _days(*[(98_765, 98_000, 5, 70_000)] * 365)):
        for language in ("de", "he"):
            picture = _picture(days, language, p95_ms=59_900.0)
            width, height = picture.size
            for edge in (
                (0, 0, 8, height),
                (width - 8, 0, width, height),
                (0, 0, width, 8),
                (0, height - 8, width, height),
            ):
                assert picture.crop(edge).getcolors() == [
                    ((edge[2] - edge[0]) * (edge[3] - edge[1]), SURFACE)
                ], (language, edge)


def test_bars_are_as_high_as_the_days_are_busy():
    """Answered questions are blue, those without an answer orange, in proportion."""
    picture = _picture(_days((30, 30, 0, 0), (30, 15, 0, 0)))
    left, right = WIDTH // 3, WIDTH * 2 // 3
    whole = _height_of(picture, SKY_BLUE, left)
    assert whole > 200
    assert _height_of(picture, SKY_BLUE, right) == pytest.approx(whole / 2, rel=0.05)
    assert _height_of(picture, ORANGE, left) == 0
    assert _height_of(picture, ORANGE, right) > whole / 4


def test_day_without_an_answer_is_drawn():
    """One day on which nothing was asked or found is a picture, too."""
    for day in ((0, 0, 0, 0), (3, 0, 0, 0)):
        assert _picture(_days(day), median_ms=None, p95_ms=None).size == (WIDTH, HEIGHT)


def test_text_says_what_the_picture_shows():
    """Every figure stands in a line, in the reader's notation."""
    assert statistics_text(WEEK, _summary(WEEK), ENGLISH).splitlines() == [
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
    """German groups by dots and writes a comma; times that there are none of are dashes."""
    shown = figures_of(WEEK, _summary(WEEK), catalogue("de"))
    assert (shown.questions, shown.p95) == ("1.544", "1,3 Sek.")
    assert figures_of(WEEK, _summary(WEEK, None, None), ENGLISH).median == "\u2013"


@pytest.mark.parametrize("number", [1, 2, 5, 6, 30, 31, 365])
def test_dates_below_are_few_evenly_spread_and_end_today(number):
    """At most five dates fit on a phone."""
    places = dates_below(_days(*[(0, 0, 0, 0)] * number))
    assert places[-1] == number - 1
    assert 1 <= len(places) <= 5
    assert len({b - a for a, b in itertools.pairwise(places)}) <= 1
    assert places[0] >= 0


def test_bot_starts_without_loading_matplotlib():
    """Who never asks for figures pays neither its second nor its memory."""
    code = "import sys, bot.discord_app.run; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
