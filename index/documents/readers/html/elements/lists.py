"""Lists, and lists of terms with what is said about them."""

from collections.abc import Mapping

from index.documents.readers.html.content.lists import ListNest, Numbering
from index.documents.readers.html.elements.blocks import open_block
from index.documents.readers.html.page.builder import Builder, Closing

# Lists in tables in lists; each one takes up the blocks of those inside of it.
_MAX_NESTS = 8


def open_list(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a list."""
    closing = open_block(page, tag, attributes)
    if page.heading is not None or page.line.preformatted:
        return closing
    if page.list is None:
        if page.nests >= _MAX_NESTS:
            return closing
        page.nests += 1
        page.list = ListNest(page.flow)
        page.flow = page.list.flow
    nest = page.list
    numbering = Numbering(tag, attributes)
    nest.numberings.append(numbering)

    def close() -> None:
        page.flush()
        numbering.finish()
        nest.numberings.pop()
        page.item = None
        if not nest.numberings:
            page.nests -= 1
            page.list = None
            page.flow = nest.parent
            nest.parent.blocks += nest.blocks()
        closing()

    return close


def open_item(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read an item of a list."""
    closing = open_block(page, tag, attributes)
    if page.list is not None and page.heading is None and not page.line.preformatted:
        page.item = page.list.numberings[-1].next_item(attributes.get("value"))
    return closing


def open_definitions(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a term or what is said about it; they are read together."""
    closing = open_block(page, tag, attributes)
    continues = page.continues
    if tag == "dd":
        page.is_after_term = False
        page.continues += page.has_term

        def close_definition() -> None:
            closing()
            page.continues = continues

        return close_definition
    if not page.is_after_term:  # else the same is said about several terms
        page.own_anchor = attributes.get("id")
        if page.own_anchor or "sig" in attributes.get("class", "").split():
            page.is_first = True
    page.continues += page.is_after_term
    page.has_term = page.is_after_term = True

    def close_term() -> None:
        closing()
        page.continues = continues

    return close_term


def open_definition_list(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a list of terms."""
    closing = open_block(page, tag, attributes)
    outer = page.has_term, page.is_after_term
    page.has_term = page.is_after_term = False

    def close() -> None:
        closing()
        page.has_term, page.is_after_term = outer

    return close
