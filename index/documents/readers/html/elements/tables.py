"""Tables, their rows and cells."""

from collections.abc import Mapping

from index.documents.readers.html.content.tables import Table
from index.documents.readers.html.elements.blocks import open_block
from index.documents.readers.html.page.builder import Builder, Closing
from index.documents.readers.html.page.furniture import meaning_of


def open_table(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a table; one in a cell of a table with headers is text of the cell."""
    if page.heading is not None or page.line.preformatted:
        return open_block(page, tag, attributes)
    closing = open_block(page, tag, attributes)
    outer = page.table
    if page.inner_tables or (outer is not None and outer.has_header and not outer.is_layout):
        page.inner_tables += 1
        return lambda: _close_inner_table(page)
    if outer is not None:
        outer.dissolve()
    is_layout = attributes.get("role") in ("presentation", "none")
    is_layout |= meaning_of(attributes.get("class", "")) == "layout"
    table = Table(page.flow, is_layout=is_layout)
    nest, page.list = page.list, None
    flow, item = page.flow, page.item
    page.table = table

    def close() -> None:
        page.flush()
        n_above = len(flow.blocks)
        table.finish()
        if item is not None and len(flow.blocks) > n_above:
            flow.blocks[n_above].item = item
        page.table, page.list, page.flow = outer, nest, flow
        page.item = None
        closing()

    page.item = None
    return close


def _close_inner_table(page: Builder) -> None:
    page.flush()
    page.inner_tables -= 1


def open_head(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read the head or the body of a table."""
    closing = open_block(page, tag, attributes)
    table = page.table
    if table is None or page.inner_tables:
        return closing
    table.is_in_head = tag == "thead"

    def close() -> None:
        table.is_in_head = False
        closing()

    return close


def open_row(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a row."""
    closing = open_block(page, tag, attributes)
    if page.table is not None and not page.inner_tables and not page.line.preformatted:
        page.table.add_row()
    return closing


def open_cell(page: Builder, tag: str, attributes: Mapping[str, str]) -> Closing:
    """Read a cell or the caption of a table."""
    closing = open_block(page, tag, attributes)
    table = page.table
    if table is None or page.inner_tables or page.line.preformatted or page.heading:
        return closing
    flow, nest = page.flow, page.list
    if tag == "caption":
        page.flow = table.parent if table.is_layout else table.caption
    else:
        page.flow = table.add_cell(attributes, is_header=tag == "th")
    page.list = None

    def close() -> None:
        page.flush()
        page.flow, page.list = flow, nest
        closing()

    return close
