"""The numbers that Word shows before the paragraphs of its lists."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.documents.readers.docx.styles import PLAIN, Style
from index.documents.readers.docx.xml import W, is_on, number_of, value_of
from index.documents.readers.html.content.numerals import written_number

if TYPE_CHECKING:
    from lxml import etree

_MAX_LEVELS = 9

_FORMS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_WITHOUT_NUMBER = ("bullet", "none")

_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Item:
    """The list that a paragraph belongs to: its level from 0, and its number or ""."""

    level: int
    number: str


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list, as it is defined."""

    form: str
    pattern: str
    start: int
    style: str | None
    is_legal: bool
    restarts: bool


@dataclass(slots=True)
class _List:
    """A list that is counted: its levels, and the last number of each."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the items of all lists; paragraphs are asked for in the order of the document."""

    def __init__(self, root: "etree._Element | None", styles: dict[str, Style]) -> None:
        """Read the definitions of the lists; None if the document has none."""
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._starts: dict[str, dict[int, int]] = {}
        if root is not None:
            self._read(root)

    def item(self, paragraph: "etree._Element") -> Item | None:
        """Count a paragraph and return its place in its list; None if it is in no list."""
        style_id = value_of(paragraph, "pPr/pStyle") or ""
        number, level = self._styles.get(style_id, PLAIN).number
        number = value_of(paragraph, "pPr/numPr/numId") or number
        if number in (None, "0"):
            return None
        own_level = number_of(paragraph, "pPr/numPr/ilvl")
        counted = self._lists.get(number or "")
        if own_level is None and level is None and counted is not None:
            level = next((n for n, one in counted.levels.items() if one.style == style_id), None)
        found = own_level if own_level is not None else level
        depth = min(found or 0, _MAX_LEVELS - 1)
        return Item(depth, self._next(number or "", depth))

    def _read(self, root: "etree._Element") -> None:
        definitions = {
            one.get(f"{W}abstractNumId", ""): one for one in root.iterfind(f"{W}abstractNum")
        }
        of_style = {
            linked: one for one in definitions.values() if (linked := value_of(one, "styleLink"))
        }
        shared: dict[str, _List] = {}
        for element in root.iterfind(f"{W}num"):
            number = element.get(f"{W}numId", "")
            name = value_of(element, "abstractNumId") or ""
            definition = definitions.get(name)
            if definition is not None and (linked := value_of(definition, "numStyleLink")):
                definition = of_style.get(linked, definition)
            if definition is None:
                continue
            counted = shared.setdefault(name, _List(_levels(definition)))
            overrides = {
                level: start
                for one in element.iterfind(f"{W}lvlOverride")
                if (level := _level_number(one)) is not None
                and (start := number_of(one, "startOverride")) is not None
            }
            own = {n: lvl for one in element.iterfind(f"{W}lvlOverride") for n, lvl in _own(one)}
            self._lists[number] = (
                _List({**counted.levels, **own}, counted.counts) if own else counted
            )
            if overrides:
                self._starts[number] = overrides

    def _next(self, number: str, depth: int) -> str:
        counted = self._lists.get(number)
        if counted is None or depth not in counted.levels:
            return ""
        counts = counted.counts
        for level, start in self._starts.pop(number, {}).items():
            counts[level] = start - 1
        for level in range(depth):
            counts.setdefault(level, counted.levels[level].start if level in counted.levels else 1)
        counts[depth] = counts.get(depth, counted.levels[depth].start - 1) + 1
        for level, one in counted.levels.items():
            if level > depth and one.restarts:
                counts.pop(level, None)
        return _shown(counted, depth)


def _shown(counted: _List, depth: int) -> str:
    one = counted.levels[depth]
    if one.form in _WITHOUT_NUMBER:
        return ""

    def written(place: re.Match[str]) -> str:
        level = int(place[1]) - 1
        form = counted.levels[level].form if level in counted.levels else "decimal"
        number = counted.counts.get(level, 1)
        if form == "decimalZero" and not one.is_legal:
            return f"{number:02}"
        return written_number(number, "1" if one.is_legal else _FORMS.get(form, "1"))

    return _PLACE.sub(written, one.pattern).strip()


def _levels(element: "etree._Element") -> dict[int, _Level]:
    return {
        number: _level(one)
        for one in element.iterfind(f"{W}lvl")
        if (number := _level_number(one)) is not None
    }


def _own(override: "etree._Element") -> list[tuple[int, _Level]]:
    return list(_levels(override).items())


def _level_number(element: "etree._Element") -> int | None:
    written = element.get(f"{W}ilvl", "")
    return int(written) if written in tuple("012345678") else None


def _level(element: "etree._Element") -> _Level:
    start = number_of(element, "start")
    return _Level(
        value_of(element, "numFmt") or "decimal",
        value_of(element, "lvlText") or "",
        1 if start is None else start,
        value_of(element, "pStyle"),
        bool(is_on(element, "isLgl")),
        value_of(element, "lvlRestart") != "0",
    )
