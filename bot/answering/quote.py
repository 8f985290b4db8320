"""A quote: a passage, or several that stand next to each other, as a surface shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import Hit, Mark, Passage, PassageRef, Sentence, fingerprint, join_passages


@dataclass(frozen=True, slots=True)
class QuoteRef:
    """References to the passages of a quote: one, or several that are joined.

    Attributes:
        best: The passage that answers best.
        first: The one that stands first in the text.
        last: The one that stands last.
    """

    best: PassageRef
    first: PassageRef
    last: PassageRef

    @classmethod
    def of_passage(cls, ref: PassageRef) -> "QuoteRef":
        """Return the reference to a quote of one passage."""
        return cls(ref, ref, ref)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted passage.

    Attributes:
        text: The passage's characters.
        source: The file below the corpus folder.
        title: The document's title.
        section: Headings above the passage, or None.
        paragraph: The number of its first paragraph in its document, from 1.
        score: The passage's score; comparable only within one answer.
        highlight: Half-open character offsets in `text` of the answering sentence, or None.
        sentences: Half-open character offsets in `text` of all its sentences, in order.
        page: The page that the paragraph begins on, from 1; None if the format has no pages.
        url: Where the passage is published, or None.
        paragraph_end: The number of its last paragraph; `paragraph` if it has only one.
        context: The lines above it that give it its meaning, or None: a question, a lead-in or
            the header row of a table.
        marks: The parts of `text` with a form of their own, such as code and tables, by start.
        date: The day that the document says it is of, as "2026-03-01", or None.
        copies: Other passages that read the same; the first few.
        joins: References to the passages that are joined; None if it is one.
        joined: Half-open character offsets in `text` of the answering sentence of each passage that
            is joined to the best one, best first.
        time: The time that it begins at in a film or talk, such as "0:01:05", or None.
        version: The version of its text, or None.
        other_versions: The other versions of its page, the highest first.
    """

    text: str
    source: str
    title: str
    section: str | None
    paragraph: int
    score: float
    highlight: tuple[int, int] | None
    sentences: tuple[tuple[int, int], ...]
    page: int | None = None
    url: str | None = None
    paragraph_end: int = 0
    context: str | None = None
    marks: tuple[Mark, ...] = ()
    date: str | None = None
    copies: tuple[PassageRef, ...] = ()
    joins: QuoteRef | None = None
    joined: tuple[tuple[int, int], ...] = ()
    time: str | None = None
    version: str | None = None
    other_versions: tuple[str, ...] = ()

    @property
    def refs(self) -> QuoteRef:
        """The references to its passages."""
        if self.joins is not None:
            return self.joins
        ref = PassageRef(self.source, self.paragraph, fingerprint(self.text))
        return QuoteRef.of_passage(ref)

    @property
    def ref(self) -> PassageRef:
        """The passage that it quotes; of several the one that answers best."""
        return self.refs.best


def quote_of_hits(hits: Sequence[Hit]) -> Quote:
    """Return hits whose passages stand together as one quote; see `index.stand_together`.

    Args:
        hits: At least one, in the order of the text.
    """
    passage, offsets = join_passages([hit.passage for hit in hits])
    ranked = sorted(zip(hits, offsets, strict=True), key=lambda one: one[0].rank)
    (best, offset), *others = ranked
    return replace(
        quote_of(passage),
        score=best.score,
        highlight=_span(best.sentence, offset) if best.sentence else None,
        copies=_copies([hit for hit, _ in ranked]),
        joins=QuoteRef(best.passage.ref, hits[0].passage.ref, hits[-1].passage.ref)
        if others
        else None,
        joined=tuple(
            _span(hit.sentence or hit.passage.sentences[0], start) for hit, start in others
        ),
    )


def quote_of(passage: Passage) -> Quote:
    """Return a passage as a quote without score and answering sentence."""
    return Quote(
        passage.text,
        passage.source,
        passage.title,
        passage.section,
        passage.paragraph,
        0.0,
        None,
        tuple((sentence.start, sentence.end) for sentence in passage.sentences),
        passage.page,
        passage.url,
        passage.paragraph_end,
        passage.context,
        passage.marks,
        passage.date,
        time=passage.time,
    )


def _copies(hits: Sequence[Hit]) -> tuple[PassageRef, ...]:
    """Return the copies of the best hit, and those of the others in texts that hold none of it."""
    best, *others = hits
    named = {best.passage.source, *(copy.source for copy in best.copies)}
    further = (copy for hit in others for copy in hit.copies if copy.source not in named)
    return (*best.copies, *further)


def _span(sentence: Sentence, offset: int) -> tuple[int, int]:
    return sentence.start + offset, sentence.end + offset
