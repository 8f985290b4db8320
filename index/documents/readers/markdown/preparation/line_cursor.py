"""Walk over the lines of a page, and measure their indentation."""

from collections.abc import Sequence


class LineCursor:
    """The place in the lines of a page; searches ahead take linear time in all."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._position = 0
        self._found: dict[str, int] = {}

    @property
    def is_at_end(self) -> bool:
        """Whether no line is left."""
        return self._position >= len(self._lines)

    @property
    def line(self) -> str:
        """The current line."""
        return self._lines[self._position]

    def at(self, offset: int) -> str:
        """Return the line so many lines further."""
        return self._lines[self._position + offset]

    def peek(self, offset: int) -> str | None:
        """Return the line so many lines further, or None after the last one."""
        position = self._position + offset
        return self._lines[position] if position < len(self._lines) else None

    def ahead(self, n_lines: int) -> str:
        """Return the current line and those after it, at most so many."""
        return "\n".join(self._lines[self._position : self._position + n_lines])

    def replace(self, line: str) -> None:
        """Put a line in the place of the current one."""
        self._lines[self._position] = line

    def skip(self, n_lines: int) -> None:
        """Go so many lines further."""
        self._position += n_lines

    def find(self, text: str, start: int = 0) -> int | None:
        """Return how many lines further the next line with a text is, from `start` lines on."""
        first = self._position + start
        known = self._found.get(text)
        if known is None or known < first:
            known = next(
                (n for n in range(first, len(self._lines)) if text in self._lines[n]),
                len(self._lines),
            )
            self._found[text] = known
        return known - self._position if known < len(self._lines) else None

    def find_any(self, texts: Sequence[str]) -> int | None:
        """Return how many lines further the next line with one of some texts is."""
        found = [offset for text in texts if (offset := self.find(text)) is not None]
        return min(found, default=None)


def without_indent(line: str, n_chars: int) -> str:
    """Return a line without so many characters of its indentation; tabs count to the next four."""
    if not n_chars and not line.startswith("\t"):
        return line
    content = line.lstrip(" \t")
    indent = indent_of(line)
    return " " * max(indent - n_chars, 0) + content


def indent_of(line: str) -> int:
    """Return how many spaces a line is indented by; tabs count to the next four."""
    content = line.lstrip(" \t")
    return len(line[: len(line) - len(content)].expandtabs(4))


def spaces_before(line: str) -> str:
    """Return the spaces at the beginning of a line."""
    return line[: len(line) - len(line.lstrip(" "))]
