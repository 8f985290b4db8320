"""Score passages by the words they share with a question, with three keys for each word."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.analysis.terms import stem
from index.arrays import Rows, Scores, union
from index.lexical.bm25 import BM25Index
from index.lexical.postings import Postings
from index.lexical.vocabulary import Vocabulary
from index.passages.passage import Passage

# Five letters join words that a stemmer keeps apart ("negotiate", "negotiator"). With stem, prefix
# and surface together hit@1 rises from .788 to .794 on SQuAD 2.0 and from .940 to .948 on XQuAD.
PREFIX_CHARS = 5

# The weight of a match in the title and headings; a match in the passage itself has weight 1.
# Between 0 and 0.8 hit@1 goes from .768 to .771 on SQuAD 2.0 (8 articles pooled) and from .940 to
# .941 on XQuAD.
CONTEXT_WEIGHT = 0.5

# The three keys of a word have equal weights, and a context has only one of them.
_KEYS = 3


# 65,536 words cover the vocabulary of a large collection and take a few megabytes.
@lru_cache(maxsize=65_536)
def word_keys(word: str) -> tuple[str, str, str]:
    """Return the keys of a word: its stem, the stem's first letters, the word itself.

    All three keys of a number are the number itself, because 20000 must not match 200000.
    """
    if any(char.isdigit() for char in word):
        return word, word, word
    stemmed = stem(word)
    return stemmed, stemmed[:PREFIX_CHARS], word


@dataclass(frozen=True, slots=True)
class Field:
    """A field of passages that has postings of its own.

    Attributes:
        name: The name of its folder.
        words: Returns the words of a passage that the field holds.
        key: Which of `word_keys` the words are indexed by.
        collected_in: The name of the field whose forward file has the same words.
    """

    name: str
    words: Callable[[Passage], Iterable[str]]
    key: int
    collected_in: str


_STEM, _PREFIX, _SURFACE = range(3)

_STEMS = Field("stems", lambda passage: passage.words_of_text, _STEM, "stems")
_PREFIXES = Field("beginnings", lambda passage: passage.words_of_text, _PREFIX, "stems")
_SURFACES = Field("surfaces", lambda passage: passage.words_of_text, _SURFACE, "stems")
_CONTEXTS = Field("contexts", lambda passage: passage.context_words, _STEM, "contexts")
_INTRODUCED = Field("introduced", lambda passage: passage.introduced, _SURFACE, "introduced")
FIELDS = (_STEMS, _PREFIXES, _SURFACES, _CONTEXTS, _INTRODUCED)

COLLECTED = (_STEMS, _CONTEXTS, _INTRODUCED)

# The fields that find candidates in a large corpus; the others only score them.
RANKED = (_STEMS, _CONTEXTS)


class LexicalIndex:
    """The words of passages and of the titles and headings above them. Threads may share it.

    Attributes:
        n_passages: The number of passages.
    """

    def __init__(self, fields: dict[str, BM25Index], n_passages: int) -> None:
        """Use fields that `write_lexical` wrote; `open` does."""
        self._fields = [fields[field.name] for field in (_STEMS, _PREFIXES, _SURFACES)]
        self._contexts = fields[_CONTEXTS.name]
        self._introduced = fields[_INTRODUCED.name]
        self.n_passages = n_passages

    @classmethod
    def open(cls, folder: Path) -> "LexicalIndex":
        """Map the files that `write_lexical` wrote.

        Raises:
            OSError: A file cannot be read.
            ValueError: A file is not an array.
        """
        fields: dict[str, BM25Index] = {}
        n_passages = 0
        for field in FIELDS:
            field_folder = folder / field.name
            postings = Postings.open(field_folder)
            fields[field.name] = BM25Index.from_arrays(Vocabulary.open(field_folder), postings)
            n_passages = postings.n_rows
        return cls(fields, n_passages)

    def __contains__(self, word: str) -> bool:
        """Return whether any passage or heading holds one of the keys of the word."""
        keys = word_keys(word)
        held = any(key in bm25 for key, bm25 in zip(keys, self._fields, strict=True))
        return held or keys[0] in self._contexts

    def knows(self, word: str) -> bool:
        """Return whether any passage or heading holds the word or another form of it.

        Unlike `in` this ignores words that only have the same first letters, as typos often do.
        """
        stemmed = stem(word)
        return any(stemmed in bm25 for bm25 in (self._fields[0], self._contexts)) or (
            word in self._fields[2]
        )

    def is_in_headings(self, word: str) -> bool:
        """Return whether a title or heading holds the word or another form of it."""
        return stem(word) in self._contexts

    @property
    def n_terms(self) -> int:
        """Number of distinct stems in the passages."""
        return self._fields[0].n_terms

    def commonest_words(self, n: int) -> list[str]:
        """Return the n words that occur in most passages, ties in alphabetical order."""
        return self._fields[2].commonest(n)

    def idf(self, word: str) -> float:
        """Return the idf of a word's stem: above 0, largest for an unknown word."""
        return self._fields[0].idf(stem(word))

    def word_scores(
        self, words: tuple[str, ...], rows: Rows | None = None
    ) -> tuple[Scores, npt.NDArray[np.bool_]]:
        """Return the summed BM25 scores of some words, and which passages hold any of them.

        Args:
            words: The words.
            rows: The passages to score; None for all passages.

        Returns:
            float64 and bool arrays with one value for each row. A passage that holds a word may
            score 0.
        """
        n_rows = self.n_passages if rows is None else len(rows)
        scores = np.zeros(n_rows)
        matching = np.zeros(n_rows, dtype=np.bool_)
        for word in words:
            keys = word_keys(word)
            weighted = [(key, bm25, 1.0) for key, bm25 in zip(keys, self._fields, strict=True)]
            for key, bm25, weight in [*weighted, (keys[0], self._contexts, CONTEXT_WEIGHT * _KEYS)]:
                found = bm25.term_scores(key) if rows is None else bm25.term_scores_at(key, rows)
                scores[found[0]] += weight * found[1]
                matching[found[0]] = True
        return scores, matching

    def best_rows(self, weighted_words: list[tuple[str, float]], k: int) -> Rows:
        """Return the passages that score best by stems in the text, and by stems in the context.

        Args:
            weighted_words: Words with weights above 0.
            k: The number of passages for each of the two.

        Returns:
            At most 2 * k rows, ascending.
        """
        terms = [(stem(word), weight) for word, weight in weighted_words]
        return union([bm25.top_k(terms, k)[0] for bm25 in (self._fields[0], self._contexts)])

    def introducing(self, name: set[str]) -> Rows:
        """Return the passages that introduce a name by any of these words, ascending."""
        return union([self._introduced.term_scores(word)[0] for word in sorted(name)])
