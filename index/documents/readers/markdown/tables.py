"""The rows of tables."""

from collections.abc import Callable, Sequence

from markdown_it.token import Token

from index.documents.model import Mark
from index.documents.readers.markdown.inline_text import InlineText, joined


def table_text(tokens: Sequence[Token], text_of: Callable[[Token], InlineText]) -> InlineText:
    """Return a table: a line for each row, and " | " between its cells, empty ones too."""
    rows: list[InlineText] = []
    cells: list[InlineText] = []
    has_header = True
    for token in tokens:
        if token.type == "inline":
            cells.append(text_of(token))
        elif token.type == "tr_close":
            if any(cell.text for cell in cells):
                rows.append(joined(cells, " | "))
            elif not rows:
                has_header = False
            cells = []
    table = joined(rows, "\n")
    table.marks.insert(0, Mark("table", 0, len(table.text), "header" if has_header else ""))
    return table
