"""Where a quote stands, as the ids of buttons hold it."""

import zlib
from dataclasses import dataclass

from bot.answering import Quote
from index import Passage, PassageRef, Searching


@dataclass(frozen=True, slots=True)
class QuotedAt:
    """Which quote a button is about.

    Attributes:
        source: CRC-32 of the source's name.
        paragraph: From 1.
        fingerprint: Of the quoted text.
    """

    source: int
    paragraph: int
    fingerprint: int

    @classmethod
    def of(cls, quote: Quote) -> "QuotedAt":
        """Return where a quote stands."""
        ref = quote.ref
        return cls(_source_number(ref.source), ref.paragraph, ref.fingerprint)

    def passage(self, searcher: Searching) -> Passage | None:
        """Return the quoted passage; None where another text stands there now."""
        for info in searcher.sources():
            if _source_number(info.source) == self.source:
                passage = self._beside(searcher, info.source)
                if passage is not None:
                    return passage
        return None

    def surroundings(self, searcher: Searching) -> list[Passage] | None:
        """Return the passage between its neighbours; None where another text stands there now."""
        passage = self.passage(searcher)
        if passage is None:
            return None
        before, after = (self._beside(searcher, passage.source, step) for step in (-1, 1))
        return [one for one in (before, passage, after) if one is not None]

    def _beside(self, searcher: Searching, source: str, step: int = 0) -> Passage | None:
        ref = PassageRef(source, self.paragraph, self.fingerprint)
        return searcher.passage_beside(ref, step)


def _source_number(source: str) -> int:
    return zlib.crc32(source.encode("utf-8", "surrogatepass"))
