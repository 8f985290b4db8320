"""Judge whether the hits of a search answer the question at all."""

from dataclasses import dataclass

from index.tiers import Tier


@dataclass(frozen=True, slots=True)
class Judge:
    """A logistic regression: whether a question belongs to the texts, and where to doubt it.

    Attributes:
        share: Weight of the part of the question's information in the best of the hits.
        cosine: Weight of the cosine of the question and the nearest sentence of the hits.
        known: Weight of the part of the question's words that the corpus holds.
        intercept: Added to the weighted sum.
        sure: At this value and above the hits answer.
        doubtful: Below this value nothing was found.
    """

    share: float
    cosine: float
    known: float
    intercept: float
    sure: float
    doubtful: float


# Fitted on SQuAD 2.0: questions asked of their own article (yes) and of another one (no), 480
# each, when a word's mere beginning still counted as the word. `doubtful` is the largest half
# that refuses at most 1 % of the shipped set's single questions and first turns: a wrong refusal
# costs more than a hesitant answer, which is what comes between it and `sure`. 22 November 2026.
_JUDGES = {
    Tier.LEXICAL: Judge(7.9, 0.0, 4.3, -6.7, sure=-2.0, doubtful=-4.0),
    Tier.DEFAULT: Judge(6.6, 15.7, 1.9, -11.2, sure=-3.5, doubtful=-6.5),
    Tier.NEURAL: Judge(7.3, 19.8, 2.0, -14.2, sure=-3.5, doubtful=-5.5),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the hits: the largest share and cosine among them, the part of known words.

    All three go from 0 to 1 (the cosine from -1).
    """

    share: float
    cosine: float
    known: float


def weigh(evidence: Evidence, tier: Tier) -> float:
    """Return the log odds that the question belongs to the texts."""
    judge = _JUDGES[tier]
    return (
        judge.share * evidence.share
        + judge.cosine * evidence.cosine
        + judge.known * evidence.known
        + judge.intercept
    )


def is_sure(log_odds: float, tier: Tier) -> bool:
    """Say whether the hits may be shown as the answer."""
    return log_odds >= _JUDGES[tier].sure


def is_nothing(log_odds: float, tier: Tier) -> bool:
    """Say whether the hits have nothing to do with the question."""
    return log_odds < _JUDGES[tier].doubtful
