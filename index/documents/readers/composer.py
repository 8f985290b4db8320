"""Compose title, sections and paragraphs of a document from its blocks, for all formats."""

from index.documents.model import Paragraph, Reading

_SECTION_SEPARATOR = " \u203a "


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
        self._paragraphs: list[Paragraph] = []

    def add_heading(self, level: int, text: str) -> None:
        """Open a section; sections of the same and deeper levels are closed."""
        on_top = self.title is None and not self._paragraphs and not self._headings
        if level == 1 and self.first_heading is None:
            self.first_heading = text
        if level == 1 and on_top and self._title_on_top:
            self.title = text
            return
        self._headings = {above: name for above, name in self._headings.items() if above < level}
        self._headings[level] = text

    def add_paragraph(self, text: str, page: int | None = None) -> None:
        """Add a paragraph to the open section; a blank one is ignored."""
        if text := text.strip():
            section = _SECTION_SEPARATOR.join(name for name in self._headings.values() if name)
            number = len(self._paragraphs) + 1
            self._paragraphs.append(Paragraph(number, text, section or None, page))

    def reading(self, title: str | None = None) -> Reading:
        """Return the given title, else the one found, else None; and the paragraphs."""
        return (title or "").strip() or self.title or None, tuple(self._paragraphs)
