"""The words of the passages that are scored for a question, fetched with the candidates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from index.arrays import Rows
from index.cluster.documents.passage_words import FieldWords, fields_of_passages
from index.cluster.documents.schema import WORDS
from index.cluster.reading.row_reader import RowReader
from index.lexical.block_bounds import Impacts

# Words of passages that are kept: some ten megabytes.
_MAX_PASSAGES = 10_000

# Questions that are answered at a time, and the parts of each.
_MAX_SELECTIONS = 64

_Held = tuple[npt.NDArray[np.intp], Impacts]


@dataclass(frozen=True, slots=True)
class _Selection:
    """The words of the passages of one question.

    Attributes:
        fields: The terms of all passages, and the position of the passage of each, by field.
        found: The passages of terms that were looked up, by field and term.
    """

    fields: list[tuple[FieldWords, npt.NDArray[np.intp]]]
    found: dict[tuple[int, int], _Held] = field(default_factory=dict)

    def term(self, number: int, term_id: int) -> _Held:
        """Return the positions of the passages that hold a term, ascending, and its impacts."""
        held = self.found.get((number, term_id))
        if held is None:
            words, positions = self.fields[number]
            places = np.flatnonzero(words.term_ids == term_id)
            held = self.found[number, term_id] = positions[places], words.impacts[places]
        return held


class CandidateWords:
    """Keeps the words of passages that were fetched. Threads may share it."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._kept: LRUCache[int, bytes] = LRUCache(_MAX_PASSAGES)
        self._selections: LRUCache[bytes, _Selection] = LRUCache(_MAX_SELECTIONS)
        self._lock = Lock()

    def keep(self, fetched: Mapping[int, bytes]) -> Rows:
        """Keep the words of passages, and return their rows, ascending."""
        with self._lock:
            self._kept.update(fetched)
        return np.array(sorted(fetched), dtype=np.int32)

    def term(self, number: int, term_id: int, rows: Rows) -> _Held:
        """Return which of some rows hold a term of a field, as positions, ascending; and impacts.

        Words of rows that are not kept are fetched; raises like `RowReader.fetch`.
        """
        if not len(rows):
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32)
        key = rows.tobytes()
        with self._lock:
            selection = self._selections.get(key)
        if selection is None:
            selection = _Selection(fields_of_passages(self._words_of(rows.tolist())))
            with self._lock:
                self._selections[key] = selection
        return selection.term(number, term_id)

    def _words_of(self, rows: list[int]) -> list[bytes]:
        with self._lock:
            known = {row: self._kept[row] for row in rows if row in self._kept}
        missing = [row for row in rows if row not in known]
        if missing:
            fetched = self._reader.fetch(missing, WORDS)
            self.keep(fetched)
            known |= fetched
        return [known[row] for row in rows]
