"""The words of an index that a cluster holds: the cluster finds candidates, this program scores."""

import copy
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.analysis.languages.questions import IndexLanguages
from index.arrays import RowRanges, Rows, Scores
from index.cluster.documents.passage_places import PassagePlaces
from index.cluster.documents.schema import DOCUMENT, ROW, WORDS
from index.cluster.reading.candidate_words import CandidateWords
from index.cluster.reading.field_words import ClusterField
from index.cluster.reading.row_reader import Query, RowReader
from index.lexical.block_bounds import Flags
from index.lexical.fields import (
    CONTEXT_WEIGHT,
    FIELDS,
    KEYS,
    LexicalIndex,
    WeightedUnit,
    read_languages,
)
from index.search.ranking.candidates import MAX_RANKED
from index.search.ranking.exact_phrases import MAX_READ_FOR_PHRASE

# The passages that are scored for a question.
N_CANDIDATES = 200

# The engine takes no query with more terms (indices.query.bool.max_clause_count is 1,024). The
# terms of the forms with the lowest weights are left out.
_MAX_TERMS = 900

# More ranges of rows in a query are slower than a list of documents.
_MAX_RANGES = 100


class ClusterWords(LexicalIndex):
    """Finds the best passages by one request, and scores them as `LexicalIndex` does.

    The engine's own scores are those of `word_scores` but for rounding. Threads may share it.
    """

    reads_all = False

    def __init__(
        self, folder: Path, reader: RowReader, places: PassagePlaces, n_passages: int
    ) -> None:
        """Use the files of a folder.

        Args:
            folder: The folder of the fetched files.
            reader: Fetches the words of passages.
            places: Where each passage stands.
            n_passages: The number of passages.

        Raises:
            OSError: A file cannot be read.
            ValueError: A file is not what was written.
        """
        self._words = CandidateWords(reader)
        self._places = places
        self._reader = reader
        self._scope: Query | None = None
        fields = {field.name: ClusterField(folder, field, reader, self._words) for field in FIELDS}
        self._of_text = [fields[field.name] for field in FIELDS[:KEYS]]
        self._of_context, self._of_names = (fields[field.name] for field in FIELDS[KEYS:])
        languages = IndexLanguages.of_counts(read_languages(folder))
        super().__init__(dict(fields), n_passages, languages)

    def within(self, ranges: RowRanges) -> "ClusterWords":
        """Return an index of some of the rows; see `LexicalIndex.within`."""
        view = copy.copy(self)
        view._scope = scope = _scope_of(ranges, self._places, self.n_passages)
        view._of_text = [field.limited(ranges, scope) for field in self._of_text]
        view._of_context = self._of_context.limited(ranges, scope)
        view._of_names = self._of_names.limited(ranges, scope)
        view._fields = [*view._of_text]
        view._contexts, view._introduced = view._of_context, view._of_names
        view.searched = ranges
        return view

    def read_ahead(self, words: Iterable[str]) -> None:
        """Count in one request how many passages of the scope hold the terms of some words."""
        if self._scope is None:
            return
        distinct = dict.fromkeys(words)
        wanted: dict[str, tuple[ClusterField, int]] = {}
        queries: dict[str, Query] = {}
        for number, field in enumerate([*self._of_text, self._of_context]):
            kind = number % KEYS  # headings have stems
            terms = {key for word in distinct for key in self.keys(word)[kind]}
            for term, term_id in field.uncounted(terms).items():
                name = f"{number}:{term_id}"
                wanted[name] = field, term_id
                holding = field.holding(term)
                queries[name] = {"bool": {"filter": [holding, self._scope]}}
        for name, count in self._reader.counts(queries).items():
            field, term_id = wanted[name]
            field.add_counts({term_id: count})

    def word_scores(self, words: tuple[str, ...], rows: Rows | None = None) -> tuple[Scores, Flags]:
        """Score passages; see `LexicalIndex.word_scores`. All of them are asked for only if few."""
        rows = self.searched.rows() if rows is None else rows
        return super().word_scores(words, rows)

    def best_rows(
        self,
        units: Sequence[WeightedUnit],
        k: int,
        phrases: Sequence[tuple[str, ...]] = (),
    ) -> Rows:
        """Return the passages that score best by the best form of each unit, ascending.

        As with files, only stems find a passage in a larger index; the beginnings of words and the
        words themselves then score it.

        Args:
            units: The units of a query.
            k: Not used: there are at most `N_CANDIDATES`.
            phrases: What the question names exactly. The best passages with all words of a phrase
                are found, too.
        """
        del k
        words = [word for unit in units for of_form, _ in unit.forms for word in of_form]
        self.read_ahead(words)
        scored = self._scored(units)
        if not scored:
            return np.empty(0, dtype=np.int32)
        only = [self._with_stems(words)] if len(self.searched) > MAX_RANKED else []
        found = self._best(scored, only, N_CANDIDATES)
        for phrase in phrases:
            if holding := self._holding_all(filter(self.knows, phrase)):
                found |= self._best(scored, [*only, *holding], MAX_READ_FOR_PHRASE)
        return self._words.keep(found)

    def _best(self, scored: list[Query], only: list[Query], k: int) -> dict[int, bytes]:
        """Return the words of the k best passages that fit some queries, by row."""
        clauses = {"should": scored, "minimum_should_match": 1, "filter": only}
        return self._reader.best(self._in_scope(clauses), WORDS, k)

    def _scored(self, units: Sequence[WeightedUnit]) -> list[Query]:
        """Return a query for each unit, whose score is that of the unit's best form."""
        forms = sorted(
            ((unit, words, factor) for unit in units for words, factor in unit.forms),
            key=lambda form: -form[0].weight * form[2],
        )
        kept: dict[int, list[Query]] = {}
        n_left = _MAX_TERMS
        for unit, words, factor in forms:
            terms = list(self._scoring(words, unit.weight * factor))
            n_left -= len(terms)
            if terms and n_left >= 0:
                kept.setdefault(id(unit), []).append({"bool": {"should": terms}})
        return [{"dis_max": {"queries": queries}} for queries in kept.values()]

    def with_all(self, words: Sequence[str], limit: int) -> Rows:
        """Return the first passages that hold each of some words, at least one, ascending."""
        holding = self._holding_all(words)
        if not holding:
            return np.empty(0, dtype=np.int32)
        query = self._in_scope({"filter": holding})
        return np.array(self._reader.rows(query, limit), dtype=np.int32)

    def introducing(self, name: set[str]) -> Rows:
        """Return the first passages that introduce a name by any of these words, ascending."""
        terms = [query for word in sorted(name) if (query := self._of_names.holding(word))]
        if not terms:
            return np.empty(0, dtype=np.int32)
        query = self._in_scope({"filter": [{"bool": {"should": terms}}]})
        found = self._reader.best(query, WORDS, N_CANDIDATES, ranked=False)
        return self._words.keep(found)

    def _scoring(self, words: Sequence[str], weight: float) -> Iterator[dict[str, Any]]:
        """Yield the queries whose scores add up to the weighted score of some words."""
        for word in words:
            keys = self.keys(word)
            weighted = [(kind, field, 1.0) for kind, field in zip(keys, self._of_text, strict=True)]
            weighted.append((keys[0], self._of_context, CONTEXT_WEIGHT * KEYS))
            for of_kind, field, share in weighted:
                terms = [q for key in of_kind if (q := field.query(key, weight * share))]
                yield from terms if len(terms) < 2 else [{"dis_max": {"queries": terms}}]

    def _with_stems(self, words: Sequence[str]) -> Query:
        """Return the query of the passages that hold a stem of any word, in text or headings."""
        stems = {key for word in words for key in self.keys(word)[0]}
        fields = self._of_text[0], self._of_context
        return {"bool": {"should": [field.holding_any(stems) for field in fields]}}

    def _holding_all(self, words: Iterable[str]) -> list[Query]:
        """Return queries that the passages with all of some words fit; empty if there is none."""
        each = [list(self._holding(word)) for word in words]
        return [{"bool": {"should": any_of}} for any_of in each] if all(each) else []

    def _holding(self, word: str) -> Iterator[dict[str, Any]]:
        """Yield the queries of the passages that hold any key of a word."""
        keys = self.keys(word)
        pairs = [*zip(keys, self._of_text, strict=True), (keys[0], self._of_context)]
        for of_kind, field in pairs:
            yield from (query for key in of_kind if (query := field.holding(key)))

    def _in_scope(self, clauses: dict[str, Any]) -> dict[str, Any]:
        """Return a bool query of some clauses, within the scope."""
        if self._scope is not None:
            clauses = clauses | {"filter": [*clauses.get("filter", []), self._scope]}
        return {"bool": clauses}


def _scope_of(ranges: RowRanges, places: PassagePlaces, n_passages: int) -> Query:
    """Return the query of the passages of some ranges, each of whole documents."""
    pairs = ranges.edges.reshape(-1, 2)
    edges = np.concatenate(([0], ranges.edges, [n_passages])).reshape(-1, 2)
    if len(pairs) <= _MAX_RANGES:
        return {"bool": {"should": _ranges(pairs.tolist()), "minimum_should_match": 1}}
    if len(others := edges[edges[:, 0] < edges[:, 1]]) <= _MAX_RANGES:
        return {"bool": {"must_not": _ranges(others.tolist())}}
    spans = places.documents_of(pairs - np.array([0, 1])) + np.array([0, 1])
    documents = [one for first, end in spans.tolist() for one in range(first, end)]
    return {"terms": {DOCUMENT: documents}}


def _ranges(pairs: list[list[int]]) -> list[Query]:
    return [{"range": {ROW: {"gte": start, "lt": end}}} for start, end in pairs]
