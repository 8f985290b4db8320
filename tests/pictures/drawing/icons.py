"""Emoji of buttons as masks: the fonts at hand have none."""

from __future__ import annotations

from PIL import Image, ImageDraw

from tests.pictures.drawing.text import font

Shape = list[list[tuple[float, float]]]

# Polygons in a square of 16: a cuff, and a hand with its thumb up.
_THUMB: Shape = [
    [(1, 7), (4, 7), (4, 15), (1, 15)],
    [
        (5, 7),
        (8, 1),
        (10, 1),
        (10.5, 3),
        (9.8, 6),
        (14, 6),
        (15, 7.5),
        (13.2, 14),
        (12, 15),
        (5, 15),
    ],
]
_BIN: Shape = [
    [(2, 3), (6, 3), (6, 1), (10, 1), (10, 3), (14, 3), (14, 5), (2, 5)],
    [(3, 6), (13, 6), (12, 15), (4, 15)],
]

_SHAPES = {
    "\U0001f44d": _THUMB,
    "\U0001f44e": _THUMB,
    "\U0001f5d1": _BIN,
}


def draw_icon(emoji: str, side: int) -> Image.Image:
    """Return the mask of an emoji; of one that is not drawn here, its sign in the text's font."""
    mask = Image.new("L", (side, side))
    pen = ImageDraw.Draw(mask)
    name = emoji.rstrip("\ufe0f")
    for polygon in _SHAPES.get(name, []):
        pen.polygon([(x * side / 16, y * side / 16) for x, y in polygon], fill=255)
    if name == "\U0001f44e":
        return mask.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    if not mask.getbbox():
        pen.text((side / 2, side / 2), emoji, 255, font(), anchor="mm")
    return mask
