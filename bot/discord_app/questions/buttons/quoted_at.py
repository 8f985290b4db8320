"""The reference to a quote in the custom id of a button."""

import zlib
from dataclasses import dataclass

from bot.answering import Quote
from index import AnySearcher, Passage, PassageRef


@dataclass(frozen=True, slots=True)
class QuotedAt:
    """The quote that a button is about, in numbers.

    Attributes:
        source: The CRC-32 of the source's name.
        paragraph: The number of the paragraph, from 1.
        fingerprint: The fingerprint of the quoted text.
    """

    source: int
    paragraph: int
    fingerprint: int

    @classmethod
    def of(cls, quote: Quote) -> "QuotedAt":
        """Return the reference to a quote."""
        ref = quote.ref
        return cls(_source_number(ref.source), ref.paragraph, ref.fingerprint)

    def passage(self, searcher: AnySearcher) -> Passage | None:
        """Return the quoted passage; None if its paragraph has changed."""
        for info in searcher.sources():
            if _source_number(info.source) == self.source:
                passage = self._passage_from(searcher, info.source)
                if passage is not None:
                    return passage
        return None

    def surroundings(self, searcher: AnySearcher) -> list[Passage] | None:
        """Return the passage between its neighbours; None if its paragraph has changed."""
        passage = self.passage(searcher)
        if passage is None:
            return None
        before, after = (self._passage_from(searcher, passage.source, step) for step in (-1, 1))
        return [one for one in (before, passage, after) if one is not None]

    def _passage_from(self, searcher: AnySearcher, source: str, step: int = 0) -> Passage | None:
        ref = PassageRef(source, self.paragraph, self.fingerprint)
        return searcher.passage_from(ref, step)


def _source_number(source: str) -> int:
    return zlib.crc32(source.encode("utf-8", "surrogatepass"))
