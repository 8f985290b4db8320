"""Pass the elements and characters of a page that are not hidden to a handler."""

import re
from collections.abc import Mapping
from typing import Any, cast

from lxml import etree

# The parser gets the text in pieces, so that it does not hold a second copy of all of it.
_PIECE_CHARS = 1 << 16

# Never shown as text.
UNSEEN = frozenset(
    "script style template noscript svg iframe object audio video canvas map title".split()
)

# Struck-out text is no longer true.
STRUCK_OUT = frozenset(("s", "del", "strike"))

_STYLED_AWAY = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-decoration[\w-]*\s*:\s*line-through",
    re.IGNORECASE,
)


def parse(text: str, target: "VisibleContent") -> None:
    """Give the events of a page to a target."""
    # lxml calls the methods that a target has, but its type stubs require all of them.
    parser = etree.HTMLParser(target=cast("Any", target), huge_tree=True)
    for start in range(0, len(text), _PIECE_CHARS):
        parser.feed(text[start : start + _PIECE_CHARS])
    if text:
        parser.close()


def is_styled_away(attributes: Mapping[str, str]) -> bool:
    """Return whether an element's own attributes hide it."""
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and _STYLED_AWAY.search(attributes["style"]) is not None)
    )


class VisibleContent:
    """A target of the parser that passes on visible elements; each start has an end."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self._hidden = 0
        self._in_title = False
        self._in_drawing = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle an opening tag."""
        if tag == "svg":
            self._in_drawing += 1
        self._in_title = tag == "title" and not self._in_drawing and not self.title
        if self._hidden:
            self._hidden += 1
            if attributes:
                self.passed_over(tag, attributes)
        elif self.hides(tag, attributes):
            self._hidden = 1
            self.passed_over(tag, attributes)
        else:
            self.opened(tag, attributes)

    def end(self, tag: str) -> None:
        """Handle a closing tag, written or implied."""
        self._in_title = False
        if tag == "svg":
            self._in_drawing -= 1
        if self._hidden:
            self._hidden -= 1
        else:
            self.closed(tag)

    def data(self, data: str) -> None:
        """Handle characters."""
        if self._in_title:
            self.title.append(data)
        elif not self._hidden:
            self.shown(data)

    def close(self) -> None:
        """End the page."""

    def hides(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Return whether an element and everything inside it is hidden."""
        return (
            tag in UNSEEN or tag in STRUCK_OUT or (bool(attributes) and is_styled_away(attributes))
        )

    def passed_over(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle the start of a hidden element."""

    def opened(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle the start of a visible element."""

    def closed(self, tag: str) -> None:
        """Handle the end of a visible element."""

    def shown(self, data: str) -> None:
        """Handle visible characters."""


class Words(VisibleContent):
    """Collects visible characters, with a space for each tag."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def hides(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Return whether an element and everything inside it is not shown or no text."""
        return tag in ("annotation", "annotation-xml") or super().hides(tag, attributes)

    def opened(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle the start of a visible element."""
        del tag, attributes
        self.parts.append(" ")

    def closed(self, tag: str) -> None:
        """Handle the end of a visible element."""
        del tag
        self.parts.append(" ")

    def shown(self, data: str) -> None:
        """Handle visible characters."""
        self.parts.append(data)
