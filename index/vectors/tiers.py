"""The tiers of ranking, and the weights of what is ranked by."""

from enum import StrEnum


class Tier(StrEnum):
    """How passages are ranked: by words; or by words and by an encoder's vectors."""

    LEXICAL = "lexical"
    ENCODER = "encoder"


# The weights of the standardised scores: of words, of the encoder's vectors of passages and lines,
# and of its token vectors. With .5 to 1, 1 to 2 and 1 to 2 the figures of the question sets stay
# within their noise.
WORDS_WEIGHT = 0.7
VECTORS_WEIGHT = 1.5
TOKENS_WEIGHT = 1.5

# The share of the nearest line's cosine in the weight of the vectors; the rest is the passage's.
LINE_SHARE = 0.5
