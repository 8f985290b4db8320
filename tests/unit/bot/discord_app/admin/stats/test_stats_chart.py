"""The picture of `/pullquote stats`."""

import io
from functools import cache

import pytest
from PIL import Image

from bot.discord_app.admin.stats.stats_chart import HEIGHT, WIDTH, draw_statistics
from bot.languages import ENGLISH, LANGUAGES, catalogue
from tests.support.data.days import WEEK, days_of, summary_of

pytestmark = pytest.mark.xdist_group("stats_chart")  # one process draws each picture once

SKY_BLUE, ORANGE, SURFACE = (86, 180, 233), (230, 159, 0), (30, 31, 34)

SLOW_MS = 59_900.0

# More days than there can be gaps between, and larger numbers than a server ever has.
MANY_DAYS = days_of(*[(98_765, 98_000, 5, 70_000)] * 100)


@cache
def _png_of(days, language, times):
    return draw_statistics(days, summary_of(days, **dict(times)), catalogue(language))


def _png(days, language="en", **times):
    """Return the picture as a file; each is drawn once for all tests."""
    return _png_of(tuple(days), language, tuple(times.items()))


def _picture(days, language="en", **times):
    return Image.open(io.BytesIO(_png(days, language, **times))).convert("RGB")


def _height_of(picture, colour, x):
    """Count the pixels of a colour in a column of the upper chart, below its legend."""
    rows = range(HEIGHT * 43 // 100, HEIGHT * 67 // 100)
    return sum(picture.getpixel((x, y)) == colour for y in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_is_as_wide_as_a_phone_in_every_language(language):
    """All letters are in the font (matplotlib's warning would fail the test), and it is small."""
    png = _png(WEEK, language, p95_ms=SLOW_MS)
    assert Image.open(io.BytesIO(png)).size == (WIDTH, HEIGHT) == (1080, 1350)
    assert len(png) < 200_000


def test_same_figures_give_the_same_bytes():
    """Nothing of the moment is in the file."""
    again = draw_statistics(WEEK, summary_of(WEEK, p95_ms=SLOW_MS), ENGLISH)
    assert again == _png(WEEK, p95_ms=SLOW_MS)


def test_edges_are_empty():
    """Nothing is cut off, whether the days are few or many and the numbers small or large."""
    for days in (WEEK, days_of((1, 0, 0, 0)), MANY_DAYS):
        for language in ("de", "he"):
            picture = _picture(days, language, p95_ms=SLOW_MS)
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
    picture = _picture(days_of((30, 30, 0, 0), (30, 15, 0, 0)))
    left, right = WIDTH // 3, WIDTH * 2 // 3
    whole = _height_of(picture, SKY_BLUE, left)
    assert whole > 200
    assert _height_of(picture, SKY_BLUE, right) == pytest.approx(whole / 2, rel=0.05)
    assert _height_of(picture, ORANGE, left) == 0
    assert _height_of(picture, ORANGE, right) > whole / 4


def test_day_without_an_answer_is_drawn():
    """One day on which nothing was asked or found is a picture, too."""
    for day in ((0, 0, 0, 0), (3, 0, 0, 0)):
        assert _picture(days_of(day), median_ms=None, p95_ms=None).size == (WIDTH, HEIGHT)
