"""Compose title, sections and paragraphs of a document from its blocks, for all formats."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict, Unpack

from index.documents.model import SECTION_SEPARATOR, BlockKind, Mark, Paragraph, Reading


class More(TypedDict, total=False):
    """What few formats have of a block; see `Paragraph`."""

    stands_alone: bool
    time: str | None
    lead_in: str | None
    header: str | None
    url: str | None
    date: str | None


class Composer:
    """Collects headings and paragraphs in the order of the text."""

    def __init__(self, *, title_on_top: bool = True) -> None:
        """Begin an empty document.

        Args:
            title_on_top: Whether a level-one heading at the beginning is the title. If False, it
                is a section like any other.
        """
        self.title: str | None = None
        self.first_heading: str | None = None
        self._title_on_top = title_on_top
        self._headings: dict[int, str] = {}
        self._anchor: str | None = None
        self._paragraphs: list[Paragraph] = []

    @property
    def announces(self) -> bool:
        """Whether the last block is a lead-in: a text that ends with a colon."""
        last = self._paragraphs[-1] if self._paragraphs else None
        return last is not None and last.kind in ("text", "item") and last.text.endswith(":")

    def add_heading(self, level: int, text: str, anchor: str | None = None) -> None:
        """Open a section; sections of the same and deeper levels are closed.

        Args:
            level: 1 for the outermost.
            text: What the heading says.
            anchor: The id with which an address of this section ends, or None.
        """
        on_top = self.title is None and not self._paragraphs and not self._headings
        if level == 1 and self.first_heading is None:
            self.first_heading = text
        if level == 1 and on_top and self._title_on_top:
            self.title = text
            return
        self._headings = {above: name for above, name in self._headings.items() if above < level}
        self._headings[level] = text
        self._anchor = anchor

    def add_paragraph(
        self,
        text: str,
        page: int | None = None,
        *,
        kind: BlockKind = "text",
        marks: Sequence[Mark] = (),
        continues: bool = False,
        own_anchor: str | None = None,
        **more: Unpack[More],
    ) -> None:
        """Add a block to the open section; a blank one is ignored.

        Args:
            text: White space around it is removed, but not the indentation of code, nor that which
                stands for an empty cell at the beginning of a table.
            page: The page that it begins on.
            kind: See `Paragraph`; all other arguments as well.
            marks: Their offsets are those in `text` as it is given.
            continues: Whether it is read together with the block before it.
            own_anchor: The id of the block itself.
            more: What few formats have; see `Paragraph`.
        """
        n_blank = len(text) - len(text.lstrip("\n" if kind in ("code", "table") else None))
        if not (stripped := text[n_blank:].rstrip()):
            return
        section = SECTION_SEPARATOR.join(name for name in self._headings.values() if name)
        self._append(
            Paragraph(
                len(self._paragraphs) + 1,
                stripped,
                section or None,
                page,
                kind,
                tuple(_moved(marks, -n_blank, len(stripped))),
                self._anchor,
                continues,
                own_anchor,
                **more,
            )
        )

    def _append(self, paragraph: Paragraph) -> None:
        """Append a block; composers for formats that say more of it override this."""
        is_first = not self._paragraphs
        self._paragraphs.append(replace(paragraph, continues=False) if is_first else paragraph)

    def reading(self, title: str | None = None) -> Reading:
        """Return the given title, else the one found, else None; and the paragraphs."""
        return (title or "").strip() or self.title or None, tuple(self._paragraphs)


def _moved(marks: Sequence[Mark], by: int, length: int) -> list[Mark]:
    """Return marks moved into a text of this length, without those that fall outside of it."""
    moved = (
        replace(mark, start=max(mark.start + by, 0), end=min(mark.end + by, length))
        for mark in marks
    )
    return sorted(
        (mark for mark in moved if mark.start < mark.end), key=lambda mark: (mark.start, -mark.end)
    )
