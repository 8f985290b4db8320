"""What a file of the corpus becomes before it is split into passages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as it will be quoted.

    Attributes:
        number: Counts from 1 within the document; titles and headings are not counted.
        text: The paragraph's characters; a hard-wrapped line end is a single space, the lines of
            a list stay lines.
        section: Headings above it, outermost first, joined; None where there is none.
        page: The page it begins on, from 1; None where the format has no pages.
    """

    number: int
    text: str
    section: str | None = None
    page: int | None = None


# What a reader makes of a file: the title, or None, and the paragraphs in order.
Reading = tuple[str | None, tuple[Paragraph, ...]]


@dataclass(frozen=True, slots=True)
class Content:
    """What a file says: its title, or None, its paragraphs, and where it is published, or None."""

    title: str | None
    paragraphs: tuple[Paragraph, ...]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the corpus.

    Attributes:
        source: Path below the corpus folder, with forward slashes.
        title: From the front matter, the text itself, or the file's name; never empty.
        paragraphs: In the order of the text; may be empty.
        url: Where the text is published, an http or https address; None where nothing says so.
    """

    source: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    url: str | None = None
