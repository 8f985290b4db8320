"""Vectors of passages, sentences and words, and their cosines with a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from index.arrays import Rows, Scores, Vectors, map_array
from index.vectors.encoders import Encoder
from index.vectors.tiers import STATIC

# The file with the words of `WordVectors`.
WORDS_NAME = "words.txt"

# Some ten megabytes.
_MAX_REMEMBERED_TEXTS = 10_000


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words of the corpus, sorted, and their unit vectors, shape (n_words, n_dimensions)."""

    words: list[str]
    vectors: Vectors

    @classmethod
    def open(cls, folder: Path) -> "WordVectors":
        """Open the files of `write_vectors`; OSError or ValueError if one is damaged."""
        words = (folder / WORDS_NAME).read_text(encoding="utf-8").split()
        return cls(words, _open(vectors_path(folder, STATIC, "words")))


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The unit vectors of an index for one encoder, each of shape (n_..., n_dimensions).

    Attributes:
        passages: Of each passage.
        sentences: Of each sentence, passage by passage.
        headings: Of each heading.
        first_sentence: Row in `sentences` of each passage's first sentence, then the number of
            sentences; shape (n_passages + 1,).
        heading_numbers: Row in `headings` of each passage's innermost heading, -1 without one;
            shape (n_passages,).
    """

    passages: Vectors
    sentences: Vectors
    headings: Vectors
    first_sentence: npt.NDArray[np.int64]
    heading_numbers: npt.NDArray[np.int64]

    @classmethod
    def open(
        cls,
        folder: Path,
        kind: str,
        first_sentence: npt.NDArray[np.int64],
        heading_numbers: npt.NDArray[np.int64],
    ) -> "PassageVectors":
        """Map the files of `write_vectors`; OSError or ValueError if one is damaged."""
        passages, sentences, headings = (_open(vectors_path(folder, kind, what)) for what in PARTS)
        return cls(passages, sentences, headings, first_sentence, heading_numbers)


Part = Literal["passages", "sentences", "headings"]
PARTS: tuple[Part, ...] = "passages", "sentences", "headings"


def vectors_path(folder: Path, kind: str, what: Part | Literal["words"]) -> Path:
    """Return the path of a file of vectors."""
    return folder / f"{kind}-{what}.npy"


def _open(path: Path) -> Vectors:
    return map_array(path, np.float32, 2)


class QuerySimilarity:
    """Cosines of one question with passages and their sentences, computed on demand."""

    def __init__(self, vectors: PassageVectors, question: Vectors) -> None:
        self._vectors = vectors
        self._question = question

    def passages(self, rows: Rows) -> Scores:
        """Return the cosines of passages, in the order of `rows`."""
        if self._are_all(rows):
            return self.cosines(self._vectors.passages)
        return self.cosines(self._vectors.passages[rows])

    def best_lines(self, rows: Rows) -> Scores:
        """Return the largest cosine of each passage's sentences and the heading above it.

        So a heading that says the question counts like a sentence that does. `rows` must not be
        empty.
        """
        return np.maximum(self._best_sentences(rows), self._lines_above(rows))

    def best_line(self, row: int, of_sentences: Scores) -> float:
        """Return what `best_lines` returns for one passage, whose `sentences` are known."""
        above = self._lines_above(np.array([row], dtype=np.int32))
        return float(max(of_sentences.max(), above[0]))

    def _lines_above(self, rows: Rows) -> Scores:
        """Return the cosine of the line above each passage; -inf without one."""
        numbers = self._vectors.heading_numbers[rows]
        if not len(self._vectors.headings):
            return np.full(len(rows), -np.inf)
        # Without a heading the number is -1, and the cosine of the last heading is not used.
        distinct, of_row = np.unique(numbers, return_inverse=True)
        cosines = self.cosines(self._vectors.headings[distinct])[of_row]
        return np.where(numbers < 0, -np.inf, cosines)

    def _best_sentences(self, rows: Rows) -> Scores:
        firsts = self._vectors.first_sentence
        if self._are_all(rows):
            return np.maximum.reduceat(self.cosines(self._vectors.sentences), firsts[:-1])
        counts = firsts[rows + 1] - firsts[rows]
        starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        positions = np.arange(counts.sum()) + np.repeat(firsts[rows] - starts, counts)
        return np.maximum.reduceat(self.cosines(self._vectors.sentences[positions]), starts)

    def best_rows(self, k: int) -> Rows:
        """Return the k passages with the largest cosine of a sentence or heading, in no order."""
        n_passages = len(self._vectors.passages)
        cosines = self.best_lines(np.arange(n_passages, dtype=np.int32))
        if k >= n_passages:
            return np.arange(n_passages, dtype=np.int32)
        return np.argpartition(-cosines, k)[:k].astype(np.int32)

    def sentences(self, row: int) -> Scores:
        """Return the cosines of the sentences of one passage, in order."""
        first, end = self._vectors.first_sentence[row : row + 2]
        return self.cosines(self._vectors.sentences[first:end])

    def _are_all(self, rows: Rows) -> bool:
        """Return whether rows are all passages in order, whose vectors need not be copied."""
        n_passages = len(self._vectors.passages)
        return len(rows) == n_passages and np.array_equal(rows, np.arange(n_passages))

    def cosines(self, vectors: Vectors) -> Scores:
        """Return the cosines of the question with unit vectors, one for each row.

        They are rounded to five decimals, because further ones are noise and equal texts must tie.
        """
        cosines: Scores = (vectors @ self._question).astype(np.float64)
        return cosines.round(5)


class VectorIndex:
    """Vectors of passages and sentences, and the encoder that made them."""

    def __init__(self, vectors: PassageVectors, encoder: Encoder) -> None:
        self._vectors = vectors
        self._encoder = encoder
        self._remembered: LRUCache[str, Vectors] = LRUCache(_MAX_REMEMBERED_TEXTS)
        self._lock = Lock()

    def similarity(self, parts: list[tuple[str, float]]) -> QuerySimilarity:
        """Return the similarity of the passages to a query.

        Args:
            parts: At least one text with its weight: the question and earlier questions. The
                vector of the query is the weighted sum of their vectors.
        """
        encoded = self._encoder.encode(text for text, _ in parts)
        question = np.asarray([weight for _, weight in parts], dtype=np.float32) @ encoded
        length = float(np.linalg.norm(question))
        return QuerySimilarity(self._vectors, question / length if length > 0 else question)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of texts, in order."""
        return self._encoder.encode(texts)

    def vectors_of(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of at least one text, in order, from a cache of texts."""
        with self._lock:
            found = {text: self._remembered[text] for text in texts if text in self._remembered}
        unknown = [text for text in dict.fromkeys(texts) if text not in found]
        if unknown:
            made = dict(zip(unknown, self._encoder.encode(unknown), strict=True))
            found |= made
            with self._lock:
                self._remembered.update(made)
        return np.stack([found[text] for text in texts])
