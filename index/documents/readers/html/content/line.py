"""The characters of one block, with white space as a browser shows it, and their marks."""

import re

from index.documents.model import Mark, MarkKind

# White space as HTML defines it; a non-breaking space does not belong to it.
_WHITE_SPACE = re.compile(r"[ \t\n\f\r]+")
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")

# Deeper ones are ignored, because each end of a block passes over all that are open.
_MAX_OPEN_MARKS = 16


def collapse(text: str) -> str:
    """Return a text with single spaces, and without invisible characters."""
    return _WHITE_SPACE.sub(" ", text.translate(_INVISIBLE)).strip()


class Line:
    """Characters since the last edge of a block.

    Attributes:
        length: How many characters there are.
        preformatted: Above 0 inside of preformatted text, whose white space is kept.
    """

    def __init__(self) -> None:
        self.length = 0
        self.preformatted = 0
        self._parts: list[str] = []
        self._marks: list[Mark] = []
        self._open: list[tuple[MarkKind, str, int]] = []
        self._ends_blank = True

    def add(self, data: str) -> None:
        """Add characters."""
        if not data.isascii():
            data = data.translate(_INVISIBLE)
        if not self.preformatted:
            if "\n" in data or "  " in data or "\t" in data or "\r" in data or "\f" in data:
                data = _WHITE_SPACE.sub(" ", data)
            if self._ends_blank and data[:1] == " ":
                data = data[1:]
        if data:
            self._parts.append(data)
            self.length += len(data)
            self._ends_blank = data[-1] in " \n"

    def begin_line(self) -> None:
        """Begin a new line of preformatted text unless one has just begun."""
        if self.length and not self._parts[-1].endswith("\n"):
            self.add("\n")

    def is_literal(self) -> bool:
        """Return whether code inside of the line is open."""
        return any(kind == "literal" for kind, _, _ in self._open)

    def since(self, start: int) -> str:
        """Return the characters from an offset on; meant for the last few."""
        text = ""
        for part in reversed(self._parts):
            if len(text) >= self.length - start:
                break
            text = part + text
        return text[len(text) - (self.length - start) :]

    def cut(self, start: int) -> None:
        """Remove the characters from an offset on; meant for the last few."""
        while self.length > start:
            part = self._parts.pop()
            self.length -= len(part)
            if self.length < start:
                self._parts.append(part[: start - self.length])
                self.length = start
        self._ends_blank = not self._parts or self._parts[-1][-1] in " \n"

    def open_mark(self, kind: MarkKind, value: str = "") -> bool:
        """Begin a mark; return whether there was room for it, so that it is to be closed."""
        if len(self._open) >= _MAX_OPEN_MARKS:
            return False
        self._open.append((kind, value, self.length))
        return True

    def close_mark(self) -> None:
        """End the mark that was begun last."""
        kind, value, start = self._open.pop()
        self._add_mark(kind, value, start)

    def take(self) -> tuple[str, list[Mark]]:
        """Return the characters and their marks, and begin the next block.

        Marks that are still open continue there.
        """
        if not self._parts:
            return "", []
        for kind, value, start in self._open:
            self._add_mark(kind, value, start)
        text, marks = "".join(self._parts), self._marks
        self._open = [(kind, value, 0) for kind, value, _ in self._open]
        self._parts, self._marks, self.length, self._ends_blank = [], [], 0, True
        return (text, [_without_blank(one, text) for one in marks]) if text.strip() else ("", [])

    def _add_mark(self, kind: MarkKind, value: str, start: int) -> None:
        end = self.length - (self._ends_blank and self.length > 0)
        if start < end:
            self._marks.append(Mark(kind, start, end, value))


def _without_blank(mark: Mark, text: str) -> Mark:
    is_blank = text[mark.start] == " " and mark.end - mark.start > 1
    return Mark(mark.kind, mark.start + 1, mark.end, mark.value) if is_blank else mark
