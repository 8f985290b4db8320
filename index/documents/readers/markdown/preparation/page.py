"""The lines of a page that are handed to the Markdown parser, and what stands between them."""

import re
from dataclasses import dataclass, field
from typing import Literal

from index.documents.readers.markdown.preparation.labels import Scope

# Stands in the lines for a part of the page that is no Markdown. Unicode has no such character.
_SIGN = "\ufdd0"

# Nobody nests deeper; each line is compared with all containers around it.
_MAX_DEPTH = 30

# A picture, or one that is a link.
_ADDRESS = r"(?:\([^()\n]*+\)|\[[^\[\]\n]*+\])"
_PICTURE = re.compile(
    rf"\A[\s>]*+(?:!\[[^\[\]\n]*+\]{_ADDRESS}?|\[!\[[^\[\]\n]*+\]{_ADDRESS}?\]{_ADDRESS}?)"
    r"(?:\{[^{}\n]*+\})?\s*+"
)
_HEADING = re.compile(r" {0,3}#{1,6}\s")
_LINK_DEFINITION = re.compile(r"\s*\[[^\^\[\]\n][^\[\]\n]*+\]:\s*\S++\s*+")
_UNSEEN_LINES = (_PICTURE, _LINK_DEFINITION)
_PART = re.compile(f"{_SIGN}(\\d+){_SIGN}")

ContainerKind = Literal["tag", "colons", "indented", "template", "fence"]


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a component or an admonition.

    Attributes:
        lines: As Markdown, each a line; none if what is above is the label.
        scope: Which of the next blocks are read together with it.
        in_quote: Whether it ends with the block quote that it is in, instead of with an `End`.
    """

    lines: tuple[str, ...]
    scope: Scope = "none"
    in_quote: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The end of what the last label with scope "all" stands above."""


@dataclass(frozen=True, slots=True)
class Html:
    """HTML that is read as a whole."""

    text: str


Part = Label | End | Html


@dataclass(slots=True)
class Container:
    """A component, admonition or template tag that is open.

    Attributes:
        name: Of the component, admonition or tag.
        kind: How it is written.
        indent: The indentation of its first line.
        removed_before: How many characters of indentation are removed from its first line.
        removed: How many are removed from the lines inside; None before the first one.
        has_end: Whether an `End` belongs to it.
        label_lines: Where the lines of its label, which has one line, begin and end; or None.
        labels: Labels for the tabs inside that have none, in reverse order.
        fence: The signs of the fence that it is written as, else "".
    """

    name: str
    kind: ContainerKind
    indent: int
    removed_before: int
    removed: int | None = None
    has_end: bool = False
    label_lines: tuple[int, int] | None = None
    labels: list[str] = field(default_factory=list)
    fence: str = ""


class Page:
    """Collects the lines for the Markdown parser, and knows the containers that are open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.parts: list[Part] = []
        self.notes: dict[str, str] = {}
        self.containers: list[Container] = []

    @property
    def is_in_paragraph(self) -> bool:
        """Whether the line before is not blank."""
        return bool(self.lines) and bool(self.lines[-1].strip())

    @property
    def removed(self) -> int:
        """How many characters of indentation the containers take from a line."""
        for container in reversed(self.containers):
            if container.removed is not None:
                return container.removed
        return 0

    def add_part(self, part: Part, indent: str) -> None:
        """Add a part as a block of its own, behind the given indentation or quote marks."""
        blank = indent.rstrip()
        if self.is_in_paragraph and self.lines[-1] != blank:
            self.lines.append(blank)
        self.lines += (f"{indent}{_SIGN}{len(self.parts)}{_SIGN}", blank)
        self.parts.append(part)

    def add_gap(self) -> None:
        """End the paragraph that is open."""
        if self.is_in_paragraph:
            self.lines.append("")

    def container(self, name: str, kind: ContainerKind, indent: str) -> Container:
        """Return a new container whose first line has this indentation, what is removed aside."""
        return Container(name, kind, len(indent) + self.removed, self.removed)

    def open(self, container: Container, label: Label | None, indent: str) -> None:
        """Open a container, with its label if it has one."""
        if len(self.containers) < _MAX_DEPTH:
            self.containers.append(container)
        elif label:
            label = Label(label.lines)
        if label:
            container.has_end = label.scope == "all"
            start = len(self.lines)
            self.add_part(label, indent)
            if len(label.lines) == 1:
                container.label_lines = start, len(self.lines)
        else:
            self.add_gap()

    def close(self, position: int, indent: str) -> None:
        """Close the container at a position of the stack, and all inside.

        A label above nothing says nothing, so it is taken back.
        """
        for container in reversed(self.containers[position:]):
            if container.label_lines and not self._has_text(container.label_lines[1]):
                del self.lines[slice(*container.label_lines)]
                container.has_end = False
        ended = [one for one in self.containers[position:] if one.has_end]
        del self.containers[position:]
        self.add_gap()
        for _ in ended:
            self.add_part(End(), indent)

    def _has_text(self, start: int) -> bool:
        """Return whether a line from `start` on is more than a picture, heading or address."""
        lines = (line for line in self.lines[start:] if line.strip())
        return not all(
            _HEADING.match(line) or any(one.fullmatch(line) for one in _UNSEEN_LINES)
            for line in lines
        )

    def find(self, kind: ContainerKind, name: str | None = None) -> int | None:
        """Return the position of the innermost open container of a kind, and of a name if given."""
        for position in range(len(self.containers) - 1, -1, -1):
            container = self.containers[position]
            if container.kind == kind and name in (None, container.name):
                return position
        return None

    def part_at(self, content: str) -> Part | None:
        """Return the part that a paragraph stands for, or None."""
        if len(content) < 3 or not content.startswith(_SIGN) or not content.endswith(_SIGN):
            return None
        number = content[1:-1]
        return self.parts[int(number)] if number.isdecimal() else None

    def restored(self, text: str) -> str:
        """Return a text with labels in place of the parts in it.

        A part is in a text where only the Markdown parser sees code or a paragraph.
        """

        def written(found: "re.Match[str]") -> str:
            part = self.parts[int(found[1])]
            return "\n".join(part.lines) if isinstance(part, Label) else ""

        return _PART.sub(written, text) if _SIGN in text else text


def without_signs(text: str) -> str:
    """Return a text without the character that stands for parts."""
    return text.replace(_SIGN, "")
