"""The state of a page that is read, and how blocks are added to it."""

from collections.abc import Callable
from dataclasses import dataclass

from index.documents.readers.html.content.block import Block, Flow
from index.documents.readers.html.content.line import Line
from index.documents.readers.html.content.lists import ListNest
from index.documents.readers.html.content.mathml import Formula
from index.documents.readers.html.content.tables import Table
from index.documents.readers.html.metadata import Metadata
from index.documents.readers.html.page.controls import Tabs
from index.documents.readers.html.page.regions import Regions

# Handles the end of an element.
Closing = Callable[[], None]

# Longer ones are text in the tags of a heading, often of one that is never closed.
_MAX_HEADING_CHARS = 500


@dataclass(slots=True)
class Scope:
    """The headings of a section, without those of the sections in it.

    Attributes:
        level: That of the last one.
        anchor: That of the last one.
        highest: The level of the highest one.
    """

    level: int | None = None
    anchor: str | None = None
    highest: int | None = None


class Builder:
    """Composes the blocks of a page.

    An outermost list or table is read into a flow of its own and becomes blocks when it ends.

    Attributes:
        metadata: The address and date of the page.
        is_lenient: Whether forms are read, and what is shown without scripts.
        root: All blocks.
        flow: Where the next block is added.
        line: The characters of the block that is open.
        regions: The forms, footers and asides that are open.
        tabs: The names of tabs and panels.
        list: The list that is open, or None.
        nests: How many outermost lists are open, one in a table in the other.
        table: The table that is open, or None.
        inner_tables: How many tables are open that are read as text of a cell.
        item: The number of the list item whose first block is not added yet, or None.
        anchor: The id that belongs to the next heading, or None.
        own_anchor: The id of the term or post that begins with the next block, or None.
        heading: The id of the heading that is open, in a list; None outside of headings.
        formula: The formula that is open, or None.
        language: That of code.
        main: How many elements are open that are the main part of the page.
        articles: How many articles are open.
        has_article: Whether the page has an article.
        parts_of_page: How many elements are open in which a header or footer is text.
        pictures: How many pictures there have been.
        posts: How many posts of a forum have begun.
        in_post: Whether one is open.
        continues: Above 0 if the next block is read together with the one before it.
        is_first: Whether the next block nevertheless is not.
        awaits_panel: Whether the next element is the panel of a button.
        shows_next: Whether the next element is read though it is hidden.
        has_term: Whether the definition list that is open has a term.
        is_after_term: Whether the last element of that list was a term.
        summaries: For each <details> that is open whether its summary was read.
    """

    def __init__(self, metadata: Metadata, *, is_lenient: bool) -> None:
        """Begin an empty page."""
        self.metadata = metadata
        self.is_lenient = is_lenient
        self.root = Flow()
        self.flow = self.root
        self.line = Line()
        self.regions = Regions()
        self.tabs = Tabs()
        self.list: ListNest | None = None
        self.nests = 0
        self.table: Table | None = None
        self.inner_tables = 0
        self.item: str | None = None
        self.anchor: str | None = None
        self.own_anchor: str | None = None
        self.heading: list[str | None] | None = None
        self.formula: Formula | None = None
        self.language = ""
        self.main = 0
        self.articles = 0
        self.has_article = False
        self.parts_of_page = 0
        self.pictures = 0
        self.posts = 0
        self.in_post = False
        self.continues = 0
        self.is_first = False
        self.awaits_panel = False
        self.shows_next = False
        self.has_term = False
        self.is_after_term = False
        self.summaries: list[bool] = []
        self._scope = Scope()

    def flush(self) -> None:
        """End the block that is open."""
        if self.line.length:
            text, marks = self.line.take()
            if text:
                self.emit(Block(text.rstrip(" "), marks=marks))

    def emit(self, block: Block) -> None:
        """Add a block or heading."""
        block.is_in_main = self.main > 0
        if not block.level:
            self._place(block)
        self.regions.add(block)
        self.flow.blocks.append(block)

    def _place(self, block: Block) -> None:
        """Note what the block belongs to."""
        if self.awaits_panel and not block.is_label:
            block.continues = True
            self.awaits_panel = False
        elif self.continues and not self.is_first and not block.is_label:
            block.continues = True
        self.is_first = False
        self.anchor = None
        block.anchor, self.own_anchor = self.own_anchor, None
        if self.item is not None and self.list is not None:
            block.item, self.item = self.item, None
            block.depth = len(self.list.numberings)
            self.list.numberings[-1].begun(block)

    def close_block(self, language: str) -> None:
        """End a block element, and with it the language of the code in it."""
        self.flush()
        self.language = language

    def close_panel(self, language: str) -> None:
        """End what a button opens."""
        self.close_block(language)
        self.continues -= 1

    def close_heading(self, level: int, anchor: str | None) -> None:
        """Add the line that is open as a heading."""
        text, marks = self.line.take()
        self.anchor = None
        if len(text) > _MAX_HEADING_CHARS:
            self.emit(Block(text, marks=marks))
        elif text.strip():
            self.item = None
            self.is_first = True
            self.emit(Block(text, level=level, anchor=anchor))
            scope = self._scope
            scope.level, scope.anchor = level, anchor
            scope.highest = level if scope.highest is None else min(level, scope.highest)

    def begin_section(self) -> Scope:
        """Begin to note the headings inside of a section; return those outside of it."""
        outer, self._scope = self._scope, Scope()
        return outer

    def end_section(self, outer: Scope) -> None:
        """Close a section, so that its heading is not the one of what follows."""
        level = self._scope.highest
        self._scope = outer
        if level is not None and outer.level is not None and outer.level < level:
            self.emit(Block("", level=level, anchor=outer.anchor))
