"""Score passages by how near they are to a question in meaning."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.bm25 import Scores
from index.encoders import Encoder, Vectors


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
    first_sentence: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Nearness:
    """Cosines of one question: of each passage, of its nearest sentence, of each sentence."""

    passages: Scores
    best_sentences: Scores
    sentences: Scores


class MeaningIndex:
    """Vectors of passages and sentences, and the encoder that made them."""

    def __init__(self, vectors: PassageVectors, encoder: Encoder) -> None:
        self._vectors = vectors
        self._encoder = encoder

    def nearness(self, parts: list[tuple[str, float]]) -> Nearness:
        """Return the cosines between the passages and a question with what was asked before.

        Args:
            parts: Texts and their weights, at least one; the question's vector is the weighted
                sum of theirs.
        """
        encoded = self._encoder.encode(text for text, _ in parts)
        question = np.asarray([weight for _, weight in parts], dtype=np.float32) @ encoded
        length = float(np.linalg.norm(question))
        question = question / length if length > 0 else question
        sentences = _cosines(self._vectors.sentences, question)
        return Nearness(
            _cosines(self._vectors.passages, question),
            np.maximum.reduceat(sentences, self._vectors.first_sentence[:-1]),
            sentences,
        )

    def sentence_cosines(self, nearness: Nearness, row: int) -> Scores:
        """Return the cosines of one passage's sentences, in its order."""
        first, end = self._vectors.first_sentence[row : row + 2]
        return nearness.sentences[first:end]


def _cosines(vectors: Vectors, question: Vectors) -> Scores:
    """Return cosines to five decimals: further ones are noise, and equal texts shall tie."""
    cosines: Scores = (vectors @ question).astype(np.float64)
    return cosines.round(5)
