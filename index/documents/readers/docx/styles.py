"""What the styles of a Word document say of its paragraphs, runs and tables."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from index.documents.readers.docx.xml import W, is_on, number_of, value_of

if TYPE_CHECKING:
    from lxml import etree

_T = TypeVar("_T")

# The outline level of body text.
_BODY_LEVEL = 9

_HEADING = re.compile(r"heading ([1-9])")
_CONTENTS = re.compile(r"toc (?:\d|heading)|table of figures")
_CODE = ("html preformatted", "source code", "code", "preformatted text", "macro text", "listing")

_UNSEEN_RUNS = ("strike", "dstrike", "vanish")

# No style is based on so many others.
_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it takes over from those that it is based on.

    Attributes:
        kind: "1" to "9" for a heading, "title", "contents", "code", "item" or "".
        number: The list that its paragraphs belong to: id and level; either may be None.
        is_unseen: Whether its text is struck out or hidden.
        is_bold: Whether its text is bold.
        has_header: Whether the first row of its tables looks different.
    """

    kind: str = ""
    number: tuple[str | None, int | None] = (None, None)
    is_unseen: bool = False
    is_bold: bool = False
    has_header: bool = False


PLAIN = Style()


def read_styles(root: "etree._Element | None") -> dict[str, Style]:
    """Return the styles by their ids."""
    if root is None:
        return {}
    elements = {one.get(f"{W}styleId", ""): one for one in root.iterfind(f"{W}style")}
    return {style_id: _style(elements, style_id) for style_id in elements}


def outline_level(element: "etree._Element") -> str:
    """Return the level of a heading that a paragraph or style has by itself, as "1" to "9"."""
    level = number_of(element, "pPr/outlineLvl")
    return str(level + 1) if level is not None and level < _BODY_LEVEL else ""


def _style(elements: "dict[str, etree._Element]", style_id: str) -> Style:
    chain: list[etree._Element] = []
    based_on: str | None = style_id
    while based_on in elements and len(chain) < _MAX_DEPTH:
        chain.append(elements[based_on])
        based_on = value_of(chain[-1], "basedOn")
    kind = next((kind for one in chain if (kind := _kind(one))), "")
    return Style(
        kind,
        (
            _first(value_of(one, "pPr/numPr/numId") for one in chain),
            _first(number_of(one, "pPr/numPr/ilvl") for one in chain),
        ),
        any(_first(is_on(one, f"rPr/{name}") for one in chain) for name in _UNSEEN_RUNS),
        bool(_first(is_on(one, "rPr/b") for one in chain)),
        any(
            part.get(f"{W}type") == "firstRow"
            for one in chain
            for part in one.iterfind(f"{W}tblStylePr")
        ),
    )


def is_unseen_run(run: "etree._Element", styles: Mapping[str, Style], *, by_default: bool) -> bool:
    """Return whether the text of a run is struck out or hidden."""
    style = styles.get(value_of(run, "rPr/rStyle") or "", PLAIN)
    own = [is_on(run, f"rPr/{name}") for name in _UNSEEN_RUNS]
    if any(own):
        return True
    return (style.is_unseen or by_default) and False not in own


def is_bold_run(run: "etree._Element", styles: Mapping[str, Style]) -> bool:
    """Return whether the text of a run is bold."""
    own = is_on(run, "rPr/b")
    return styles.get(value_of(run, "rPr/rStyle") or "", PLAIN).is_bold if own is None else own


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((one for one in values if one is not None), None)


def _kind(style: "etree._Element") -> str:
    name = (value_of(style, "name") or "").lower()
    if heading := _HEADING.fullmatch(name):
        return heading[1]
    if name == "title":
        return name
    if _CONTENTS.fullmatch(name):
        return "contents"
    if name in _CODE:
        return "code"
    if name.startswith("list ") and name != "list paragraph":
        return "item"
    return outline_level(style)
