"""Measure what cosines an encoder gives, so that ranking and refusing fit any model and corpus."""

import json
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import Rows, Vectors, map_array, write_array
from index.files import write_file
from index.vectors.max_sim import QuestionTokens, max_sim
from index.vectors.models.encoder import Encoder
from index.vectors.token_basis import FEWEST_DIRECTIONS, TokenBasis
from index.vectors.vector_files import VectorFiles

_NAME = "encoder-measures.json"
_FREQUENCIES_NAME = "encoder-piece-frequencies.npy"
_OFF_TOPIC_NAME = "encoder-off-topic.npy"

# Texts about all sorts of things, and questions that ask about other things than most texts.
_TEXTS_NAME, _QUESTIONS_NAME = "general_texts.txt", "off_topic.txt"

# Measured for the encoder of the package on the question sets: deviations of the cosines of one
# question over the passages of one text.
_PACKAGED_SPREAD = 0.02
_PACKAGED_TOKEN_SPREAD = 0.08

# Measured like those of other encoders, see `_usual`.
_PACKAGED_OFF_TOPIC = 0.80

# Passages that are compared with the questions at a time.
_BLOCK = 2**14


@dataclass(frozen=True, slots=True)
class Measures:
    """The usual cosines of an encoder's vectors, and those of off-topic questions in a corpus.

    Attributes:
        spread: The usual deviation of a question's cosines over passages.
        token_spread: That of MaxSim.
        off_topic_mean: The mean, over off-topic questions, of the largest cosine in the corpus, but
            not above `off_topic_most`.
        off_topic_deviation: The deviation of the same.
        off_topic_most: What the mean is in texts about other things.
        alike: From this cosine on a question and a taught one, which is encoded as a passage, are
            alike: 1 of 200 pairs of questions about different things reaches it.
    """

    spread: float
    token_spread: float
    off_topic_mean: float
    off_topic_deviation: float
    off_topic_most: float
    alike: float

    @classmethod
    def open(cls, folder: Path) -> "Measures":
        """Read the file that `write` wrote; OSError or ValueError if it is damaged."""
        try:
            return cls(**json.loads((folder / _NAME).read_bytes()))
        except TypeError as error:
            raise ValueError(f"{_NAME} is not whole") from error

    def write(self, folder: Path) -> None:
        """Write the measures; OSError if it is impossible."""
        write_file(folder / _NAME, [json.dumps(asdict(self)).encode()])

    def above_off_topic(self, cosine: float) -> float:
        """Return how many deviations a largest cosine is above that of off-topic questions."""
        return (cosine - self.off_topic_mean) / self.off_topic_deviation

    def of_corpus(self, questions: Vectors, *vectors: Vectors) -> "Measures":
        """Return these measures with those of off-topic questions in another corpus.

        Args:
            questions: The vectors of the questions.
            vectors: Those of the passages and lines of the corpus.
        """
        best = np.full(len(questions), -1.0)
        for held in vectors:
            for start in range(0, len(held), _BLOCK):
                cosines = held[start : start + _BLOCK] @ questions.T
                best = np.maximum(best, cosines.max(axis=0))
        return replace(
            self,
            # A corpus about all sorts of things answers some of the questions.
            off_topic_mean=min(float(best.mean()), self.off_topic_most),
            # The largest cosines of a tiny corpus hardly differ.
            off_topic_deviation=max(float(best.std()), self.spread / 2),
        )


def measure(encoder: Encoder, files: VectorFiles) -> Measures:
    """Measure an encoder and the vectors that it made of a corpus."""
    spread, token_spread, most = _usual(encoder)
    usual = Measures(spread, token_spread, most, spread, most, _alike(encoder))
    return usual.of_corpus(_off_topic_vectors(encoder), files.passages, files.lines)


def write_off_topic(folder: Path, encoder: Encoder) -> None:
    """Write the vectors of the off-topic questions; OSError if it is impossible."""
    write_array(folder / _OFF_TOPIC_NAME, _off_topic_vectors(encoder))


def open_off_topic(folder: Path) -> Vectors:
    """Open the file that `write_off_topic` wrote; OSError or ValueError if it is damaged."""
    return map_array(folder / _OFF_TOPIC_NAME, np.float32, 2)


def count_pieces(files: VectorFiles, rows: Rows) -> npt.NDArray[np.int32]:
    """Return, by word piece, how many of some passages hold it."""
    counts = np.zeros(int(files.pieces.max(initial=0)) + 1, dtype=np.int32)
    for start, end in zip(files.first_token[rows], files.first_token[rows + 1], strict=True):
        counts[np.unique(files.pieces[start:end])] += 1
    return counts


def write_frequencies(folder: Path, files: VectorFiles) -> None:
    """Write the count of passages with each word piece; OSError if it is impossible."""
    rows = np.arange(len(files), dtype=np.int32)
    write_array(folder / _FREQUENCIES_NAME, count_pieces(files, rows))


def open_frequencies(folder: Path) -> npt.NDArray[np.int32]:
    """Open the file that `write_frequencies` wrote; OSError or ValueError if it is damaged."""
    return map_array(folder / _FREQUENCIES_NAME, np.int32)


@cache
def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").strip()


@lru_cache(maxsize=2)
def _off_topic_vectors(encoder: Encoder) -> Vectors:
    questions = _read(_QUESTIONS_NAME).splitlines()
    return np.stack([encoder.encode_question(question).vector for question in questions])


@lru_cache(maxsize=2)
def _alike(encoder: Encoder) -> float:
    questions = _read(_QUESTIONS_NAME).splitlines()
    taught = np.stack([encoder.encode_passage(question).vector for question in questions])
    of_pairs = ~np.eye(len(questions), dtype=np.bool_)
    return float(np.quantile((_off_topic_vectors(encoder) @ taught.T)[of_pairs], 0.995))


@lru_cache(maxsize=2)
def _usual(encoder: Encoder) -> tuple[float, float, float]:
    """Measure an encoder by the off-topic questions over the general texts.

    Returns:
        Of one question over all texts, in the mean of all questions: the deviation of its cosines,
        that of MaxSim, and its largest cosine.
    """
    if encoder.is_packaged:
        return _PACKAGED_SPREAD, _PACKAGED_TOKEN_SPREAD, _PACKAGED_OFF_TOPIC
    texts = [encoder.encode_passage(text) for text in _read(_TEXTS_NAME).split("\n\n")]
    questions = [encoder.encode_question(one) for one in _read(_QUESTIONS_NAME).splitlines()]
    cosines = np.stack([one.vector for one in texts]) @ _off_topic_vectors(encoder).T
    spread, largest = float(cosines.std(axis=0).mean()), float(cosines.max(axis=0).mean())
    if not encoder.config.token_vectors_fit:
        return spread, _PACKAGED_TOKEN_SPREAD, largest  # token vectors are not compared
    basis = TokenBasis.of(np.concatenate([one.tokens for one in texts]), FEWEST_DIRECTIONS)
    tokens = basis.to_bytes(np.concatenate([one.tokens for one in texts]))
    ends = np.cumsum([len(one.tokens) for one in texts])
    of_tokens = [
        max_sim(
            QuestionTokens(
                basis.project(one.tokens), np.full(len(one.tokens), 1 / len(one.tokens))
            ),
            tokens,
            ends,
        ).std()
        for one in questions
    ]
    return spread, float(np.mean(of_tokens)), largest
