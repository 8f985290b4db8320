"""Pictures of messages: all that is sent is drawn, in a column as wide as a phone."""

import re

import pytest
from PIL import ImageColor

from tests.pictures.drawing.chat import draw_chat
from tests.pictures.drawing.icons import draw_icon
from tests.pictures.drawing.text import BAR, BLUE, CODE, INK, MUTED, draw_text, runs_backwards
from tests.support.checkout import REPOSITORY

BOT = {"id": "1", "username": "Pullquote", "bot": True}
PERSON = {"id": "2", "username": "ada", "bot": False}
BACKGROUND = "#000000"


def _colours(image):
    return {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in image.getcolors(1 << 20)}


def _text(content, width=600):
    return draw_text(content, width, BACKGROUND)


def _button(**fields):
    return {"type": 2, "style": 2, "custom_id": "a", **fields}


def _container(*children):
    return {"type": 17, "accent_color": 0xABCDEF, "components": list(children)}


def test_text_is_as_high_as_its_rows():
    """Long lines go on in the next row, empty ones keep their height, headings are larger."""
    row = _text("boat").height
    assert _text("boat " * 60).height % row == 0
    assert _text("boat " * 60).height > 3 * row
    assert _text("boat\n\nboat").height == 3 * row
    assert _text("# boat").height > row > _text("-# boat").height


@pytest.mark.parametrize(
    ("content", "colour"),
    [("boat", INK), ("-# boat", MUTED), ("[boat](<https://a.example>)", BLUE), ("`boat`", INK)],
)
def test_text_has_the_colour_of_its_style(content, colour):
    """Small print is grey, links are blue."""
    assert colour in _colours(_text(content))


def test_code_block_stands_in_a_box_beside_the_bar():
    """The box begins right of the bar, is as wide as the column, and its lines stay lines."""
    image = _text("> boat\n> ```yaml\n> a:\n>   b: 1\n> ```")
    middle = image.height - 40
    assert image.getpixel((3, middle)) == ImageColor.getrgb(BAR)
    assert image.getpixel((20, middle)) == (0, 0, 0)
    assert image.getpixel((40, middle)) == ImageColor.getrgb(CODE)
    assert image.getpixel((image.width - 10, middle)) == ImageColor.getrgb(CODE)
    one = _text("> ```\n> a\n> ```").height
    assert _text("> ```\n> a\n> b\n> c\n> ```").height - one == 2 * (_text("-# a").height)


def test_widest_table_fits_a_card_on_a_phone():
    """36 characters, the widest line of a table, take one row beside the bar of a card."""
    inner = (390 - 2 * 12 - 48 - 2 * 12) * 2
    lines = [f"> ```\n> {'m' * width}\n> ```" for width in (1, 36)]
    heights = {_text(line, inner).height for line in lines}
    assert len(heights) == 1


def test_bar_stands_beside_the_quote_only():
    """The line below a quote begins at the edge again."""
    image = _text("> boat\n-# Boats")
    assert image.getpixel((3, 10)) != image.getpixel((3, image.height - 2)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("line", "backwards"),
    [
        ("boat", False),
        ("\u05e2\u05d5\u05d3 boat", True),
        ("\u2068boat\u2069 \u05e2\u05d5\u05d3", True),
        ("12: \u0645", True),
        ("12", False),
    ],
)
def test_line_is_read_the_way_its_first_letter_is(line, backwards):
    """Isolated names, figures and signs do not count."""
    assert runs_backwards(line) == backwards


def test_chat_draws_text_and_cards_of_the_width_of_a_phone():
    """Every message adds to the height; a card has its accent and its buttons."""
    asked = {"author": PERSON, "content": "<@1> who?", "mentions": [BOT]}
    text = {"type": 10, "content": "> **boat**"}
    row = {"type": 1, "components": [_button(label="More"), _button(emoji={"name": "\U0001f44d"})]}
    plain = draw_chat([asked])
    card = draw_chat([asked, {"author": BOT, "components": [_container(text, {"type": 14}, row)]}])
    assert plain.width == card.width == 780
    assert card.height > plain.height
    assert {"#abcdef", "#4e5058"} <= _colours(card)


def test_buttons_go_on_in_the_next_line():
    """A row that is wider than the phone takes more height."""
    few, many = (
        draw_chat([{"author": BOT, "components": [{"type": 1, "components": [button] * number}]}])
        for button, number in ((_button(label="A long label"), 1), (_button(label="A label"), 5))
    )
    assert many.height > few.height


@pytest.mark.parametrize(("chosen", "colour"), [(True, INK), (False, MUTED)])
def test_menu_shows_what_is_chosen_or_else_its_placeholder(chosen, colour):
    """What is chosen is bright, and a placeholder is grey."""
    options = [{"label": "MMMM", "value": "m", "default": chosen}]
    menu = {"type": 3, "custom_id": "a", "options": options, "placeholder": "MMMM"}
    image = draw_chat([{"author": BOT, "components": [{"type": 1, "components": [menu]}]}])
    left = image.crop((0, image.height // 2, image.width // 2, image.height))
    assert colour in _colours(left)
    assert ({INK, MUTED} - {colour}).isdisjoint(_colours(left))


def test_unknown_components_are_refused():
    """A picture that leaves out what is sent would be no picture of it."""
    with pytest.raises(ValueError, match="no picture for a component of type 12"):
        draw_chat([{"author": BOT, "components": [{"type": 12}]}])


@pytest.mark.parametrize("emoji", ["\U0001f44d", "\U0001f44e", "\U0001f5d1\ufe0f", "\u2713"])
def test_icons_are_drawn(emoji):
    """Thumbs and the bin have their own shapes, other signs come from the font."""
    assert draw_icon(emoji, 32).getbbox()


def test_pages_show_the_pictures():
    """Each picture stands on a page, and each that a page shows is there."""
    pages = [REPOSITORY / "README.md", REPOSITORY / "bot" / "README.md"]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    drawn = {path.name for path in (REPOSITORY / "tests" / "pictures").glob("*.png")}
    assert set(re.findall(r"tests/pictures/([\w-]+\.png)[)\"]", text)) == drawn
