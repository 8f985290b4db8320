"""Draw messages of a channel from the JSON that Discord sends for them."""

from __future__ import annotations

import re
from typing import Any

from PIL import Image, ImageDraw

from tests.pictures.drawing.icons import draw_icon
from tests.pictures.drawing.text import INK, MUTED, SCALE, draw_text, font, stack

Json = dict[str, Any]

_WIDTH = 390  # points: a common phone
_MARGIN = 12
_AVATAR = 36
_INDENT = _AVATAR + 12

_BACKGROUND, _CARD, _EDGE = "#313338", "#2b2d31", "#3f4147"

# By Discord's number of a button's style: blurple, grey, green, red, link.
_BUTTON_COLOURS = {1: "#5865f2", 2: "#4e5058", 3: "#248046", 4: "#da373c", 5: "#4e5058"}

# Types of components
_ROW, _BUTTON, _STRING_SELECT, _ROLE_SELECT, _TEXT, _SEPARATOR, _CONTAINER = 1, 2, 3, 6, 10, 14, 17
_CHANNEL_SELECT = 8


def draw_chat(messages: list[Json]) -> Image.Image:
    """Draw messages below one another, as in a channel on a phone.

    Args:
        messages: Message objects of Discord's API; what is drawn is the author, the content, and
            of the components texts, separators, containers and rows of buttons.
    """
    drawn = [_draw_message(message) for message in messages]
    return stack(drawn, _WIDTH * SCALE, _BACKGROUND, gap=14 * SCALE, margin=_MARGIN * SCALE)


def _draw_message(message: Json) -> Image.Image:
    width = (_WIDTH - 2 * _MARGIN) * SCALE
    inner = width - _INDENT * SCALE
    parts = [_draw_author(message["author"], inner)]
    if message.get("content"):
        parts.append(draw_text(_with_names(message), inner, _BACKGROUND))
    parts += [_draw(component, inner, _BACKGROUND) for component in message.get("components", [])]
    column = stack(parts, inner, _BACKGROUND, gap=4 * SCALE)
    image = Image.new("RGB", (width, max(column.height, _AVATAR * SCALE)), _BACKGROUND)
    image.paste(column, (_INDENT * SCALE, 0))
    _draw_avatar(ImageDraw.Draw(image), message["author"])
    return image


def _with_names(message: Json) -> str:
    names = {user["id"]: user["username"] for user in message.get("mentions", [])}
    return re.sub(r"<@!?(\d+)>", lambda m: f"@{names.get(m[1], m[1])}", message["content"])


def _draw_avatar(pen: ImageDraw.ImageDraw, author: Json) -> None:
    side = _AVATAR * SCALE
    pen.ellipse((0, 0, side, side), fill="#5865f2" if author.get("bot") else "#7a6f5d")
    sign = "\u201d" if author.get("bot") else author["username"][0].upper()
    pen.text((side / 2, side / 2), sign, "white", font(frozenset({"bold"}), 18), anchor="mm")


def _draw_author(author: Json, width: int) -> Image.Image:
    image = Image.new("RGB", (width, 20 * SCALE), _BACKGROUND)
    pen = ImageDraw.Draw(image)
    bold = font(frozenset({"bold"}), 14)
    pen.text((0, 0), author["username"], "white", bold)
    if author.get("bot"):
        x = bold.getlength(author["username"]) + 6 * SCALE
        pen.rounded_rectangle((x, 3, x + 30 * SCALE, 17 * SCALE), 4 * SCALE, fill="#5865f2")
        middle = (x + 15 * SCALE, 9 * SCALE)
        pen.text(middle, "APP", "white", font(frozenset({"bold"}), 9), anchor="mm")
    return image


def _draw(component: Json, width: int, background: str) -> Image.Image:
    """Draw one component of those a message may have at its top or in a container."""
    kind = component["type"]
    if kind == _TEXT:
        return draw_text(component["content"], width, background)
    if kind == _CONTAINER:
        return _draw_container(component, width)
    if kind == _ROW:
        return _draw_row(component["components"], width, background)
    if kind == _SEPARATOR:
        image = Image.new("RGB", (width, 9 * SCALE), background)
        ImageDraw.Draw(image).line((0, 4 * SCALE, width, 4 * SCALE), _EDGE, SCALE)
        return image
    raise ValueError(f"no picture for a component of type {kind}")


def _draw_container(container: Json, width: int) -> Image.Image:
    margin = 12 * SCALE
    inner = [_draw(child, width - 2 * margin, _CARD) for child in container["components"]]
    column = stack(inner, width - margin, _CARD, gap=8 * SCALE, margin=margin)
    image = Image.new("RGB", (width, column.height), _BACKGROUND)
    pen = ImageDraw.Draw(image)
    box = (0, 0, width - 1, column.height - 1)
    pen.rounded_rectangle(box, 8 * SCALE, fill=f"#{container.get('accent_color') or 0x3F4147:06x}")
    box = (4 * SCALE, 0, width - 1, column.height - 1)
    pen.rounded_rectangle(box, 8 * SCALE, fill=_CARD, outline=_EDGE)
    pen.rectangle((4 * SCALE, 8 * SCALE, 8 * SCALE, column.height - 8 * SCALE), fill=_CARD)
    content = column.crop((margin, margin, width - margin, column.height - margin))
    image.paste(content, (margin + 2 * SCALE, margin))
    return image


def _draw_row(buttons: list[Json], width: int, background: str) -> Image.Image:
    """Draw a row of buttons, in more than one line where the phone is too narrow, or a menu."""
    if buttons[0]["type"] in (_STRING_SELECT, _ROLE_SELECT, _CHANNEL_SELECT):
        return _draw_menu(buttons[0], width, background)
    gap, drawn = 8 * SCALE, [_draw_button(button, background) for button in buttons]
    lines: list[list[Image.Image]] = [[]]
    for button in drawn:
        if lines[-1] and sum(b.width + gap for b in lines[-1]) + button.width > width:
            lines.append([])
        lines[-1].append(button)
    images = []
    for line in lines:
        image = Image.new("RGB", (width, line[0].height), background)
        x = 0
        for button in line:
            image.paste(button, (x, 0))
            x += button.width + gap
        images.append(image)
    return stack(images, width, background, gap=gap)


def _draw_menu(menu: Json, width: int, background: str) -> Image.Image:
    """Draw a closed menu: what is chosen in it, or else its placeholder, and an arrow."""
    chosen = [option["label"] for option in menu.get("options", []) if option.get("default")]
    image = Image.new("RGB", (width, 36 * SCALE), background)
    pen = ImageDraw.Draw(image)
    box = (0, 0, width - 1, image.height - 1)
    pen.rounded_rectangle(box, 6 * SCALE, fill="#1e1f22", outline=_EDGE)
    text = ", ".join(chosen) or menu.get("placeholder") or ""
    left = (12 * SCALE, image.height // 2)
    pen.text(left, text, INK if chosen else MUTED, font(frozenset(), 14), anchor="lm")
    x, y, side = width - 20 * SCALE, image.height // 2, 4 * SCALE
    pen.line((x - side, y - side // 2, x, y + side // 2, x + side, y - side // 2), INK, SCALE)
    return image


def _draw_button(button: Json, background: str) -> Image.Image:
    if button["type"] != _BUTTON:
        raise ValueError(f"no picture for a component of type {button['type']} in a row")
    label, emoji = button.get("label") or "", (button.get("emoji") or {}).get("name", "")
    bold, icon, padding = font(frozenset({"bold"}), 12), 16 * SCALE, 14 * SCALE
    icon_width = (icon + 6 * SCALE * bool(label)) if emoji else 0
    width = round(2 * padding + icon_width + bold.getlength(label))
    image = Image.new("RGB", (width, 32 * SCALE), background)
    pen = ImageDraw.Draw(image)
    colour = MUTED if button.get("disabled") else "white"
    pen.rounded_rectangle(
        (0, 0, width - 1, image.height - 1), 8 * SCALE, fill=_BUTTON_COLOURS[button["style"]]
    )
    if emoji:
        image.paste(INK, (padding, 8 * SCALE), draw_icon(emoji, icon))
    middle = (padding + icon_width, image.height // 2)
    pen.text(middle, label, colour, bold, anchor="lm")
    return image
