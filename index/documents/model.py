"""Documents: files of the corpus that are read but not yet split into passages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as it will be quoted.

    Attributes:
        number: The number in the document, from 1; titles and headings are not counted.
        text: The characters; a hard-wrapped line end becomes a space, the lines of a list stay
            lines.
        section: The headings above it, outermost first, joined; None without headings.
        page: The page that it begins on, from 1; None if the format has no pages.
    """

    number: int
    text: str
    section: str | None = None
    page: int | None = None


# The result of a reader: the title or None, and the paragraphs in order.
Reading = tuple[str | None, tuple[Paragraph, ...]]


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a file: title or None, paragraphs, and address of publication or None."""

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
        url: The http or https address where the text is published, or None if not known.
    """

    source: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    url: str | None = None
