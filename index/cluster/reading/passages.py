"""The passages of an index that a cluster holds."""

import zlib
from collections.abc import Iterable
from functools import lru_cache, partial
from threading import Lock

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from index.cluster.documents.passage_places import PassagePlaces, Place
from index.cluster.documents.schema import LINE
from index.cluster.reading.row_reader import RowReader
from index.errors import IndexUnusableError
from index.passages.passage import Passage
from index.passages.passage_file import MAX_DECODED, PassageLines, from_line

# Their lines take some ten megabytes.
_MAX_LINES = 5_000

# Of so few passages, such as the hits of a question, the neighbours are fetched too: an answer
# shows what stands beside a quote.
_FEW = 20

# Passages that are read one after the other are fetched so many at a time.
_READ_AHEAD = 50


class ClusterPassages(PassageLines):
    """Reads the lines of passages from a cluster, and keeps the last ones. Threads may share it."""

    def __init__(
        self, reader: RowReader, places: PassagePlaces, checksums: npt.NDArray[np.uint32]
    ) -> None:
        """Use the tables of an opened index.

        Args:
            reader: Fetches lines.
            places: Where each passage stands.
            checksums: The CRC-32 of each line.
        """
        self._checksums = checksums
        self._places = places
        # Not methods: a cache would hold a reference to this object and keep it alive.
        lines = _Lines(reader, checksums)
        self._line = partial(lines.line)
        self._fetch = lines.fetch
        self._decoded = lru_cache(maxsize=MAX_DECODED)(partial(_decode, lines))

    def place(self, row: int) -> Place:
        """Return what lookups and headings read of a passage; nothing is fetched."""
        return self._places[row]

    def read_ahead(self, rows: Iterable[int]) -> None:
        """Fetch the lines of some passages together; few ones with their neighbours."""
        wanted = set(rows)
        if len(wanted) <= _FEW:
            beside = {row + step for row in wanted for step in (-1, 1)}
            wanted |= {row for row in beside if 0 <= row < len(self)}
        self._fetch(wanted)


class _Lines:
    """The lines that were fetched last, each verified."""

    def __init__(self, reader: RowReader, checksums: npt.NDArray[np.uint32]) -> None:
        self._reader = reader
        self._checksums = checksums
        self._kept: LRUCache[int, bytes] = LRUCache(_MAX_LINES)
        self._lock = Lock()

    def line(self, row: int) -> bytes:
        """Return a line; raises like `RowReader.fetch`."""
        with self._lock:
            line = self._kept.get(row)
            is_sequence = row - 1 in self._kept
        if line is not None:
            return line
        n_rows = _READ_AHEAD if is_sequence else 1
        return self.fetch(range(row, min(row + n_rows, len(self._checksums))))[row]

    def fetch(self, rows: Iterable[int]) -> dict[int, bytes]:
        """Return the lines that are not kept yet, and keep them."""
        with self._lock:
            missing = [row for row in rows if row not in self._kept]
        if not missing:
            return {}
        found = self._reader.fetch(missing, LINE)
        for row, line in found.items():
            if zlib.crc32(line) != self._checksums[row]:
                place = str(self._reader.connection.address)
                raise IndexUnusableError(place, f"the text of passage {row} is corrupt")
        with self._lock:
            self._kept.update(found)
        return found


def _decode(lines: _Lines, row: int) -> Passage:
    return from_line(lines.line(row))
