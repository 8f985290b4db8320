"""Where two inline elements meet whose words the page's style shows apart."""

from collections.abc import Mapping

from index.documents.readers.html.content.line import Line

# Inline elements that are often shown apart by the page's style.
SEAMED = frozenset("a b em font i label mark q small span strong time u".split())


class Seam:
    """Separates words of adjacent elements that a reader sees as two.

    Only styles, which are not read, tell for sure. Two parts of one word go on in lower case and
    are of one kind; a name and its value are not.

    Attributes:
        is_open: Whether an element has begun where another one ended.
    """

    def __init__(self) -> None:
        self.is_open = False
        self._line: Line | None = None
        self._end = 0
        self._begin = 0
        self._classes = ""
        self._differs = False

    def opened(self, line: Line, attributes: Mapping[str, str]) -> None:
        """Handle the start of an inline element."""
        classes = attributes.get("class", "")
        if self._line is line and self._end == line.length > 0 and not line.preformatted:
            self.is_open = True
            self._differs = bool(classes and self._classes and classes != self._classes)
        self._classes = classes
        self._begin = line.length

    def closed(self, line: Line) -> None:
        """Handle the end of an inline element."""
        self._line, self._end = line, line.length
        self.is_open = False

    def mend(self, line: Line, data: str) -> None:
        """Add a space if the characters that come next begin another word."""
        self.is_open = False
        if self._line is not line or self._end != line.length or line.is_literal():
            return
        above, below = line.since(max(0, line.length - 2)), data[:2]
        if len(above) == 2 == len(below) and above.isalnum() and below.isalnum():
            before, after = above[-1], below[0]
            is_new_word = (before.islower() and after.isupper()) or (
                before.isdigit() != after.isdigit()
            )
            if is_new_word or self._differs:
                line.add(" ")
