"""Discord's limits on the components of messages, of the old kind and of v2, and on modals."""

from __future__ import annotations

from collections.abc import Iterator

from tests.standin.rules.rules import (
    BUTTON,
    CHECKBOX,
    CHECKBOXES,
    CONTAINER,
    FILE,
    FILE_UPLOAD,
    GALLERY,
    JSON,
    LABEL,
    RADIO,
    ROW,
    SECTION,
    SELECTS,
    SEPARATOR,
    STRING_SELECT,
    TEXT_DISPLAY,
    TEXT_INPUT,
    THUMBNAIL,
    bounds,
    length,
    walk,
)

# Limits from Discord's API documentation and discord.py 2.7's, as of August 2026.
V2_TEXT_CHARS = 4000
V2_COMPONENTS = 40
IN_CONTAINER = {ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR}
ON_TOP = IN_CONTAINER | {CONTAINER}
IN_LABEL = SELECTS | {TEXT_INPUT, FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX}
CHOOSERS = SELECTS | {FILE_UPLOAD}


def row_problems(rows: list[JSON]) -> Iterator[str]:
    """Find what is wrong with the components of a message without the v2 flag."""
    if len(rows) > 5:
        yield f"{len(rows)} component rows, at most 5"
    for row in rows:
        if row.get("type") != ROW:
            yield f"component type {row.get('type')} needs the components v2 flag"
        else:
            yield from _row_content_problems(row.get("components", []))


def v2_problems(components: list[JSON]) -> Iterator[str]:
    """Find what is wrong with the components of a v2 message."""
    parts = list(walk(components))
    if len(parts) > V2_COMPONENTS:
        yield f"{len(parts)} components, at most {V2_COMPONENTS}"
    text = sum(length(part.get("content", "")) for part in parts if part["type"] == TEXT_DISPLAY)
    if text > V2_TEXT_CHARS:
        yield f"text displays have {text} characters together, at most {V2_TEXT_CHARS}"
    yield from _misplaced(components, ON_TOP, "on top")
    for part in parts:
        yield from _part_problems(part)


def _part_problems(part: JSON) -> Iterator[str]:
    kind, inner = part["type"], part.get("components", [])
    if kind == ROW:
        yield from _row_content_problems(inner)
    elif kind == TEXT_DISPLAY and not part.get("content", "").strip():
        yield "a text display is empty"
    elif kind == CONTAINER:
        yield from _misplaced(inner, IN_CONTAINER, "in a container")
        if not inner:
            yield "a container is empty"
        if not 0 <= (part.get("accent_color") or 0) <= 0xFFFFFF:
            yield f"accent colour {part['accent_color']} is no colour"
    elif kind == SECTION:
        yield from _misplaced(inner, {TEXT_DISPLAY}, "in a section")
        yield from _misplaced([part.get("accessory", {})], {BUTTON, THUMBNAIL}, "beside a section")
        if not 1 <= len(inner) <= 3:
            yield f"a section has {len(inner)} texts, 1 to 3"
        if part.get("accessory", {}).get("type") == BUTTON:
            yield from _button_problems(part["accessory"])
    elif kind == GALLERY and not 1 <= len(part.get("items", [])) <= 10:
        yield f"a gallery has {len(part.get('items', []))} pictures, 1 to 10"


def _misplaced(parts: list[JSON], allowed: set[int], where: str) -> Iterator[str]:
    for part in parts:
        if part.get("type") not in allowed:
            yield f"component type {part.get('type')} cannot be {where}"


def _row_content_problems(children: list[JSON]) -> Iterator[str]:
    if not 1 <= len(children) <= 5:
        yield f"{len(children)} components in a row, 1 to 5"
    if len(children) > 1 and any(child.get("type") in SELECTS for child in children):
        yield "a select menu shares its row"
    for child in children:
        if child.get("type") == BUTTON:
            yield from _button_problems(child)
        elif child.get("type") in SELECTS:
            yield from _chooser_problems(child)
        else:
            yield f"component type {child.get('type')} cannot be in a message row"


def _button_problems(button: JSON) -> Iterator[str]:
    yield from bounds("button label", button.get("label") or "", 0, 80)
    if not button.get("label") and not button.get("emoji"):
        yield "button has neither label nor emoji"
    if button.get("style") == 5:
        yield from bounds("button url", button.get("url") or "", 1, 512)
        if "custom_id" in button:
            yield "link button has a custom_id"
    elif "url" in button:
        yield "button with a url has not the link style"
    else:
        yield from bounds("custom_id", button.get("custom_id") or "", 1, 100)


def _chooser_problems(chooser: JSON) -> Iterator[str]:
    """Find what is wrong with a select menu or a file upload."""
    yield from bounds("custom_id", chooser.get("custom_id") or "", 1, 100)
    yield from bounds("placeholder", chooser.get("placeholder") or "", 0, 150)
    is_upload = chooser["type"] == FILE_UPLOAD
    most = 10 if is_upload else 25
    options = chooser.get("options", [])
    least, highest = chosen_range(chooser)
    if not (0 <= least <= most and 1 <= highest <= most and least <= highest):
        yield f"{least} to {highest} values are to be chosen, possible are 0 to {most}"
    if len(chooser.get("default_values", [])) > highest:
        yield "more default values than may be chosen"
    if chooser["type"] == STRING_SELECT:
        yield from _option_problems(options)
        if highest > len(options):
            yield f"{highest} of {len(options)} options are to be chosen"


def _option_problems(options: list[JSON]) -> Iterator[str]:
    if not 1 <= len(options) <= 25:
        yield f"{len(options)} select options, allowed are 1 to 25"
    for option in options:
        yield from bounds("option label", option.get("label", ""), 1, 100)
        yield from bounds("option value", option.get("value", ""), 1, 100)
        yield from bounds("option description", option.get("description") or "", 0, 100)
    if len({option.get("value") for option in options}) < len(options):
        yield "two select options have the same value"


def chosen_range(chooser: JSON) -> tuple[int, int]:
    """Return the least and the highest number of values that may be chosen."""
    least, highest = chooser.get("min_values"), chooser.get("max_values")
    return 1 if least is None else least, 1 if highest is None else highest


def modal_problems(modal: JSON) -> Iterator[str]:
    """Find what is wrong with a modal."""
    parts = modal.get("components", [])
    yield from bounds("modal title", modal.get("title") or "", 1, 45)
    yield from bounds("modal custom_id", modal.get("custom_id") or "", 1, 100)
    if not 1 <= len(parts) <= 5:
        yield f"modal has {len(parts)} parts, 1 to 5"
    yield from _misplaced(parts, {ROW, LABEL, TEXT_DISPLAY}, "on top of a modal")
    for part in parts:
        if part.get("type") == LABEL:
            yield from _label_problems(part)
        elif part.get("type") == ROW:
            yield from _misplaced(part.get("components", []), {TEXT_INPUT}, "in a modal's row")
            for child in part.get("components", []):
                yield from bounds("input label", child.get("label") or "", 1, 45)
                yield from _input_problems(child)
    yield from custom_id_problems(parts)


def _label_problems(label: JSON) -> Iterator[str]:
    child = label.get("component", {})
    yield from bounds("input label", label.get("label") or "", 1, 45)
    yield from bounds("label description", label.get("description") or "", 0, 100)
    yield from _misplaced([child], IN_LABEL, "in a label")
    if child.get("label"):
        yield "an input in a label has a label of its own"
    if child.get("disabled"):
        yield "a component of a modal is disabled"
    if child.get("type") in CHOOSERS:
        yield from _chooser_problems(child)
    elif child.get("type") == TEXT_INPUT:
        yield from _input_problems(child)


def _input_problems(field: JSON) -> Iterator[str]:
    yield from bounds("custom_id", field.get("custom_id") or "", 1, 100)
    yield from bounds("placeholder", field.get("placeholder") or "", 0, 100)
    yield from bounds("input value", field.get("value") or "", 0, 4000)
    if field.get("style") not in (1, 2):
        yield f"input style {field.get('style')} is neither short nor paragraph"
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if not 0 <= least <= most <= 4000:
        yield f"input of {least} to {most} characters, possible are 0 to 4000"


def custom_id_problems(components: list[JSON]) -> Iterator[str]:
    """Find ids that two components share."""
    ids = [part["custom_id"] for part in walk(components) if part.get("custom_id")]
    yield from (
        f"custom_id {name!r} is used twice" for name in {n for n in ids if ids.count(n) > 1}
    )
