"""Titles and sections of an index, for completion and for questions without an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

import numpy as np

from index.analysis.terms import extract_words
from index.arrays import Vectors
from index.lexical.fields import word_keys
from index.passages.lookup import PassageLookup
from index.passages.passage_file import PassageLines
from index.search.ranking.query_coverage import QueryCoverage
from index.vectors.similarity import VectorIndex

# To read this many passages takes half a second, once. Beyond them, only the titles of as many
# documents are read.
_MAX_READ = 20_000

# A heading is near a question if it covers at least this share of the question, or if their cosine
# is at least this high. Of pairs of the shipped set's questions, 19 in 20 have a cosine below 0.21
# (22 November 2026).
_MIN_SHARE = 0.1
_MIN_COSINE = 0.3


@dataclass(frozen=True)
class Headings:
    """The titles and sections of an index, read on first access.

    Attributes:
        passages: The passages of the index.
        lookup: The lookup of its documents.
        vector_index: Encodes static vectors; None if headings are compared by words alone.
    """

    passages: PassageLines
    lookup: PassageLookup
    vector_index: VectorIndex | None

    @cached_property
    def texts(self) -> list[str]:
        """The distinct titles and sections in the order of the texts, titles before sections."""
        read = range(min(_MAX_READ, len(self.passages)))
        beyond = (rows.start for rows in self.lookup.ranges() if rows.start not in read)
        all_of_them = chain(
            chain.from_iterable(map(self._both, read)),
            (self.passages[row].title for row in islice(beyond, _MAX_READ)),
        )
        return list(dict.fromkeys(text for text in all_of_them if text))

    def nearest(self, question: str, coverage: QueryCoverage, k: int) -> list[str]:
        """Return at most k headings near to a question, nearest first; may be empty."""
        scores = np.zeros(len(self.texts))
        for position in self._sharing(coverage):
            share = coverage.covered(self._words[position]) / coverage.total
            scores[position] = share if share >= _MIN_SHARE else 0.0
        if self.vector_index and self.texts:
            cosines = self.vector_index.similarity([(question, 1.0)]).cosines(self._vectors)
            is_near = (scores > 0) | (cosines >= _MIN_COSINE)
            scores = np.where(is_near, scores + np.maximum(cosines, 0.0), 0.0)
        order = np.argsort(-scores, kind="stable")[: max(k, 0)]
        return [self.texts[position] for position in order if scores[position] > 0]

    def _both(self, row: int) -> Iterator[str]:
        passage = self.passages[row]
        yield passage.title
        yield passage.section or ""

    def _sharing(self, coverage: QueryCoverage) -> set[int]:
        return {position for key in coverage.all_keys() for position in self._by_key.get(key, ())}

    @cached_property
    def _words(self) -> list[list[str]]:
        return [extract_words(text) for text in self.texts]

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        by_key: dict[str, list[int]] = {}
        for position, words in enumerate(self._words):
            for key in {key for word in words for key in word_keys(word)}:
                by_key.setdefault(key, []).append(position)
        return by_key

    @cached_property
    def _vectors(self) -> Vectors:
        return (
            self.vector_index.encode(self.texts)
            if self.vector_index
            else np.empty((0, 0), np.float32)
        )
