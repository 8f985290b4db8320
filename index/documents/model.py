"""Documents: files of the corpus that are read but not yet split into passages."""

from dataclasses import MISSING, dataclass, fields, replace
from typing import Any, Literal

# Between two headings of a section.
SECTION_SEPARATOR = " \u203a "

BlockKind = Literal["text", "list", "item", "table", "code"]

MarkKind = Literal["code", "literal", "link", "strong", "table"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text that is shown in a form of its own.

    Attributes:
        kind: "code" for whole lines of code, "literal" for code inside a line, "link", "strong",
            or "table" for lines that are rows with " | " between their cells.
        start: Offset of its first character in the text.
        end: Offset after its last character.
        value: The language of code, the address of a link, "header" for a table whose first line
            is the header row; else empty.
    """

    kind: MarkKind
    start: int
    end: int
    value: str = ""

    def moved(self, by: int) -> "Mark":
        """Return the mark of a text before which `by` characters are added."""
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of a text: a paragraph, a list, an item of a list, a table or code.

    Attributes:
        number: The number in the document, from 1; titles and headings are not counted.
        text: The characters; a hard-wrapped line end becomes a space, the lines of a list, a table
            and code stay lines.
        section: The headings above it, outermost first, joined; None without headings.
        page: The page that it begins on, from 1; None if the format has no pages.
        kind: An "item" is an item of a list whose items are separate blocks.
        marks: The parts of the text with a form of their own, by start.
        anchor: The id of the heading above it, with which an address can end; None if not known.
        own_anchor: The id of the block itself, if it is a term or begins a post; else None.
        continues: Whether it is read together with the block before it, as an answer is with its
            question.
        stands_alone: Whether it is never read together with the block before it, as messages and
            rows are not.
        time: The time that it begins at in a film or talk, such as "0:01:05"; None without times.
        lead_in: A text elsewhere that it answers, such as an earlier message, or None.
        header: The header row of the table that it is a row of, or None.
        url: Where it is published, if that is not the address of the document; else None.
        date: The day that it is of, if that is not the day of the document; else None.
    """

    number: int
    text: str
    section: str | None = None
    page: int | None = None
    kind: BlockKind = "text"
    marks: tuple[Mark, ...] = ()
    anchor: str | None = None
    continues: bool = False
    own_anchor: str | None = None
    stands_alone: bool = False
    time: str | None = None
    lead_in: str | None = None
    header: str | None = None
    url: str | None = None
    date: str | None = None

    def to_fields(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, as JSON can hold them."""
        given = {name: getattr(self, name) for name in self.__slots__}
        marks = [[one.kind, one.start, one.end, one.value] for one in self.marks]
        return {
            name: marks if name == "marks" else value
            for name, value in given.items()
            if name not in _DEFAULTS or value != _DEFAULTS[name]
        }

    @classmethod
    def of_fields(cls, fields: dict[str, Any]) -> "Paragraph":
        """Return the paragraph that `to_fields` made these fields of."""
        return cls(**{**fields, "marks": tuple(Mark(*mark) for mark in fields.get("marks", ()))})


_DEFAULTS = {one.name: one.default for one in fields(Paragraph) if one.default is not MISSING}


@dataclass(frozen=True, slots=True)
class DeclaredVersion:
    """What a text says of its version.

    Attributes:
        version: The version, as `read_version` returns it; None if it names none.
        is_latest: Whether it says that it is the one to quote.
    """

    version: str | None = None
    is_latest: bool = False


NO_VERSION = DeclaredVersion()

# The result of a reader: the title or None, and the paragraphs in order.
Reading = tuple[str | None, tuple[Paragraph, ...]]


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a file.

    Attributes:
        title: The title, or None.
        paragraphs: In the order of the text.
        url: The address of publication, or None.
        date: The day that the text says it is of, as "2026-03-01", or None.
        language: The code of the language that the text says it is in, or None.
        remark: What the owner should know of how it was read, such as a guessed encoding, or None.
        declared: What the text says of its version.
    """

    title: str | None
    paragraphs: tuple[Paragraph, ...]
    url: str | None = None
    date: str | None = None
    language: str | None = None
    remark: str | None = None
    declared: DeclaredVersion = NO_VERSION


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the corpus.

    Attributes:
        source: Path below the corpus folder, with forward slashes.
        title: From the front matter, the text itself, or the file's name; never empty.
        paragraphs: In the order of the text; may be empty.
        url: The http or https address where the text is published, or None if not known.
        date: The day that the text says it is of, as "2026-03-01", or None.
        language: The code of the language that the text says it is in, or None.
        remark: What the owner should know of how it was read, such as a guessed encoding, or None.
        declared: What the text says of its version.
    """

    source: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    url: str | None = None
    date: str | None = None
    language: str | None = None
    remark: str | None = None
    declared: DeclaredVersion = NO_VERSION
