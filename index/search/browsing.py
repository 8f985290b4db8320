"""List the texts of indexes and read their passages, without a query."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import attrgetter

from index.passages.lookup import PassageLookup, SourceInfo
from index.passages.passage import Passage, PassageRef
from index.search.headings import Headings

# Passages that are read ahead: their lines take half a megabyte.
_READ_AT_ONCE = 200


def lookup_of(indexes: Sequence[Headings], source: str) -> PassageLookup | None:
    """Return the lookup of the first index that has a text of this source, or None."""
    lookups = (index.lookup for index in indexes)
    return next((lookup for lookup in lookups if lookup.rows_of(source)), None)


class ListedPassages:
    """The passages of one or several indexes, index by index, each text once."""

    def __init__(self, indexes: Sequence[Headings]) -> None:
        self._indexes = tuple(indexes)

    def __iter__(self) -> Iterator[Passage]:
        for index in self._indexes:
            rows = chain.from_iterable(self._ranges(index))
            while few := list(islice(rows, _READ_AT_ONCE)):
                index.passages.read_ahead(few)
                yield from map(index.passages.__getitem__, few)

    def __len__(self) -> int:
        return sum(len(rows) for index in self._indexes for rows in self._ranges(index))

    def _ranges(self, index: Headings) -> Iterator[range]:
        """Yield the rows of each text that no earlier index has."""
        for rows in index.lookup.ranges():
            if self._is_used_from(index, rows):
                yield rows

    def _is_used_from(self, index: Headings, rows: range) -> bool:
        """Return whether the text with these rows is used from this index."""
        if len(self._indexes) == 1:
            return True
        source = index.passages.place(rows.start).source
        return lookup_of(self._indexes, source) is index.lookup


class TextBrowser:
    """Lists the texts of one or several indexes, and reads their passages.

    If two indexes have a text of the same source, that of the first index is used. Threads may
    share it.

    Attributes:
        passages: The passages.
    """

    def __init__(self, indexes: Sequence[Headings]) -> None:
        """Use the headings of at least one index."""
        self._indexes = tuple(indexes)
        self.passages = ListedPassages(indexes)

    def headings(self, limit: int) -> list[str]:
        """Return the first titles and sections, each once, in the order of the texts."""
        first = max(limit, 0)
        every = chain.from_iterable(index.texts[:first] for index in self._indexes)
        return list(dict.fromkeys(every))[:first]

    def sources(self) -> list[SourceInfo]:
        """Return the documents in the order of their sources; see `PassageLookup.sources`."""
        listed = chain.from_iterable(index.lookup.sources() for index in reversed(self._indexes))
        found = {info.source: info for info in listed}
        return sorted(found.values(), key=attrgetter("source"))

    def passage_at(self, source: str, paragraph: int) -> Passage | None:
        """Return a paragraph, or the first part of a long one; None if it does not exist."""
        lookup = self._lookup_of(source)
        return lookup.passage_at(source, paragraph) if lookup else None

    def paragraph_parts(self, source: str, paragraph: int, limit: int) -> list[Passage]:
        """Return the first `limit` parts of a paragraph; empty if it does not exist."""
        parts: list[Passage] = []
        part = self.passage_at(source, paragraph)
        # A reference to a part that repeats an earlier one finds the earlier one.
        while part is not None and part not in parts and len(parts) < limit:
            parts.append(part)
            part = self.passage_from(part.ref, 1)
            if part is not None and part.paragraph > paragraph:
                break
        return parts

    def passage_from(self, ref: PassageRef, step: int = 0) -> Passage | None:
        """Return a passage, or the one `step` after it; see `PassageLookup.passage_from`."""
        lookup = self._lookup_of(ref.source)
        return lookup.passage_from(ref, step) if lookup else None

    def _lookup_of(self, source: str) -> PassageLookup | None:
        return lookup_of(self._indexes, source)
