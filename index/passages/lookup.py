"""Find passages by document and paragraph, and the passages before and after them."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.analysis.languages.codes import ENGLISH
from index.arrays import map_array
from index.passages.editions import NO_EDITIONS, Editions
from index.passages.passage import Passage, PassageRef
from index.passages.passage_file import PassageLines

# The row of each document's first passage, followed by the number of rows; and the time of each
# file's last change.
FIRST_ROWS_NAME = "first-rows.npy"
CHANGED_AT_NAME = "changed-at.npy"

# 1 January 9999: some file systems have later times, but `datetime` ends with that year.
_LAST_TIME_S = 253_370_764_800

# More texts than the taught questions of a server refer to; they take a few megabytes.
_MAX_REMEMBERED_SOURCES = 10_000


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A text of the index.

    Attributes:
        source: Path below the corpus folder.
        title: The title.
        paragraphs: The number of paragraphs.
        changed_at: When the file was last changed, in UTC.
        url: The address where the text is published, or None.
        language: The code of the language that its words are read in.
        version: Its version, or None.
    """

    source: str
    title: str
    paragraphs: int
    changed_at: datetime
    url: str | None
    language: str = ENGLISH
    version: str | None = None


class PassageLookup:
    """Finds passages by document and paragraph. Threads may share it."""

    def __init__(
        self,
        passages: PassageLines,
        firsts: npt.NDArray[np.int64],
        ends: npt.NDArray[np.int64],
        changed_at_s: npt.NDArray[np.int64],
        editions: Editions = NO_EDITIONS,
    ) -> None:
        """Use the files of an opened index.

        Documents are in the order of their sources, so a document is found by binary search.

        Args:
            passages: The passages.
            firsts: The row of each document's first passage; shape (n_documents,).
            ends: The row behind each document's last passage; shape (n_documents,).
            changed_at_s: When each file was last changed, in s since 1970; shape (n_documents,).
            editions: The versions of documents.
        """
        self._passages = passages
        self._firsts, self._ends = firsts, ends
        self._changed_at_s = changed_at_s
        self._editions = editions
        # Not a method: its cache would hold a reference to this object and keep it alive.
        self._find: Callable[[str], int | None]
        self._find = lru_cache(_MAX_REMEMBERED_SOURCES)(partial(_document_of, passages, firsts))

    @classmethod
    def open(
        cls, folder: Path, passages: PassageLines, editions: Editions = NO_EDITIONS
    ) -> "PassageLookup":
        """Open the files that `write_passages` wrote.

        Raises:
            OSError: A file cannot be read.
            ValueError: A file is not an array, or does not fit the passages.
        """
        first_rows, changed_at_s = (
            map_array(folder / name, np.int64) for name in (FIRST_ROWS_NAME, CHANGED_AT_NAME)
        )
        if len(first_rows) != len(changed_at_s) + 1 or first_rows[-1] != len(passages):
            raise ValueError("its files do not fit together")
        return cls(passages, first_rows[:-1], first_rows[1:], changed_at_s, editions)

    def within(self, sources: Collection[str]) -> "PassageLookup":
        """Return a lookup that knows only the documents of these sources."""
        return self._only(np.array(self._documents(sources), dtype=np.int64))

    def without(self, sources: Collection[str]) -> "PassageLookup":
        """Return a lookup that knows all documents but those of these sources."""
        return self._only(np.delete(np.arange(len(self)), self._documents(sources)))

    def title_of(self, source: str) -> str:
        """Return the title of a document that is there."""
        return self._passages.place(self.rows_of(source).start).title

    def _documents(self, sources: Collection[str]) -> list[int]:
        """Return the positions of documents, ascending; those that are not there are left out."""
        found = (self._find(source) for source in sources)
        return sorted(one for one in found if one is not None)

    def _only(self, documents: npt.NDArray[np.int64]) -> "PassageLookup":
        return PassageLookup(
            self._passages,
            self._firsts[documents],
            self._ends[documents],
            self._changed_at_s[documents],
            self._editions,
        )

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self._changed_at_s)

    def ranges(self) -> Iterator[range]:
        """Yield the rows of each document's passages, in order."""
        return map(range, self._firsts.tolist(), self._ends.tolist())

    def rows_of(self, source: str) -> range:
        """Return the rows of a document's passages; empty if there is no such document."""
        document = self._find(source)
        if document is None:
            return range(0)
        return range(int(self._firsts[document]), int(self._ends[document]))

    def sources(self) -> list[SourceInfo]:
        """Return the documents in the order of their sources.

        The first call reads two passages of each document. The result stays in memory, a quarter
        of a kilobyte for each document.
        """
        return list(self._infos)

    def passage_at(self, source: str, paragraph: int) -> Passage | None:
        """Return the passage with a paragraph, the first one if several have parts of it.

        A paragraph that says nothing is in no passage; the passage after it is returned. None if
        the paragraph does not exist.
        """
        rows = self.rows_of(source)
        if paragraph < 1 or (first := self._first_row_to(rows, paragraph)) == rows.stop:
            return None
        return self._passages[first]

    def row_of(self, ref: PassageRef) -> int | None:
        """Return the row of a passage, or of the passage that holds a block.

        None if the paragraph no longer has its text.
        """
        rows = self._rows_with(ref.source, ref.paragraph)
        return next((row for row in rows if self._passages[row].holds(ref)), None)

    def passage_from(self, ref: PassageRef, step: int = 0) -> Passage | None:
        """Return a passage, or the one `step` passages after it in its document.

        Args:
            ref: The passage.
            step: 0 for the passage itself, 1 for the next one, -1 for the one before.

        Returns:
            None if the paragraph no longer has the passage's text, or beyond the document's ends.
        """
        row = self.row_of(ref)
        if row is None or row + step not in self.rows_of(ref.source):
            return None
        return self._passages[row + step]

    def read_ahead(self, refs: Iterable[PassageRef]) -> None:
        """Prepare to find the rows of some passages."""
        rows = (self._rows_with(ref.source, ref.paragraph) for ref in refs)
        self._passages.read_ahead(chain.from_iterable(rows))

    def _rows_with(self, source: str, paragraph: int) -> range:
        """Return the rows of a document with a part of a paragraph; they are sorted by both ends.

        A paragraph that ends one passage may begin the next one.
        """
        rows = self.rows_of(source)
        end = bisect_right(rows, paragraph, key=lambda row: self._passages.place(row).paragraph)
        return range(self._first_row_to(rows, paragraph), rows.start + end)

    def _first_row_to(self, rows: range, paragraph: int) -> int:
        """Return the first row that ends with a paragraph or after it, else the end of the rows."""
        return rows.start + bisect_left(
            rows, paragraph, key=lambda row: self._passages.place(row).paragraph_end
        )

    @cached_property
    def _infos(self) -> tuple[SourceInfo, ...]:
        documents = zip(self.ranges(), self._changed_at_s.tolist(), strict=True)
        return tuple(self._info(rows[0], rows[-1], time_s) for rows, time_s in documents)

    def _info(self, first_row: int, last_row: int, changed_at_s: int) -> SourceInfo:
        first, last = self._passages.place(first_row), self._passages.place(last_row)
        changed_at = datetime.fromtimestamp(min(max(changed_at_s, 0), _LAST_TIME_S), UTC)
        return SourceInfo(
            first.source,
            first.title,
            last.paragraph_end,
            changed_at,
            first.url,
            first.language,
            self._editions.version_of(first.source),
        )


def _document_of(passages: PassageLines, firsts: npt.NDArray[np.int64], source: str) -> int | None:
    documents = range(len(firsts))

    def source_of(document: int) -> str:
        return passages.place(int(firsts[document])).source

    found = bisect_left(documents, source, key=source_of)
    if found == len(documents) or source_of(found) != source:
        return None
    return found
