"""Score passages by the words they share with a question, with three keys for each word."""

import copy
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.analysis.languages.codes import ENGLISH
from index.analysis.languages.folding import fold_accents
from index.analysis.languages.questions import IndexLanguages
from index.analysis.languages.stems import stem
from index.arrays import RowRanges, Rows, Scores, union
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

# The file of a build with the number of passages in each language.
LANGUAGES_NAME = "languages.json"

# The three keys of a word have equal weights, and a context has only one of them.
KEYS = 3


def word_keys(word: str, language: str = ENGLISH) -> tuple[str, str, str]:
    """Return the keys of a word of a language: its stem, the stem's beginning, the word itself.

    All three keys of a number are the number itself, because 20000 must not match 200000.
    """
    if language == ENGLISH:
        word = fold_accents(word)
    if not word.isalpha() and any(char.isdigit() for char in word):
        return word, word, word
    stemmed = stem(word, language)
    return stemmed, stemmed[:PREFIX_CHARS], word


Keys = tuple[str, ...]


# 65,536 words cover the vocabulary of a large collection and take a few megabytes.
@lru_cache(maxsize=65_536)
def keys_in(word: str, languages: tuple[str, ...]) -> tuple[Keys, Keys, Keys]:
    """Return the distinct `word_keys` of a word in several languages, by their kind."""
    each = [word_keys(word, language) for language in languages]
    stems, beginnings, words = (tuple(dict.fromkeys(kind)) for kind in zip(*each, strict=True))
    return stems, beginnings, words


@dataclass(frozen=True, slots=True)
class WeightedUnit:
    """What a query asks for: words, which other words may stand for.

    Attributes:
        weight: Its weight, above 0.
        forms: The words, and those that may stand for them, each form with its factor.
    """

    weight: float
    forms: tuple[tuple[tuple[str, ...], float], ...]


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
    words: Callable[[Passage], Sequence[str]]
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

    A word is looked up by its keys in each language of the index.

    Attributes:
        n_passages: The number of passages.
        languages: The languages of the passages.
        searched: The rows that are searched.
        reads_all: Whether all passages of a small index can be scored. If a cluster holds the
            words, only the best passages are read.
    """

    reads_all = True

    def __init__(
        self,
        fields: dict[str, BM25Index],
        n_passages: int,
        languages: IndexLanguages = IndexLanguages(),  # noqa: B008  # it is frozen
    ) -> None:
        """Use fields that `write_lexical` wrote; `open` does."""
        self.languages = languages
        self._fields = [fields[field.name] for field in (_STEMS, _PREFIXES, _SURFACES)]
        self._contexts = fields[_CONTEXTS.name]
        self._introduced = fields[_INTRODUCED.name]
        self.n_passages = n_passages
        self.searched = RowRanges.of([range(n_passages)])

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
        return cls(fields, n_passages, IndexLanguages.of_counts(read_languages(folder)))

    def within(self, ranges: RowRanges) -> "LexicalIndex":
        """Return an index of some of the rows: it finds, counts and knows no other."""
        view = copy.copy(self)
        view._fields = [field.within(ranges) for field in self._fields]
        view._contexts = self._contexts.within(ranges)
        view._introduced = self._introduced.within(ranges)
        view.searched = ranges
        return view

    def read_ahead(self, words: Iterable[str]) -> None:
        """Prepare to look up some words; a cluster counts them together."""

    def keys(self, word: str) -> tuple[Keys, Keys, Keys]:
        """Return the keys of a word in each language of the index; see `word_keys`."""
        return keys_in(word, self.languages.codes)

    def __contains__(self, word: str) -> bool:
        """Return whether any passage or heading holds one of the keys of the word."""
        keys = self.keys(word)
        held = any(_holds(bm25, of_kind) for of_kind, bm25 in zip(keys, self._fields, strict=True))
        return held or _holds(self._contexts, keys[0])

    def knows(self, word: str) -> bool:
        """Return whether any passage or heading holds the word or another form of it.

        Unlike `in` this ignores words that only have the same first letters, as typos often do.
        """
        stems, _, words = self.keys(word)
        return any(_holds(bm25, stems) for bm25 in (self._fields[0], self._contexts)) or (
            _holds(self._fields[2], words)
        )

    def is_in_headings(self, word: str) -> bool:
        """Return whether a title or heading holds the word or another form of it."""
        return _holds(self._contexts, self.keys(word)[0])

    @property
    def n_terms(self) -> int:
        """Number of distinct stems in the passages."""
        return self._fields[0].n_terms

    def commonest_words(self, n: int) -> list[str]:
        """Return the n words that occur in most passages, ties in alphabetical order."""
        return self._fields[2].commonest(n)

    def idf(self, word: str) -> float:
        """Return the idf of a word's commonest stem: above 0, largest for an unknown word."""
        return min(map(self._fields[0].idf, self.keys(word)[0]))

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
            keys = self.keys(word)
            weighted = [(kind, bm25, 1.0) for kind, bm25 in zip(keys, self._fields, strict=True)]
            weighted.append((keys[0], self._contexts, CONTEXT_WEIGHT * KEYS))
            for of_kind, bm25, weight in weighted:
                found, values = _best_scores(bm25, of_kind, rows, n_rows)
                scores[found] += weight * values
                matching[found] = True
        return scores, matching

    def best_rows(
        self,
        units: Sequence[WeightedUnit],
        k: int,
        phrases: Sequence[tuple[str, ...]] = (),
    ) -> Rows:
        """Return the passages that score best by stems in the text, and by stems in the context.

        Args:
            units: The units of a query. The scores of the words of all forms are added up, which
                is an upper bound of the score by the best form.
            k: The number of passages for each of the two.
            phrases: What the question names exactly. So many passages are found here that those
                with all words of a phrase need no search of their own; a cluster finds fewer.

        Returns:
            At most 2 * k rows, ascending.
        """
        del phrases
        terms = [
            (key, unit.weight * factor)
            for unit in units
            for words, factor in unit.forms
            for word in words
            for key in self.keys(word)[0]
        ]
        return union([bm25.top_k(terms, k)[0] for bm25 in (self._fields[0], self._contexts)])

    def with_all(self, words: Sequence[str], limit: int) -> Rows:
        """Return the first passages that hold each of some words, at least one, ascending."""
        held = [self.word_scores((word,))[1] for word in words]
        return np.flatnonzero(np.all(held, axis=0))[:limit].astype(np.int32)

    def introducing(self, name: set[str]) -> Rows:
        """Return the passages that introduce a name by any of these words, ascending."""
        return union([self._introduced.term_scores(word)[0] for word in sorted(name)])


def read_languages(folder: Path) -> dict[str, int]:
    """Return the number of passages in each language; OSError or ValueError if it is damaged."""
    counts: dict[str, int] = json.loads((folder / LANGUAGES_NAME).read_bytes())
    return {str(code): int(count) for code, count in counts.items()}


def _holds(bm25: BM25Index, keys: Keys) -> bool:
    return any(key in bm25 for key in keys)


def _best_scores(
    bm25: BM25Index, keys: Keys, rows: Rows | None, n_rows: int
) -> tuple[npt.NDArray[np.integer], Scores]:
    """Return the rows that hold any of the keys, and for each the best score of one key."""
    each = [bm25.term_scores(k) if rows is None else bm25.term_scores_at(k, rows) for k in keys]
    if len(each) == 1:
        return each[0]
    best = np.full(n_rows, -np.inf)
    for found, values in each:
        best[found] = np.maximum(best[found], values)
    held = np.flatnonzero(best > -np.inf)
    return held, best[held]
