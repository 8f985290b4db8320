"""Elements inside of a line, and those that say something about the page."""

from collections.abc import Mapping

from index.documents.model import MarkKind
from index.documents.readers.html.content.code import language_of
from index.documents.readers.html.content.mathml import Formula
from index.documents.readers.html.page.builder import Builder, Closing

MARKED: dict[str, MarkKind] = {
    "b": "strong",
    "strong": "strong",
    "code": "literal",
    "kbd": "literal",
    "samp": "literal",
    "tt": "literal",
}

# What a link to its own heading is shown as.
_PERMALINKS = frozenset("# \u00b6 \u00a7 \u221e \U0001f517 \U0001f517\ufe0e".split())

# Of MediaWiki and Sphinx.
_FORMULA_IMAGES = frozenset(
    "tex math mwe-math-fallback-image-inline mwe-math-fallback-image-display".split()
)

# A point in time so near to the beginning is that of the text.
_MAX_BLOCKS_ABOVE_TIME = 3


def open_marked(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing | None:
    """Read a word that is set off."""
    if page.line.preformatted:
        if attributes and not page.language:
            page.language = language_of(attributes.get("class", ""))
        return None
    return page.line.close_mark if page.line.open_mark(MARKED[tag]) else None


def open_link(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing | None:
    """Read a link; one that only leads to its own heading is left out."""
    del tag
    line = page.line
    href = attributes.get("href", "")
    start = line.length
    is_marked = bool(href) and not line.preformatted and line.open_mark("link", href)

    def close() -> None:
        is_mark = line.length - start in (1, 2, 3) and "#" in href
        if is_mark and line.since(start).strip() in _PERMALINKS:
            line.cut(start)
        if is_marked:
            line.close_mark()

    return close


def open_time(page: Builder, tag: str, attributes: Mapping[str, str]) -> None:
    """Read a point in time."""
    del tag
    is_near_title = len(page.root.blocks) < _MAX_BLOCKS_ABOVE_TIME
    page.metadata.read_time(attributes, is_near_title=is_near_title)


def open_formula(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a formula."""
    del tag
    formula = page.formula = Formula(attributes)

    def close() -> None:
        page.formula = None
        page.line.add(formula.text())

    return close


def open_image(page: Builder, tag: str, attributes: Mapping[str, str]) -> None:
    """Read a picture; that of a formula has its source as its description."""
    del tag
    page.pictures += 1
    source = attributes.get("alt")
    if source and not _FORMULA_IMAGES.isdisjoint(attributes.get("class", "").split()):
        page.line.add(Formula({"alttext": source}).text())


def open_input(page: Builder, tag: str, attributes: Mapping[str, str]) -> None:
    """Read a field of a form."""
    page.regions.add_control(tag, attributes)


def open_metadata(page: Builder, tag: str, attributes: Mapping[str, str]) -> None:
    """Read what the page says about itself."""
    page.metadata.read(tag, attributes)
