"""A month of made-up figures, for the picture of `/pullquote stats`."""

import random
from datetime import date, timedelta

from bot.database import Day, Summary
from bot.discord_app.admin.stats.stats_chart import draw_statistics
from bot.languages import ENGLISH

_LAST = date(2026, 11, 22)


def stats_picture() -> bytes:
    """Return the picture as a PNG, the same at any time."""
    chance = random.Random(5)
    days = []
    for back in reversed(range(30)):
        questions = chance.randrange(4, 22)
        answered = questions - chance.randrange(questions // 3 + 1)
        ups = chance.randrange(answered // 2 + 1)
        day = _LAST - timedelta(days=back)
        days.append(Day(day, questions, answered, ups, chance.randrange(3)))
    totals = {
        name: sum(getattr(day, name) for day in days)
        for name in ("questions", "answered", "ups", "downs")
    }
    return draw_statistics(days, Summary(**totals, median_ms=8.6, p95_ms=31.0), ENGLISH)
