"""Split paragraphs into the passages that are retrieved and quoted."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.names import follow_names
from index.analysis.sentences import ends_sentence, split_sentences
from index.analysis.terms import extract_words
from index.documents.model import Document

# About 250 words: such a passage fits into a Discord message (2,000 characters) together with its
# source and two short quotes. Most paragraphs of news and encyclopedias are shorter (median 118
# words in SQuAD 2.0), so they are not split.
MAX_PASSAGE_CHARS = 1500


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage: half-open character offsets in its text, and its words.

    The words are those of `extract_words`, in order.
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
    """A span of text that can be quoted: a paragraph, or a part of a very long one.

    Attributes:
        source: The document's path below the corpus folder.
        title: The document's title.
        section: Headings above the paragraph, or None.
        paragraph: The paragraph's number in its document, from 1.
        page: The page that the paragraph begins on, from 1, or None.
        start: Offset of `text` in the paragraph; above 0 only in a later part of a long one.
        text: The characters to quote.
        sentences: In order; only white space lies outside them.
        introduced: Last words of the names that the paragraph introduces.
        completed: The missing words of names that the paragraph shortens.
        url: The address where the document is published, or None.
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

    @property
    def words(self) -> list[str]:
        """The passage's words in the order of the text, with repeats."""
        return [word for sentence in self.sentences for word in sentence.words]

    @property
    def context_words(self) -> list[str]:
        """The words of the title and headings above the passage, then `completed`."""
        return [*_words_of_headings(self.title, self.section), *self.completed]

    @property
    def all_words(self) -> list[str]:
        """`words`, then `context_words`."""
        return self.words + self.context_words

    @property
    def fingerprint(self) -> int:
        """The fingerprint of its text; see `fingerprint`."""
        return fingerprint(self.text)

    @property
    def ref(self) -> PassageRef:
        """The reference to this passage."""
        return PassageRef(self.source, self.paragraph, self.fingerprint)

    def sentence_texts(self) -> list[str]:
        """Return the characters of each sentence, in order."""
        return [self.text[sentence.start : sentence.end] for sentence in self.sentences]


def fingerprint(text: str) -> int:
    """Return a hash of a passage's text, from 0 to 2**32 - 1.

    It is the CRC-32 of the UTF-8 bytes, so it is the same in every process and on every machine and
    can be stored. Two texts share a fingerprint by chance once in 2**32 pairs.
    """
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


# Consecutive passages have the same headings.
@lru_cache(maxsize=1_000)
def _words_of_headings(title: str, section: str | None) -> tuple[str, ...]:
    return tuple(extract_words(f"{title}\n{section or ''}"))


def split_passages(document: Document, max_chars: int = MAX_PASSAGE_CHARS) -> Iterator[Passage]:
    """Yield the passages of a document in the order of the text.

    A paragraph of at most `max_chars` characters is one passage. A longer one is split at
    sentence ends into as few parts of at most `max_chars` as possible. A single sentence and a
    list without sentence ends are never split, so such a part may be longer. The parts of a
    paragraph, joined by the white space between them, are its text.
    """
    names = follow_names([paragraph.text for paragraph in document.paragraphs])
    for paragraph, in_paragraph in zip(document.paragraphs, names, strict=True):
        spans = split_sentences(paragraph.text)
        for part in _parts(paragraph.text, spans, max_chars):
            start, end = part[0][0], part[-1][1]
            text = paragraph.text[start:end]
            sentences = tuple(_sentence(text, a - start, b - start) for a, b in part)
            yield Passage(
                document.source,
                document.title,
                paragraph.section,
                paragraph.number,
                paragraph.page,
                start,
                text,
                sentences,
                in_paragraph.introduced,
                in_paragraph.completed,
                document.url,
            )


def _parts(
    text: str, spans: list[tuple[int, int]], max_chars: int
) -> Iterator[list[tuple[int, int]]]:
    """Group sentence spans into runs of at most `max_chars`, split only after a sentence's end."""
    if spans and spans[-1][1] - spans[0][0] <= max_chars:
        yield spans
        return
    part: list[tuple[int, int]] = []
    for block in _unbreakable_runs(text, spans):
        if part and block[-1][1] - part[0][0] > max_chars:
            yield part
            part = []
        part.extend(block)
    if part:
        yield part


def _unbreakable_runs(text: str, spans: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Group spans so that each group except the last ends with a sentence's final mark."""
    run: list[tuple[int, int]] = []
    for start, end in spans:
        run.append((start, end))
        if ends_sentence(text[start:end]):
            yield run
            run = []
    if run:
        yield run


def _sentence(text: str, start: int, end: int) -> Sentence:
    return Sentence(start, end, tuple(extract_words(text[start:end])))
