"""A passage: the span of text that is retrieved and quoted."""

import hashlib
import zlib
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.languages.codes import ENGLISH
from index.analysis.terms import extract_words
from index.documents.model import SECTION_SEPARATOR, Mark

QUESTION_MARKS = ("?", "\uff1f", "\u061f", "\u037e")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage: half-open character offsets in its text, and its words.

    The words are those of `extract_words` in the language of the passage, in order.
    """

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassageRef:
    """A reference to a passage that becomes invalid when the text of its paragraph changes.

    Attributes:
        source: The document's path below the corpus folder.
        paragraph: The paragraph's number in its document, from 1.
        fingerprint: The fingerprint of the passage's text; see `fingerprint`.
    """

    source: str
    paragraph: int
    fingerprint: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of text that can be quoted: blocks that are read together, or a part of a long one.

    Attributes:
        source: The document's path below the corpus folder.
        title: The document's title.
        section: Headings above the passage, or None.
        paragraph: The number of its first block in its document, from 1.
        page: The page that the first block begins on, from 1, or None.
        start: Offset of `text` in the first block; above 0 only in a later part of a long one.
        text: The characters to quote; a blank line lies between two blocks.
        sentences: In order; only white space lies outside them. A row of a table and a line of
            code is a sentence.
        introduced: Last words of the names that the passage introduces.
        completed: The missing words of names that the passage shortens.
        url: The address where the passage is published, or None.
        n_blocks: The number of its blocks; a part of a block counts as one.
        marks: The parts of `text` with a form of their own, by start.
        lead_in: What stands above it in the text and gives it its meaning: a question, or a line
            such as "The options are:"; None if it needs none.
        header: The header row of the table whose later rows it holds, or None.
        blocks: Number and fingerprint of each block that begins in it, if it is not the whole of
            one block; lessons taught to a block find it by them.
        date: The day that the document says it is of, as "2026-03-01", or None.
        language: The code of the language that its words are read in.
        time: The time that the first block begins at, such as "0:01:05", or None.
    """

    source: str
    title: str
    section: str | None
    paragraph: int
    page: int | None
    start: int
    text: str
    sentences: tuple[Sentence, ...]
    introduced: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    url: str | None = None
    n_blocks: int = 1
    marks: tuple[Mark, ...] = ()
    lead_in: str | None = None
    header: str | None = None
    blocks: tuple[tuple[int, int], ...] = ()
    date: str | None = None
    language: str = ENGLISH
    time: str | None = None

    @property
    def paragraph_end(self) -> int:
        """The number of its last block."""
        return self.paragraph + self.n_blocks - 1

    @property
    def context(self) -> str | None:
        """The lines above it that are shown with it, or None: question, lead-in, header row."""
        lines = (asked_heading(self.section), self.lead_in, self.header)
        return "\n".join(dict.fromkeys(filter(None, lines))) or None

    @property
    def words(self) -> list[str]:
        """The passage's words in the order of the text, with repeats."""
        return [word for sentence in self.sentences for word in sentence.words]

    @property
    def words_of_text(self) -> list[str]:
        """The words that count as its text: of the innermost heading, the lead-in, and its own.

        A heading and a lead-in say what the text below them is about, often in the words of the
        question.
        """
        heading = _words_of_headings(innermost_heading(self.section), None, self.language)
        lead_in = extract_words(self.lead_in, self.language) if self.lead_in else ()
        return [*heading, *lead_in, *self.words]

    @property
    def context_words(self) -> list[str]:
        """The words that say where it stands: of the title, outer headings and the header row.

        `completed` follows.
        """
        outer, _, _ = (self.section or "").rpartition(SECTION_SEPARATOR)
        above = _words_of_headings(self.title, outer, self.language)
        header = extract_words(self.header, self.language) if self.header else ()
        return [*above, *header, *self.completed]

    @property
    def all_words(self) -> list[str]:
        """`words_of_text`, then `context_words`."""
        return self.words_of_text + self.context_words

    @property
    def fingerprint(self) -> int:
        """The fingerprint of its text; see `fingerprint`."""
        return fingerprint(self.text)

    @property
    def ref(self) -> PassageRef:
        """The reference to this passage."""
        return PassageRef(self.source, self.paragraph, self.fingerprint)

    @property
    def line_above(self) -> str:
        """The line above it that says what it is about: lead-in or innermost heading; or empty."""
        return line_above(self.section, self.lead_in)

    @property
    def shown_hash(self) -> int:
        """A hash of the words that are shown: its context and text; from -2**63 to 2**63 - 1.

        Passages with the same hash read the same, whatever text holds them.
        """
        shown = " ".join(f"{self.context or ''} {self.text}".split())
        digest = hashlib.blake2b(shown.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "little", signed=True)

    def holds(self, ref: PassageRef) -> bool:
        """Return whether it is the passage that a reference names, or holds that block."""
        if ref.source != self.source:
            return False
        return (ref.paragraph, ref.fingerprint) in self.blocks or (
            ref.paragraph == self.paragraph and ref.fingerprint == self.fingerprint
        )

    def sentence_texts(self) -> list[str]:
        """Return the characters of each sentence, in order."""
        return [self.text[sentence.start : sentence.end] for sentence in self.sentences]


def is_question(text: str) -> bool:
    """Return whether a text ends with a question mark of any script."""
    return text.rstrip(" *_\"'\u201d\u00bb)").endswith(QUESTION_MARKS)


def innermost_heading(section: str | None) -> str:
    """Return the last heading of a section; empty without a section."""
    return section.rsplit(SECTION_SEPARATOR, 1)[-1] if section else ""


def line_above(section: str | None, lead_in: str | None) -> str:
    """Return the lead-in of a passage, else its innermost heading, on one line; or empty."""
    return " ".join((lead_in or innermost_heading(section)).split())


def asked_heading(section: str | None) -> str | None:
    """Return the innermost heading of a section if it is a question, else None."""
    heading = innermost_heading(section)
    return heading if is_question(heading) else None


def fingerprint(text: str) -> int:
    """Return a hash of a passage's text, from 0 to 2**32 - 1.

    It is the CRC-32 of the UTF-8 bytes, so it is the same in every process and on every machine and
    can be stored. Two texts share a fingerprint by chance once in 2**32 pairs.
    """
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


# Consecutive passages have the same headings.
@lru_cache(maxsize=1_000)
def _words_of_headings(title: str, section: str | None, language: str) -> tuple[str, ...]:
    return tuple(extract_words(f"{title}\n{section or ''}", language))
