"""Draw the figures of `/pullquote stats` as a picture for a phone, in the reader's language.

matplotlib shapes Arabic and orders Hebrew itself, with the font that it brings along.
"""

import io
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from babel.numbers import format_decimal

from bot.database import Day, Summary
from bot.discord_app.admin.stats.stats_figures import (
    A_DAY,
    ANSWERED,
    MEDIAN,
    NOT_FOUND,
    P95,
    QUESTIONS,
    THUMBS_DOWN,
    THUMBS_UP,
    Figures,
    dates_below,
    figures_of,
    short_date,
)
from bot.languages import ENGLISH, Catalogue

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The width of a phone in pixels, and a height at which its screen shows the whole picture.
WIDTH, HEIGHT = 1080, 1350
_DPI = 100

# The picture has its own background, so that it looks the same in Discord's light and dark themes.
# On it white has a contrast of 15:1, grey 8:1, the colours 7:1.
_SURFACE, _INK, _MUTED, _LINE = "#1e1f22", "#f2f3f5", "#b5bac1", "#43454b"

# Sky blue and orange of Okabe and Ito, which people with any colour vision tell apart.
# https://jfly.uni-koeln.de/color/
_BLUE, _ORANGE = "#56b4e9", "#e69f00"

# In points of 1/72 inch; a phone shows 1080 pixels on 7 cm, where 22 points are 2 mm.
_SMALL, _MIDDLE, _LARGE = 20, 24, 46

# With more bars than this the gaps between them would be narrower than a pixel of the phone.
_MAX_BARS_WITH_GAPS = 60

# The font that comes along has none of their letters, so their pictures are in English.
_NOT_IN_FONT = frozenset({"ja", "ko", "zh-CN", "zh-TW"})

# matplotlib may be used by one thread at a time.
_drawing = threading.Lock()


def draw_statistics(days: Sequence[Day], summary: Summary, say: Catalogue) -> bytes:
    """Return a PNG of WIDTH x HEIGHT pixels; the same figures give the same bytes.

    Args:
        days: At least one, oldest first, without gaps.
        summary: The figures of the same days.
        say: The language.
    """
    # Imported here because it takes a second and 40 MB, which a bot need not spend until it draws.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if say.language in _NOT_IN_FONT:
        say = ENGLISH
    shown = figures_of(days, summary, say)
    with _drawing:
        figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor=_SURFACE)
        FigureCanvasAgg(figure)
        _write_numbers(figure, shown, say)
        figure.text(0.05, 0.63, say(A_DAY), size=_MIDDLE, color=_INK)
        _draw_questions(figure.add_axes((0.11, 0.335, 0.8, 0.235)), days, say)
        _draw_thumbs(figure.add_axes((0.11, 0.06, 0.8, 0.165)), days, shown, say)
        png = io.BytesIO()
        figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def _write_numbers(figure: "Figure", shown: Figures, say: Catalogue) -> None:
    """Write the span of time and four numbers, in two rows."""
    figure.text(0.05, 0.945, shown.span, size=_MIDDLE, color=_MUTED)
    rows = [
        [(QUESTIONS, shown.questions, _INK), (ANSWERED, shown.answered, _BLUE)],
        [(MEDIAN, shown.median, _INK), (P95, shown.p95, _INK)],
    ]
    for row, numbers in enumerate(rows):
        for column, (label, number, colour) in enumerate(numbers):
            x, y = 0.05 + 0.47 * column, 0.865 - 0.125 * row
            figure.text(x, y, number, size=_LARGE, color=colour, weight="bold")
            figure.text(x, y - 0.04, say(label), size=_SMALL, color=_MUTED)


def _draw_questions(axes: "Axes", days: Sequence[Day], say: Catalogue) -> None:
    """Draw each day's questions: answered ones below, those that found nothing on top, hatched."""
    answered = [day.answered for day in days]
    lacking = [day.questions - day.answered for day in days]
    positions, width = range(len(days)), _bar_width(days)
    axes.bar(positions, answered, width, color=_BLUE, label=say(ANSWERED))
    axes.bar(
        positions, lacking, width, answered, color=_ORANGE, hatch="//", edgecolor=_SURFACE,
        linewidth=0, label=say(NOT_FOUND),
    )  # fmt: skip
    axes.set_ylim(0, max(day.questions for day in days) * 1.05 or 1)
    _style(axes, days, say)


def _draw_thumbs(axes: "Axes", days: Sequence[Day], shown: Figures, say: Catalogue) -> None:
    """Draw each day's thumbs: up above the line, down below it."""
    positions, width = range(len(days)), _bar_width(days)
    ups, downs = [day.ups for day in days], [-day.downs for day in days]
    axes.bar(positions, ups, width, color=_BLUE, label=f"{say(THUMBS_UP)}: {shown.ups}")
    axes.bar(
        positions, downs, width, color=_ORANGE, hatch="//", edgecolor=_SURFACE,
        linewidth=0, label=f"{say(THUMBS_DOWN)}: {shown.downs}",
    )  # fmt: skip
    axes.set_ylim(min(-1, *downs) * 1.05, max(1, *ups) * 1.05)
    axes.axhline(0, color=_MUTED, linewidth=1)
    _style(axes, days, say)


def _style(axes: "Axes", days: Sequence[Day], say: Catalogue) -> None:
    """Write dates below, whole numbers at the side and a legend above; draw no lines and frames."""
    from matplotlib.ticker import MaxNLocator

    axes.set_facecolor(_SURFACE)
    axes.set_xlim(-0.6, len(days) - 0.4)
    labelled = dates_below(days)
    axes.set_xticks(labelled, [short_date(days[position].date, say) for position in labelled])
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(
        lambda value, _: format_decimal(abs(round(value)), locale=say.locale)
    )
    axes.tick_params(colors=_MUTED, labelsize=_SMALL, length=0, pad=8)
    axes.grid(axis="y", color=_LINE)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.02), ncols=2, frameon=False, borderaxespad=0,
        fontsize=_SMALL, labelcolor=_INK, handlelength=1, columnspacing=1.5,
    )  # fmt: skip


def _bar_width(days: Sequence[Day]) -> float:
    return 0.8 if len(days) <= _MAX_BARS_WITH_GAPS else 1.0
