"""Elements with a name of their own: tabs, accordions, details, notes and posts."""

from collections.abc import Mapping

from index.documents.readers.html.content.block import Block
from index.documents.readers.html.content.line import Line
from index.documents.readers.html.elements.blocks import open_block, open_region
from index.documents.readers.html.page.builder import Builder, Closing

# Of a picture.
_MAX_NAME_CHARS = 100


def open_tablist(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read the names of tabs."""
    del tag, attributes
    page.flush()
    page.tabs.begin()
    return lambda: _close_tablist(page)


def _close_tablist(page: Builder) -> None:
    page.line.take()
    page.tabs.is_open = False


def open_label(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing | None:
    """Read the name of a field; in a list of tabs it is that of a tab."""
    return open_tab(page, tag, attributes) if page.tabs.is_open else None


def open_tab(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read the name of a tab."""
    del tag
    line, page.line = page.line, Line()

    def close() -> None:
        text, _ = page.line.take()
        page.line = line
        page.tabs.add(" ".join(text.split()), attributes)

    return close


def open_tab_panel(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read what a tab opens, below its name."""
    del tag
    closing = open_block(page, "div", attributes)
    label = page.tabs.label_of(attributes)
    if label:
        page.emit(Block(label, is_label=True))
        page.continues += 1

    def close() -> None:
        closing()
        page.continues -= bool(label)

    return close


def open_button(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing | None:
    """Read a button whose text names the panel that it opens."""
    del tag
    page.tabs.add_controlled(attributes)
    if page.heading is not None:
        page.shows_next = True
        return None
    page.flush()
    line, page.line = page.line, Line()

    def close() -> None:
        text, _ = page.line.take()
        page.line = line
        page.awaits_panel = False
        if text.strip():
            page.emit(Block(text.rstrip(), is_label=True))
            page.awaits_panel = True

    return close


def open_rubric(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a paragraph that names the element below it."""
    closing = open_block(page, tag, attributes)

    def close() -> None:
        closing()
        page.awaits_panel = True

    return close


def open_caption(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read what is said below a picture; a name of the picture alone says nothing without it."""
    closing = open_block(page, tag, attributes)
    n_blocks = len(page.flow.blocks)

    def close() -> None:
        closing()
        _drop_name(page, n_blocks)

    return close


def open_figure(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a figure; if it only shows a picture, its caption is the one of the picture."""
    closing = open_block(page, tag, attributes)
    n_pictures, n_blocks = page.pictures, len(page.flow.blocks)

    def close() -> None:
        closing()
        if page.pictures > n_pictures:
            _drop_name(page, n_blocks)

    return close


def _drop_name(page: Builder, n_blocks: int) -> None:
    """Drop the only block after the first `n_blocks` if it is as short as a name."""
    said = page.flow.blocks[n_blocks:]
    if len(said) == 1 and len(said[0].text) <= _MAX_NAME_CHARS:
        said[0].is_dropped = True


def open_details(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read what is shown on a click, together with its summary."""
    closing = open_block(page, tag, attributes)
    continues = page.continues
    page.summaries.append(False)

    def close() -> None:
        closing()
        page.continues = continues
        page.summaries.pop()

    return close


def open_summary(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read the summary of what is shown on a click."""
    closing = open_block(page, tag, attributes)

    def close() -> None:
        closing()
        if page.summaries and not page.summaries[-1]:
            page.summaries[-1] = True
            page.continues += 1

    return close


def open_post(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a post of a forum; the second one is read with the first, as its reply."""
    closing = open_block(page, tag, attributes)
    page.posts += 1
    continues = page.continues
    page.continues = 1
    page.is_first = page.posts != 2
    page.own_anchor = attributes.get("id")
    page.in_post = True
    is_article = tag == "article"
    page.articles += is_article
    page.parts_of_page += 1

    def close() -> None:
        closing()
        page.continues = continues
        page.in_post = False
        page.articles -= is_article
        page.parts_of_page -= 1

    return close


def open_note(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a note set off from the text; its title and its blocks are read together."""
    closing = (open_region if tag == "aside" else open_block)(page, tag, attributes)
    continues = page.continues
    page.is_first |= not continues
    page.continues += 1

    def close() -> None:
        closing()
        page.continues = continues
        page.is_first = False

    return close
