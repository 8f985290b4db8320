"""Score passages by how near they are to a question in meaning."""

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

# The file of the words that have vectors.
WORDS_NAME = "words.txt"

# Some ten megabytes.
_MAX_REMEMBERED_TEXTS = 10_000


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words of the corpus, sorted, and their vectors, shape (n_words, n_dimensions)."""

    words: list[str]
    vectors: Vectors

    @classmethod
    def open(cls, folder: Path) -> "WordVectors":
        """Open what `write_word_vectors` wrote; OSError or ValueError where it is damaged."""
        words = (folder / WORDS_NAME).read_text(encoding="utf-8").split()
        return cls(words, _open(vectors_path(folder, STATIC, "words")))


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The unit vectors of an index for one encoder.

    Attributes:
        passages: Shape (n_passages, n_dimensions).
        sentences: Shape (n_sentences, n_dimensions), passage by passage.
        first_sentence: Row of each passage's first sentence, and at the end the number of rows;
            shape (n_passages + 1,).
    """

    passages: Vectors
    sentences: Vectors
    first_sentence: npt.NDArray[np.int64]

    @classmethod
    def open(
        cls, folder: Path, kind: str, first_sentence: npt.NDArray[np.int64]
    ) -> "PassageVectors":
        """Map what `write_vectors` wrote; OSError or ValueError where it is damaged."""
        passages, sentences = (
            _open(vectors_path(folder, kind, what)) for what in ("passages", "sentences")
        )
        return cls(passages, sentences, first_sentence)


def vectors_path(folder: Path, kind: str, what: Literal["words", "passages", "sentences"]) -> Path:
    """Return the file of one kind of vectors."""
    return folder / f"{kind}-{what}.npy"


def _open(path: Path) -> Vectors:
    return map_array(path, np.float32, 2)


class QuerySimilarity:
    """Cosines of one question with passages and their sentences, computed as they are asked for."""

    def __init__(self, vectors: PassageVectors, question: Vectors) -> None:
        self._vectors = vectors
        self._question = question

    def passages(self, rows: Rows) -> Scores:
        """Return the passages' cosines."""
        if self._are_all(rows):
            return self.cosines(self._vectors.passages)
        return self.cosines(self._vectors.passages[rows])

    def best_sentences(self, rows: Rows) -> Scores:
        """Return the cosine of each passage's nearest sentence; at least one row."""
        firsts = self._vectors.first_sentence
        if self._are_all(rows):
            return np.maximum.reduceat(self.cosines(self._vectors.sentences), firsts[:-1])
        counts = firsts[rows + 1] - firsts[rows]
        starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        positions = np.arange(counts.sum()) + np.repeat(firsts[rows] - starts, counts)
        return np.maximum.reduceat(self.cosines(self._vectors.sentences[positions]), starts)

    def best_rows(self, k: int) -> Rows:
        """Return the k passages with the nearest sentences, in no order."""
        n_passages = len(self._vectors.passages)
        cosines = self.best_sentences(np.arange(n_passages, dtype=np.int32))
        if k >= n_passages:
            return np.arange(n_passages, dtype=np.int32)
        return np.argpartition(-cosines, k)[:k].astype(np.int32)

    def sentences(self, row: int) -> Scores:
        """Return the cosines of one passage's sentences, in its order."""
        first, end = self._vectors.first_sentence[row : row + 2]
        return self.cosines(self._vectors.sentences[first:end])

    def _are_all(self, rows: Rows) -> bool:
        """Return whether rows are all passages in order, whose vectors need not be copied."""
        n_passages = len(self._vectors.passages)
        return len(rows) == n_passages and np.array_equal(rows, np.arange(n_passages))

    def cosines(self, vectors: Vectors) -> Scores:
        """Return the question's cosines with unit vectors, one for each row.

        They have five decimals: further ones are noise, and equal texts shall tie.
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
        """Return how near the passages are to a question with what was asked before.

        Args:
            parts: Texts and their weights, at least one; the question's vector is the weighted
                sum of theirs.
        """
        encoded = self._encoder.encode(text for text, _ in parts)
        question = np.asarray([weight for _, weight in parts], dtype=np.float32) @ encoded
        length = float(np.linalg.norm(question))
        return QuerySimilarity(self._vectors, question / length if length > 0 else question)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of texts, in order."""
        return self._encoder.encode(texts)

    def vectors_of(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of texts that come again and again, at least one, in order."""
        with self._lock:
            found = {text: self._remembered[text] for text in texts if text in self._remembered}
        unknown = [text for text in dict.fromkeys(texts) if text not in found]
        if unknown:
            made = dict(zip(unknown, self._encoder.encode(unknown), strict=True))
            found |= made
            with self._lock:
                self._remembered.update(made)
        return np.stack([found[text] for text in texts])
