"""Elements that separate blocks, and those that hold the parts of a page."""

from collections.abc import Mapping

from index.documents.model import Mark
from index.documents.readers.html.content.block import Block
from index.documents.readers.html.content.code import language_of
from index.documents.readers.html.page.builder import Builder, Closing
from index.documents.readers.html.page.controls import opens_panel

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

# Inside of lists these are separate blocks, so that all items are.
_SEPARATE = frozenset(("p", "blockquote", "pre", "table")) | HEADINGS


def open_block(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read an element that separates blocks."""
    if page.heading is not None:
        page.line.add(" ")
        return _do_nothing
    if page.line.preformatted:
        page.line.begin_line()
        return page.line.begin_line
    page.flush()
    page.shows_next = False
    if tag in _SEPARATE and page.list is not None:
        page.list.is_loose |= tag != "p" or not page.list.is_compact
    language = page.language
    if attributes and (classes := attributes.get("class")):
        page.language = language_of(classes) or language
    if page.awaits_panel and tag != "hr":
        page.awaits_panel = False
        page.continues += 1
        return lambda: page.close_panel(language)
    if page.language is language:
        return page.flush
    return lambda: page.close_block(language)


def _do_nothing() -> None:
    """End an element that separates nothing."""


def open_part(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read an article or a section."""
    if tag == "main":
        return open_main(page, tag, attributes)
    closing = open_block(page, tag, attributes)
    page.parts_of_page += 1
    levels = page.begin_section() if tag == "section" and "id" in attributes else None
    is_article = tag == "article"
    page.articles += is_article
    page.has_article |= is_article
    page.regions.add_holder(tag)

    def close() -> None:
        closing()
        page.parts_of_page -= 1
        page.articles -= is_article
        if levels is not None:
            page.end_section(levels)

    return close


def open_main(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read the main part of the page."""
    closing = open_block(page, "div", attributes)
    page.parts_of_page += 1
    page.main += 1
    page.articles += tag == "article"
    page.regions.add_holder("main")

    def close() -> None:
        closing()
        page.parts_of_page -= 1
        page.main -= 1
        page.articles -= tag == "article"

    return close


def open_region(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read an aside, form or footer, of which only the content says whether it is text."""
    closing = open_block(page, tag, attributes)
    if page.is_lenient or not page.regions.open(tag):
        return closing

    def close() -> None:
        closing()
        page.regions.close(tag)

    return close


def open_break(page: Builder, tag: str, attributes: Mapping[str, str]) -> None:
    """Read the end of a line."""
    del tag, attributes
    page.line.add("\n" if page.line.preformatted else " ")


def open_heading(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a heading; in a cell of a table with headers it is text."""
    if page.heading is not None or page.inner_tables:
        return open_block(page, "div", attributes)
    if page.table is not None and not page.table.is_layout:
        if page.table.has_header:
            return open_block(page, "div", attributes)
        page.table.dissolve()
    preformatted, page.line.preformatted = page.line.preformatted, 0
    page.flush()
    if page.list is not None:
        page.list.is_loose = True
    page.awaits_panel = False
    page.regions.add_holder(tag)
    page.heading = [attributes.get("id")]
    page.shows_next = opens_panel(attributes)
    page.tabs.add_controlled(attributes)
    above = page.anchor

    def close() -> None:
        anchor = (page.heading or [None])[0] or above
        page.heading = None
        page.close_heading(int(tag[1]), anchor)
        page.line.preformatted = preformatted

    return close


def open_code(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read preformatted text."""
    if page.heading is not None or page.line.preformatted:
        return open_block(page, tag, attributes)
    closing = open_block(page, tag, attributes)
    language = page.language
    if written := attributes.get("data-lang") or attributes.get("data-language"):
        page.language = language_of(f"lang-{written.strip()}")
    page.line.preformatted += 1

    def close() -> None:
        text, _ = page.line.take()
        if text := text.strip("\n"):
            page.emit(Block(text, "code", [Mark("code", 0, len(text.rstrip()), page.language)]))
        page.line.preformatted -= 1
        page.language = language
        closing()

    return close
