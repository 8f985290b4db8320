"""Draw Discord's Markdown as a phone shows it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont, features

from tests.standin.model.markdown import Styles, parse

SCALE = 2  # pixels to a point, as on a phone's screen

INK, MUTED, BLUE, BAR, CODE = "#dbdee1", "#949ba4", "#00a8fc", "#4e5058", "#1e1f22"

# The fonts that come with matplotlib, so that pictures look alike everywhere.
_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"

# Text sizes in points; a line is as much higher as Discord's are.
_SIZES = {"heading": 18, "subtext": 12, "fence": 12}
_SIZE, _LINE_HEIGHT = 14, 1.4

_QUOTE_INDENT = 14
_FENCE_PADDING = 8

# Without it Hebrew and Arabic stand in the wrong order; Pillow's wheels have it.
_RIGHT_TO_LEFT = features.check("raqm")

_ISOLATED = re.compile("[\u2066-\u2068][^\u2069]*\u2069")

Run = tuple[str, Styles]


def font(styles: Styles = frozenset(), size: int = _SIZE) -> ImageFont.FreeTypeFont:
    """Return the font for a combination of styles, at a size in points."""
    bold = bool(styles & {"bold", "heading"})
    name = "DejaVuSansMono" if styles & {"code", "fence"} else "DejaVuSans"
    slant = "Oblique" if "italic" in styles else ""
    ending = f"-{'Bold' * bold}{slant}" if bold or slant else ""
    return _load(f"{name}{ending}.ttf", size * SCALE)


@cache
def _load(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / name), pixels)


def draw_text(content: str, width: int, background: str) -> Image.Image:
    """Draw a message's Markdown in a column.

    Args:
        content: What was sent.
        width: Of the column, in pixels.
        background: The colour behind it.
    """
    images = []
    for is_fence, lines in groupby(_lines(content), key=_is_fence):
        if is_fence:
            images.append(_draw_fence(list(lines), width, background))
        else:
            images += [_draw_line(line, width, background) for line in lines]
    return stack(images, width, background)


def stack(
    images: list[Image.Image], width: int, background: str, *, gap: int = 0, margin: int = 0
) -> Image.Image:
    """Put images below one another, with a gap in between and a margin around them."""
    height = sum(image.height + gap for image in images) - gap + 2 * margin
    whole = Image.new("RGB", (width, max(1, height)), background)
    y = margin
    for image in images:
        whole.paste(image, (margin, y))
        y += image.height + gap
    return whole


def _lines(content: str) -> list[list[Run]]:
    """Return the lines of a message as runs of one style each; line breaks are not among them."""
    lines: list[list[Run]] = [[]]
    for span in parse(content).spans:
        first, *rest = span.text.split("\n")
        lines[-1].append((first, span.styles))
        lines += [[(text, span.styles)] for text in rest]
    # A line's break may have the style of the line before it.
    return [[run for run in line if run[0]] or line[-1:] for line in lines]


def _is_fence(line: list[Run]) -> bool:
    return any("fence" in styles for _, styles in line)


def _draw_fence(lines: list[list[Run]], width: int, background: str) -> Image.Image:
    """Draw the lines of a code block in their box, beside the bar if it is quoted."""
    indent = _QUOTE_INDENT * SCALE if "quote" in lines[0][0][1] else 0
    padding = _FENCE_PADDING * SCALE
    code = [
        _draw_line(
            [(text, styles - {"quote"}) for text, styles in line],
            width - indent - 2 * padding,
            CODE,
        )
        for line in lines
    ]
    column = stack(code, width - indent - 2 * padding, CODE)
    image = Image.new("RGB", (width, column.height + 3 * padding), background)
    pen = ImageDraw.Draw(image)
    if indent:
        pen.rectangle((0, 0, 3 * SCALE, image.height), fill=BAR)
    box = (indent, padding // 2, width - 1, image.height - padding // 2 - 1)
    pen.rounded_rectangle(box, 4 * SCALE, fill=CODE, outline=BAR)
    image.paste(column, (indent + padding, padding + padding // 2))
    return image


def _draw_line(line: list[Run], width: int, background: str) -> Image.Image:
    """Draw one line of a message, in as many rows as it takes."""
    styles = frozenset[str]().union(*(styles for _, styles in line))
    size = next((size for style, size in _SIZES.items() if style in styles), _SIZE)
    indent = _QUOTE_INDENT * SCALE if "quote" in styles else 0
    rows = _wrap(line, width - indent, size)
    height = round(size * SCALE * _LINE_HEIGHT)
    image = Image.new("RGB", (width, height * len(rows)), background)
    pen = ImageDraw.Draw(image)
    if indent:
        pen.rounded_rectangle((0, 0, 3 * SCALE, image.height), fill=BAR)
    backwards = _RIGHT_TO_LEFT and runs_backwards("".join(text for text, _ in line))
    for n, row in enumerate(rows):
        x = float(width if backwards else indent)
        for text, run_styles in row:
            length = font(run_styles, size).getlength(text)
            x -= length if backwards else 0
            _draw_run(pen, (x, n * height), text, run_styles, size, backwards=bool(backwards))
            x += 0 if backwards else length
    return image


def _wrap(line: list[Run], width: int, size: int) -> list[list[Run]]:
    """Return the rows of a line: broken between words, each row's runs in reading order."""
    rows: list[list[Run]] = [[]]
    used = 0.0
    for text, styles in line:
        for word in re.findall(r"\S+\s*|\s+", text):
            length = font(styles, size).getlength(word.rstrip())
            if used and used + length > width:
                rows.append([])
                used = 0.0
            used += font(styles, size).getlength(word)
            if rows[-1] and rows[-1][-1][1] == styles:
                rows[-1][-1] = (rows[-1][-1][0] + word, styles)
            else:
                rows[-1].append((word, styles))
    return rows


def _draw_run(
    pen: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    styles: Styles,
    size: int,
    *,
    backwards: bool,
) -> None:
    x, y = place
    if "code" in styles:
        box = pen.textbbox((x, y), text, font(styles, size))
        pen.rounded_rectangle((box[0] - 4, box[1] - 4, box[2] + 4, box[3] + 4), 6, fill=CODE)
    colour = BLUE if "link" in styles else MUTED if "subtext" in styles else INK
    pen.text((x, y), text, colour, font(styles, size), direction="rtl" if backwards else None)


def runs_backwards(text: str) -> bool:
    """Say whether a line is read from right to left: its first letter says so, unless isolated."""
    for sign in _ISOLATED.sub("", text):
        kind = unicodedata.bidirectional(sign)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False
