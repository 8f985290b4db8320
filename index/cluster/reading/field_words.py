"""The words of one field of an index that a cluster holds, with the statistics of a scope."""

import copy
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from index.arrays import RowRanges, Rows, Scores, map_array
from index.cluster.documents.schema import IMPACT_BITS
from index.cluster.reading.candidate_words import CandidateWords
from index.cluster.reading.row_reader import Query, RowReader
from index.lexical.bm25 import BM25Index
from index.lexical.fields import FIELDS, Field
from index.lexical.postings import KINDS, Postings, array_path
from index.lexical.vocabulary import Vocabulary

# Ids of terms that are kept, and counts of terms in a scope.
_MAX_REMEMBERED_TERMS = 50_000

_OPENED = ("offsets", "largest", "row_count")


class ClusterField(BM25Index):
    """Scores passages by the words of one field. Threads may share it.

    The vocabulary, the number of passages with each term and its largest impact are in memory.
    """

    def __init__(
        self, folder: Path, field: Field, reader: RowReader, words: CandidateWords
    ) -> None:
        """Use the files of a folder.

        Args:
            folder: The folder of the fetched files.
            field: The field.
            reader: Counts passages.
            words: The words of the passages that are scored.

        Raises:
            OSError: A file cannot be read.
            ValueError: A file is not an array.
        """
        self._vocabulary = Vocabulary.open(folder / field.name)
        self._postings = _without_rows(folder / field.name)
        self._among: RowRanges | None = None
        self._scope: Query | None = None
        self._name = field.name
        self._number = FIELDS.index(field)
        self._reader = reader
        self._words = words
        self._counts = _Counts()
        self._id_of: Callable[[str], int | None]
        self._id_of = lru_cache(_MAX_REMEMBERED_TERMS)(self._vocabulary.id_of)

    def limited(self, ranges: RowRanges, scope: Query) -> "ClusterField":
        """Return the field of some of the rows, which a query describes; see `within`."""
        view = copy.copy(self)
        view._among = ranges
        view._scope = scope
        view._counts = _Counts()
        return view

    def within(self, ranges: RowRanges) -> BM25Index:
        """Not used: `ClusterWords` limits its fields."""
        raise NotImplementedError

    def term_scores_at(self, term: str, rows: Rows) -> tuple[npt.NDArray[np.intp], Scores]:
        """Score the rows of a selection that hold a term; see `BM25Index`."""
        term_id = self._id_of(term)
        if term_id is None:
            return np.empty(0, dtype=np.intp), np.empty(0)
        positions, impacts = self._words.term(self._number, term_id, rows)
        return positions, impacts.astype(np.float64) * self._idf_ratio(term)

    def query(self, term: str, weight: float) -> dict[str, Any] | None:
        """Return the query that scores passages by a term; None for an unknown one."""
        term_id = self._id_of(term)
        if term_id is None:
            return None
        largest = float(self._postings.largest[term_id])
        boost = weight * largest * self._idf_ratio(term) * 2.0**-IMPACT_BITS
        return {"term": {self._name: {"value": str(term_id), "boost": max(boost, 0.0)}}}

    def holding(self, term: str) -> dict[str, Any] | None:
        """Return the query of the passages that hold a term; None for an unknown one."""
        term_id = self._id_of(term)
        return None if term_id is None else {"term": {self._name: str(term_id)}}

    def holding_any(self, terms: Iterable[str]) -> dict[str, Any]:
        """Return the query of the passages that hold any of some terms."""
        found = (self._id_of(term) for term in terms)
        return {"terms": {self._name: [str(one) for one in found if one is not None]}}

    def uncounted(self, terms: Iterable[str]) -> dict[str, int]:
        """Return the ids of the terms whose passages in the scope are not counted yet."""
        if self._scope is None:
            return {}
        found = {term: self._id_of(term) for term in terms}
        return {
            term: term_id
            for term, term_id in found.items()
            if term_id is not None and self._counts.get(term_id) is None
        }

    def add_counts(self, counts: Mapping[int, int]) -> None:
        """Keep how many passages of the scope hold some terms, by id."""
        self._counts.update(counts)

    def _df(self, term: str) -> int:
        term_id = self._id_of(term)
        if term_id is None or self._scope is None:
            return 0 if term_id is None else self._postings.df(term_id)
        known = self._counts.get(term_id)
        if known is None:
            holding = {"term": {self._name: str(term_id)}}
            query = {"bool": {"filter": [holding, self._scope]}}
            known = self._reader.counts({"one": query})["one"]
            self._counts.update({term_id: known})
        return known


class _Counts:
    """Numbers of passages by term. Threads may share it."""

    def __init__(self) -> None:
        self._kept: LRUCache[int, int] = LRUCache(_MAX_REMEMBERED_TERMS)
        self._lock = Lock()

    def get(self, term_id: int) -> int | None:
        with self._lock:
            return self._kept.get(term_id)

    def update(self, counts: Mapping[int, int]) -> None:
        with self._lock:
            self._kept.update(counts)


def _without_rows(folder: Path) -> Postings:
    """Open the postings of a field without those of single passages, which a cluster holds."""
    empty = {name: np.empty((0,) * kind[1], dtype=kind[0]) for name, kind in KINDS.items()}
    opened = {name: map_array(array_path(folder, name), *KINDS[name]) for name in _OPENED}
    return Postings(**(empty | opened))
