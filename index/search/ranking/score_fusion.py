"""Put the scores of words, vectors and taught questions on one scale, so that they add up."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.arrays import Scores
from index.lexical.bm25 import K1
from index.search.ranking.query_coverage import QueryCoverage
from index.search.ranking.taught_questions import Boosts
from index.vectors.similarity import QuerySimilarity
from index.vectors.tiers import LINE_SHARE, TOKENS_WEIGHT, VECTORS_WEIGHT, WORDS_WEIGHT

# Standard deviation, over the passages of one article, of word scores divided by the score of a
# passage with the whole query; the median over the questions of SQuAD 2.0.
_LEXICAL_SPREAD = 0.1

# The best passage by words is at most so many standard deviations above the mean. One rare word
# puts it at 25, where the best by vectors is at 3. With 6 to 8 the figures of the question sets are
# the same as without a limit, or better.
_MAX_DEVIATIONS = 7.0

# A word that a taught question adds counts as one occurrence in the passage, under each of its
# three keys.
_TAUGHT_WORD = 3.0

# The variance is estimated as if this many more passages had the typical spread, because two
# passages alone do not show what difference is usual.
_PRIOR_PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """The mean and standard deviation of the scores of some passages."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, scores: Scores, typical_spread: float) -> "Scale":
        """Estimate the scale of scores.

        Args:
            scores: The scores of some passages.
            typical_spread: The prior standard deviation, in the unit of the scores, above 0. It
                counts most if there are few passages.
        """
        n = len(scores)
        if not n:
            return cls(0.0, typical_spread)
        variance = (n * scores.var() + _PRIOR_PASSAGES * typical_spread**2) / (n + _PRIOR_PASSAGES)
        return cls(scores.mean(), np.sqrt(variance))

    def standardise(self, scores: Scores) -> Scores:
        """Return scores as distances from the mean, in standard deviations."""
        standardised: Scores = (scores - self.mean) / self.deviation
        return standardised


def score_parts(
    words: Scores,
    exact: Scores,
    similarity: QuerySimilarity | None,
    coverage: QueryCoverage,
    boosts: Boosts,
) -> dict[str, Scores]:
    """Return the scores of each kind, by its name; their sum is the score of a passage.

    A taught question with the same words as the query adds the word score of the best passage, as
    the introduction of a name does. The scales are estimated from the passages that are ranked
    without taught questions, so a question taught to one passage does not move the others.

    Args:
        words: The word score of each row of `boosts`.
        exact: What introductions of names and exact phrases add to it.
        similarity: The similarity of the query; None in the lexical tier.
        coverage: The coverage of the query.
        boosts: The rows that are ranked, and their boosts by taught questions.

    Returns:
        By "words" and, with vectors, "vectors", one score for each row.
    """
    unaided = _unaided(boosts)
    best = float((words + exact)[unaided].max(initial=0.0))
    taught = boosts.words(of_gain=_TAUGHT_WORD, of_likeness=best)
    if similarity is None:
        return {"words": words + exact + taught}
    reachable = coverage.total * 3 * (K1 + 1)
    scale = Scale.of((words + exact)[unaided], _LEXICAL_SPREAD * reachable)
    highest = float(scale.standardise(words[unaided]).max(initial=_MAX_DEVIATIONS))
    spread = similarity.measures.spread
    cosines = similarity.passages(boosts.rows)
    of_passages = _standardised(cosines, cosines, unaided, spread)
    if similarity.has_lines:
        cosines = similarity.best_lines(boosts.rows)
    of_lines = _standardised(boosts.nearest(cosines), cosines, unaided, spread)
    return {
        "words": WORDS_WEIGHT
        * (_MAX_DEVIATIONS / highest)
        * scale.standardise(words + exact + taught),
        "vectors": VECTORS_WEIGHT * ((1 - LINE_SHARE) * of_passages + LINE_SHARE * of_lines),
    }


def score_tokens(similarity: QuerySimilarity, boosts: Boosts) -> Scores:
    """Return the score of each row of `boosts` by its token vectors."""
    scores = similarity.tokens(boosts.rows)
    spread = similarity.measures.token_spread
    return TOKENS_WEIGHT * _standardised(scores, scores, _unaided(boosts), spread)


def _unaided(boosts: Boosts) -> npt.NDArray[np.bool_]:
    return boosts.unaided if boosts.unaided.any() else np.ones_like(boosts.unaided)


def _standardised(
    scores: Scores, of_texts: Scores, unaided: npt.NDArray[np.bool_], spread: float
) -> Scores:
    """Return scores on the scale of the passages that are ranked without taught questions.

    A passage that the encoder does not read has vectors of zeros: it scores exactly 0, is left out
    of the scale, and is neither better nor worse than the mean.
    """
    scale = Scale.of(of_texts[unaided & (of_texts != 0)], spread)
    return np.where(scores != 0, scale.standardise(scores), 0.0)
