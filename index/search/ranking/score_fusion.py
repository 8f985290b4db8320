"""Put the scores of words, meaning and taught questions on one scale, to be added up."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index.arrays import Scores
from index.lexical.bm25 import K1
from index.search.ranking.query_coverage import QueryCoverage
from index.search.ranking.taught_questions import Boosts
from index.vectors.similarity import QuerySimilarity
from index.vectors.tiers import BLENDS, Tier

# Standard deviations over the passages of one article (medians over SQuAD 2.0's questions): of
# cosines, and of word scores as a share of the score of a passage that holds the whole query.
_COSINE_SPREAD = 0.1
_LEXICAL_SPREAD = 0.1

# A word that a taught question adds counts as if it stood in the passage once, under each of its
# three keys.
_TAUGHT_WORD = 3.0

# The measured spread counts as if these many passages had shown the typical one: two passages
# alone cannot say what a large difference is.
_PRIOR_PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the scores of some passages lie: their mean, and how far they are spread."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, scores: Scores, typical_spread: float) -> "Scale":
        """Measure scores.

        Args:
            scores: Of the passages that are compared; at least one.
            typical_spread: The standard deviation to assume where there are few passages, in the
                unit of the scores, above 0.
        """
        n = len(scores)
        variance = (n * scores.var() + _PRIOR_PASSAGES * typical_spread**2) / (n + _PRIOR_PASSAGES)
        return cls(scores.mean(), np.sqrt(variance))

    def standardise(self, scores: Scores) -> Scores:
        """Return scores as distances from the mean, in deviations."""
        standardised: Scores = (scores - self.mean) / self.deviation
        return standardised


def score_parts(
    tier: Tier,
    words: Scores,
    similarities: Mapping[str, QuerySimilarity],
    coverage: QueryCoverage,
    boosts: Boosts,
) -> dict[str, Scores]:
    """Return what each kind of score adds to the sums of the passages, by its name.

    A taught question that says the same as the query adds as much as the best passage has by
    words, as with a passage that introduces a name. The scales are those of the passages that are
    ranked without taught questions, so that what is taught to one passage moves no other.

    Args:
        tier: Tells how much each kind counts.
        words: The passages' scores by words.
        similarities: Those of the query, by kind of vectors; empty in the lexical tier.
        coverage: That of the query.
        boosts: The passages that are ranked, and what taught questions do to them.
    """
    unaided = boosts.unaided if boosts.unaided.any() else slice(None)
    best = float(words[unaided].max(initial=0.0))
    taught = boosts.words(of_gain=_TAUGHT_WORD, of_likeness=best)
    if not similarities or not len(words):
        return {"words": words + taught}
    reachable = coverage.total * 3 * (K1 + 1)
    scale = Scale.of(words[unaided], _LEXICAL_SPREAD * reachable)
    parts = {"words": scale.standardise(words + taught)}
    for kind, blend in BLENDS[tier].items():
        cosines = similarities[kind].passages(boosts.rows)
        of_passages = Scale.of(cosines[unaided], _COSINE_SPREAD).standardise(cosines)
        cosines = similarities[kind].best_sentences(boosts.rows)
        scale = Scale.of(cosines[unaided], _COSINE_SPREAD)
        of_sentences = scale.standardise(boosts.nearest(kind, cosines))
        both = (1 - blend.sentence_share) * of_passages + blend.sentence_share * of_sentences
        parts[kind] = blend.weight * both
    return parts
