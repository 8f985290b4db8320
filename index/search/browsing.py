"""What an index tells of its texts without ranking them."""

from index.passages.lookup import SourceInfo
from index.passages.passage import Passage
from index.search.headings import Headings
from index.storage.build_files import OpenedIndex
from index.vectors.similarity import MeaningIndex


class Texts:
    """The texts of one build: what there is, and what stands where. Threads may share it."""

    def __init__(self, opened: OpenedIndex, meaning: MeaningIndex | None) -> None:
        """Use an index, and static vectors to compare its headings by, or None."""
        self.passages = opened.passages
        self._places = opened.places
        self._headings = Headings(opened.passages, self._places, meaning)

    def headings(self, limit: int) -> list[str]:
        """Return the first titles and sections, each once, in the order of the texts."""
        return self._headings.texts[: max(limit, 0)]

    def rows_of(self, source: str) -> range:
        """Return the rows of a document's passages; empty where there is no such document."""
        return self._places.rows_of(source)

    def sources(self) -> list[SourceInfo]:
        """Return the documents in the order of their sources; read once, see `Places.sources`."""
        return self._places.sources()

    def passage_at(self, source: str, paragraph: int) -> Passage | None:
        """Return a paragraph, the first part of a long one; None where there is no such place."""
        return self._places.passage_at(source, paragraph)

    def passage_beside(
        self, source: str, paragraph: int, *, fingerprint: int, step: int = 0
    ) -> Passage | None:
        """Return a passage, or the one `step` after it; as `Places.passage_beside`."""
        return self._places.passage_beside(source, paragraph, fingerprint=fingerprint, step=step)
