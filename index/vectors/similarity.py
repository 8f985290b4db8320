"""Compare a question with the vectors of an index, on demand."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from index.arrays import Rows, Scores, Vectors
from index.vectors.max_sim import QuestionTokens, max_sim, token_weights
from index.vectors.measures import Measures, count_pieces, open_frequencies, open_off_topic
from index.vectors.models.encoder import EncodedText, Encoder, unit
from index.vectors.token_basis import FEWEST_DIRECTIONS
from index.vectors.vector_files import VectorFiles, positions_of

# Some ten megabytes.
_MAX_REMEMBERED_TEXTS = 10_000


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of an index, or of some of its passages.

    Attributes:
        files: The vectors.
        measures: The usual cosines.
        off_topic: The vectors of off-topic questions.
        frequencies: By word piece, the count of passages that hold it.
        n_counted: The number of passages that are counted.
        centre: What is subtracted from the tokens of questions, as it is from those of the
            passages; shape (n_directions,), or None for nothing.
    """

    files: VectorFiles
    measures: Measures
    off_topic: Vectors
    frequencies: npt.NDArray[np.int32]
    n_counted: int
    centre: Vectors | None = None

    @classmethod
    def open(cls, folder: Path) -> "PassageVectors":
        """Map the files of `write_vectors`; OSError or ValueError if one is damaged."""
        files = VectorFiles.open(folder)
        measures, off_topic = Measures.open(folder), open_off_topic(folder)
        return cls(files, measures, off_topic, open_frequencies(folder), len(files))

    def within(self, rows: Rows) -> "PassageVectors":
        """Return the vectors of some passages, measured and counted as in a corpus of their own.

        Where tokens keep many dimensions, the mean of the passages' tokens is subtracted from them:
        what they have in common says nothing about one of them.
        """
        files = self.files
        if len(rows) == len(files):
            return self
        lines = files.lines
        if len(lines):
            lines = lines[positions_of(files.first_line, rows)[0]]
        measures = self.measures.of_corpus(self.off_topic, files.passages[rows], lines)
        counted = replace(
            self,
            measures=measures,
            frequencies=count_pieces(files, rows),
            n_counted=len(rows),
        )
        if files.basis is None or files.basis.n_directions <= FEWEST_DIRECTIONS:
            return counted
        centred, centre = files.centred(rows)
        return replace(counted, files=centred, centre=centre)


class QuerySimilarity:
    """How near one query is to passages, their lines and their tokens.

    A query is a question and earlier questions. Their scores are mixed, not their vectors, because
    the cosines of some encoders lie so close together that a mixed vector is near to anything.
    """

    def __init__(self, vectors: PassageVectors, turns: Sequence[tuple[EncodedText, float]]) -> None:
        """Prepare to compare.

        Args:
            vectors: The vectors of the index.
            turns: At least one encoded question, each with its weight above 0.
        """
        self._files = vectors.files
        self.measures = vectors.measures
        weights = np.array([weight for _, weight in turns])
        # Shapes (n_turns,) and (n_dimensions, n_turns).
        self._weights = weights / weights.sum()
        self._turns = np.stack([turn.vector for turn, _ in turns], axis=1)
        self._tokens = self._question_tokens(turns, vectors)

    @property
    def has_lines(self) -> bool:
        """Whether lines have vectors."""
        return self._files.record.has_lines

    @property
    def has_tokens(self) -> bool:
        """Whether passages have token vectors."""
        return self._tokens is not None

    def passages(self, rows: Rows) -> Scores:
        """Return the cosines of passages, in the order of `rows`."""
        vectors = self._files.passages
        return self.cosines(vectors if self._are_all(rows) else vectors[rows])

    def best_lines(self, rows: Rows) -> Scores:
        """Return the largest cosine of each passage's lines; the passage's own without lines.

        Lines are its sentences, of which it has at least one, and the line above it: a heading that
        says the question counts like a sentence that does.
        """
        if not self.has_lines:
            return self.passages(rows)
        firsts = self._files.first_line
        if self._are_all(rows):
            of_lines = self._files.lines @ self._turns
            largest = np.maximum.reduceat(of_lines, firsts[:-1], axis=0)
        else:
            positions, starts = positions_of(firsts, rows)
            of_lines = self._files.lines[positions] @ self._turns
            largest = np.maximum.reduceat(of_lines, starts, axis=0)
        return _rounded(largest @ self._weights)

    def tokens(self, rows: Rows) -> Scores:
        """Return the MaxSim of passages, in the order of `rows`; only with token vectors."""
        assert self._tokens is not None  # noqa: S101  # the caller asks `has_tokens`
        firsts = self._files.first_token
        if self._are_all(rows):
            return _rounded(max_sim(self._tokens, self._files.tokens, firsts[1:]))
        positions, _ = positions_of(firsts, rows)
        ends = np.cumsum(firsts[rows + 1] - firsts[rows])
        return _rounded(max_sim(self._tokens, self._files.tokens[positions], ends))

    def nearest(self, row: int) -> float | None:
        """Return the largest cosine of a passage or one of its lines; None if it was not read."""
        if not self._is_read(row):
            return None
        rows = np.array([row], dtype=np.int32)
        return float(max(self.passages(rows)[0], self.best_lines(rows)[0]))

    def likeness(self, row: int) -> Scores | None:
        """Return how near each line of a passage is; None without vectors of its lines.

        It is the mean of the line's MaxSim and of its cosine, scaled to the spread of MaxSim.
        """
        if not self._is_read(row):
            return None
        files = self._files
        lines = slice(*files.first_line[[row, row + 1]])
        found = []
        if self.has_lines:
            scale = self.measures.token_spread / self.measures.spread
            found.append(scale * self.cosines(files.lines[lines]))
        if self._tokens is not None:
            tokens = files.tokens[slice(*files.first_token[[row, row + 1]])]
            found.append(_rounded(max_sim(self._tokens, tokens, files.line_ends[lines])))
        return np.mean(found, axis=0) if found else None

    def best_rows(self, rows: Rows, k: int) -> Rows:
        """Return k of some rows with the largest cosines of a line or their own, in no order."""
        if k >= len(rows):
            return rows
        return rows[np.argpartition(-self.best_lines(rows), k)[:k]]

    def cosines(self, vectors: Vectors) -> Scores:
        """Return the cosines of the query with unit vectors, one for each row."""
        return _rounded((vectors @ self._turns) @ self._weights)

    def _question_tokens(
        self,
        turns: Sequence[tuple[EncodedText, float]],
        vectors: PassageVectors,
    ) -> QuestionTokens | None:
        basis = self._files.basis
        if basis is None:
            return None
        of_turns = [
            token_weights(turn.pieces, vectors.frequencies, vectors.n_counted) * weight
            for (turn, _), weight in zip(turns, self._weights, strict=True)
        ]
        tokens = basis.project(np.concatenate([turn.tokens for turn, _ in turns]))
        if vectors.centre is not None:
            tokens = unit(tokens - vectors.centre)
        return QuestionTokens(tokens, np.concatenate(of_turns))

    def _is_read(self, row: int) -> bool:
        return bool(self._files.passages[row].any())

    def _are_all(self, rows: Rows) -> bool:
        """Return whether rows are all passages in order, whose vectors need not be copied."""
        n_passages = len(self._files)
        return len(rows) == n_passages and np.array_equal(rows, np.arange(n_passages))


class VectorIndex:
    """The vectors of an index, and the encoder that made them. Threads may share it."""

    def __init__(self, vectors: PassageVectors, encoder: Encoder) -> None:
        self._vectors = self._whole = vectors
        self._encoder = encoder
        self._remembered: LRUCache[str, Vectors] = LRUCache(_MAX_REMEMBERED_TEXTS)
        self._lock = Lock()

    def within(self, rows: Rows) -> "VectorIndex":
        """Return an index for questions to some passages alone."""
        view = copy.copy(self)
        view._vectors = self._whole.within(rows)
        return view

    @property
    def measures(self) -> Measures:
        """The usual cosines."""
        return self._vectors.measures

    @property
    def english_only(self) -> bool:
        """Whether the encoder is known to read English only."""
        return self._encoder.config.english_only

    def similarity(self, parts: list[tuple[str, float]]) -> QuerySimilarity:
        """Return the similarity of the passages to a query.

        Args:
            parts: At least one text with its weight: the question and earlier questions.
        """
        turns = [(self._encoder.encode_question(text), weight) for text, weight in parts]
        return QuerySimilarity(self._vectors, turns)

    def vectors_of(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors of at least one text, as of a passage, from a cache of texts."""
        with self._lock:
            found = {text: self._remembered[text] for text in texts if text in self._remembered}
        unknown = [text for text in dict.fromkeys(texts) if text not in found]
        if unknown:
            made = {text: self._encoder.encode_passage(text).vector for text in unknown}
            found |= made
            with self._lock:
                self._remembered.update(made)
        return np.stack([found[text] for text in texts])


def _rounded(scores: npt.NDArray[np.floating]) -> Scores:
    """Round to five decimals: further ones are noise, and equal texts must tie."""
    return scores.astype(np.float64).round(5)
