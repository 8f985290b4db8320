"""`python -m tests.pictures`: draw the pictures of the pages again."""

from pathlib import Path

from tests.pictures.drawing.chat import draw_chat
from tests.pictures.drawing.figures import stats_picture
from tests.pictures.scenes import scenes

# Enough for the edges of letters; a third of the size of all colours.
_COLOURS = 64

_FOLDER = Path(__file__).parent

for name, messages in scenes():
    picture = draw_chat(messages).quantize(_COLOURS)
    picture.save(_FOLDER / f"{name}.png", optimize=True)
(_FOLDER / "admin" / "stats.png").write_bytes(stats_picture())
