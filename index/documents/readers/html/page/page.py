"""Read the elements of a page that are shown."""

from collections.abc import Mapping

from index.documents.readers.html.content.block import Block
from index.documents.readers.html.content.seam import SEAMED, Seam
from index.documents.readers.html.elements import BLOCKS, HEAD, open_element
from index.documents.readers.html.events import STRUCK_OUT, UNSEEN, VisibleContent, is_styled_away
from index.documents.readers.html.metadata import Metadata
from index.documents.readers.html.page import furniture
from index.documents.readers.html.page.builder import Builder, Closing
from index.documents.readers.html.page.controls import is_control, opens_panel

_OFTEN_HIDDEN = UNSEEN | STRUCK_OUT | furniture.FURNITURE | {"header", "footer", "button", "aside"}

_ANCHORED = frozenset("section div a span article".split())


class Page(VisibleContent):
    """Gives the elements that are shown to a builder."""

    def __init__(
        self, metadata: Metadata, *, is_lenient: bool = False, ignores_classes: bool = False
    ) -> None:
        """Begin an empty page.

        Args:
            metadata: Gets what the page says about itself.
            is_lenient: Whether forms are read, and what is shown without scripts.
            ignores_classes: Whether classes and ids hide nothing.
        """
        super().__init__()
        self._builder = Builder(metadata, is_lenient=is_lenient)
        self._ignores_classes = ignores_classes
        self._closings: list[Closing | None] = []
        self._seam = Seam()

    @property
    def metadata(self) -> Metadata:
        """The address and date of the page."""
        return self._builder.metadata

    @property
    def blocks(self) -> list[Block]:
        """All blocks in order."""
        return self._builder.root.blocks

    def finish(self) -> None:
        """End what is open at the end of the page."""
        while self._closings:
            if (closing := self._closings.pop()) is not None:
                closing()
        self._builder.flush()

    def hides(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Return whether an element and everything inside it is not shown or no text."""
        if self._builder.formula is not None:
            return False
        if tag in _OFTEN_HIDDEN and self._is_hidden_tag(tag, attributes):
            return True
        return bool(attributes) and self._is_hidden_by(tag, attributes)

    def _is_hidden_tag(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in UNSEEN:
            return not (tag == "math" or (tag == "noscript" and self._builder.is_lenient))
        if tag in ("header", "footer"):
            return not self._builder.parts_of_page
        if tag == "button":
            return self._hides_button(attributes)
        if tag == "aside":
            return not self._is_aside_of_text(attributes.get("class", ""))
        return True

    def _is_hidden_by(self, tag: str, attributes: Mapping[str, str]) -> bool:
        role = attributes.get("role")
        classes = attributes.get("class")
        meaning = furniture.meaning_of(classes) if classes else ""
        if role in furniture.FURNITURE_ROLES or meaning == "index":
            return True
        if role == "complementary" and tag != "aside" and not self._is_aside_of_text(classes or ""):
            return True
        if role == "tabpanel" or meaning in ("panel", "shown") or role in ("tab", "tablist"):
            return False
        if is_styled_away(attributes):
            return tag != "math" and not self._is_collapsed_panel(tag, attributes)
        if self._ignores_classes or tag in furniture.HOLDERS:
            return False
        if meaning == "furniture":
            return True
        if tag == "sup" and classes and "reference" in classes.split():
            return True
        name = attributes.get("id")
        return name is not None and furniture.is_furniture_id(tag, name, classes or "")

    def _is_collapsed_panel(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Return whether a hidden element is what a button opens."""
        if attributes.get("hidden") == "until-found" or self._builder.tabs.controls(
            attributes.get("id")
        ):
            return True
        is_next = self._builder.awaits_panel or self._builder.shows_next
        return is_next and tag in BLOCKS

    def _is_aside_of_text(self, classes: str) -> bool:
        if furniture.meaning_of(classes) == "note":
            return True
        builder = self._builder
        is_in_text = builder.articles or (builder.parts_of_page and not builder.has_article)
        return bool(is_in_text) and not furniture.is_page_aside(classes)

    def _hides_button(self, attributes: Mapping[str, str]) -> bool:
        if attributes.get("role") == "tab":
            return False
        if self._builder.heading is not None:
            return self._builder.line.length > 0 or is_control(attributes)
        return not opens_panel(attributes)

    def passed_over(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Read what a hidden element says about the page."""
        if tag in HEAD or tag == "html":
            self._builder.metadata.read(tag, attributes)
        elif tag in ("input", "select", "textarea"):
            self._builder.regions.add_control(tag, attributes)

    def opened(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle the start of a visible element."""
        builder = self._builder
        if builder.formula is not None:
            builder.formula.open(tag, attributes)
            self._closings.append(builder.formula.close)
            return
        if tag == "html":
            builder.metadata.read(tag, attributes)
        classes = attributes.get("class") if attributes else None
        meaning = furniture.meaning_of(classes) if classes else ""
        closing = open_element(builder, tag, attributes, meaning)
        if attributes and (tag in _ANCHORED or builder.heading is not None):
            self._note_anchor(tag, attributes)
        if tag in SEAMED:
            self._seam.opened(builder.line, attributes)
        self._closings.append(closing)

    def closed(self, tag: str) -> None:
        """Handle the end of a visible element."""
        if self._closings and (closing := self._closings.pop()) is not None:
            closing()
        if tag in SEAMED:
            self._seam.closed(self._builder.line)

    def shown(self, data: str) -> None:
        """Handle visible characters."""
        if self._builder.formula is not None:
            self._builder.formula.add(data)
            return
        if self._seam.is_open:
            self._seam.mend(self._builder.line, data)
        self._builder.line.add(data)

    def _note_anchor(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = attributes.get("id") or (attributes.get("name") if tag == "a" else None)
        if not name:
            return
        if self._builder.heading is not None:
            self._builder.heading[0] = self._builder.heading[0] or name
        elif not self._builder.line.length:
            self._builder.anchor = name
