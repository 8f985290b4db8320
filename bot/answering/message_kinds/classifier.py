"""A logistic regression on character n-grams, whose weights come with the package."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index import extract_tokens

# `python -m tests.training.message_kinds` makes it; ORIGIN.md says from what.
WEIGHTS_PATH = Path(__file__).with_name("weights.npz")

_SIZES = (2, 3, 4)

# "heyyy" and "hellooo"; no English word has three of a letter in a row.
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")


class Kinds(NamedTuple):
    """The probabilities of the kinds of a message; their sum is 1.

    Attributes:
        remark: It greets, thanks, parts, or asks the bot about itself: "how old are you".
        request: It asks a person or an assistant for something: "where is my phone".
        question: A text may answer it.
    """

    remark: float
    request: float
    question: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned.

    Attributes:
        rows: The row of each n-gram in the arrays.
        idf: Inverse document frequency by row.
        unseen_idf: That of all other n-grams. They have no weight, but make the others count less.
        weights: By row and kind.
        bias: By kind.
    """

    rows: dict[str, int]
    idf: npt.NDArray[np.float32]
    unseen_idf: float
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


def without_drawn_out(text: str) -> str:
    """Return a text in small letters with one letter for three or more of a kind: "hey"."""
    return _DRAWN_OUT.sub(r"\1", text)


def ngrams_of(text: str) -> list[str]:
    """Return the runs of 2 to 4 characters of a text's normalised words, with their borders."""
    padded = without_drawn_out(f" {' '.join(extract_tokens(text))} ")
    return [padded[at : at + size] for size in _SIZES for at in range(len(padded) - size + 1)]


def kinds_of(text: str) -> Kinds:
    """Return the probabilities of the kinds of a message."""
    return probabilities(text, _load(WEIGHTS_PATH))


def probabilities(text: str, learned: Weights) -> Kinds:
    """Return the probabilities of the kinds of a message with these weights.

    The features are the n-grams' tf-idf, with logarithmic counts, scaled to length 1.
    """
    rows: list[int] = []
    counts: list[float] = []
    unseen = 0.0
    for ngram, n in Counter(ngrams_of(text)).items():
        count = 1.0 if n == 1 else 1 + math.log(n)
        row = learned.rows.get(ngram)
        if row is None:
            unseen += (count * learned.unseen_idf) ** 2
        else:
            rows.append(row)
            counts.append(count)
    values = learned.idf[rows] * np.array(counts, dtype=np.float32)
    length = math.sqrt(values @ values + unseen) or 1.0
    scores = values @ learned.weights[rows] / length + learned.bias
    odds = np.exp(scores - scores.max())
    return Kinds(*(odds / odds.sum()).tolist())


@cache
def _load(path: Path) -> Weights:
    with np.load(path) as arrays:
        return Weights(
            {ngram: row for row, ngram in enumerate(arrays["ngrams"].tolist())},
            arrays["idf"].astype(np.float32),
            float(arrays["unseen_idf"]),
            arrays["weights"].astype(np.float32),
            arrays["bias"].astype(np.float32),
        )
