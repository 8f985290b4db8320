"""The ways to rank passages, from the cheapest to the best."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

# Names of the two kinds of vectors in an index.
STATIC = "static"
NEURAL = "neural"


class Tier(StrEnum):
    """What a search goes by: words; also static vectors; also a neural model."""

    LEXICAL = "lexical"
    DEFAULT = "default"
    NEURAL = "neural"


@dataclass(frozen=True, slots=True)
class Blend:
    """How much a kind of vector counts beside the words, whose weight is 1.

    Attributes:
        weight: Of the two cosines together, standardised over the passages.
        sentence_share: Of the nearest sentence's cosine in that; the rest is the passage's.
    """

    weight: float
    sentence_share: float


# Weights from 1 to 2 lie within two points of each other on SQuAD 2.0 and the shipped set.
BLENDS: dict[Tier, dict[str, Blend]] = {
    Tier.LEXICAL: {},
    Tier.DEFAULT: {STATIC: Blend(1.0, 0.7)},
    Tier.NEURAL: {NEURAL: Blend(2.0, 0.5), STATIC: Blend(0.5, 0.7)},
}


def best_kind(kinds: Collection[str]) -> str:
    """Return the kind of vectors that tells most, of those that were compared."""
    return NEURAL if NEURAL in kinds else STATIC
