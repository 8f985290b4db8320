"""Estimate whether a question belongs to the texts, from the hits of a search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.search.hits import Hit
from index.search.ranking.units import Unit
from index.vectors.measures import Measures
from index.vectors.tiers import Tier


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A logistic regression of whether a question belongs to the texts, with two thresholds.

    Attributes:
        coverage: Weight of the largest share of the question that a hit covers.
        cosine: Weight of the largest cosine of the question and a hit or a line of it, in
            deviations above that of off-topic questions.
        known: Weight of the share of the question's units that the corpus knows.
        intercept: Added to the weighted sum.
        sure: From these log odds on the hits are shown as the answer.
        doubtful: Below these log odds the answer is that nothing was found.
    """

    coverage: float
    cosine: float
    known: float
    intercept: float
    sure: float
    doubtful: float


# Made with `python -m tests.benchmarks.calibration`, 30 November 2026. The weights are fitted on
# SQuAD 2.0: questions asked of their own article (yes) and of another one (no), 480 each.
# In the tier of the encoder `doubtful` is the largest multiple of 0.5 that refuses at most 1 % of
# the first questions of the shipped set and of one over a news article together, whose questions
# are typed in haste, because a wrong refusal costs more than a hesitant answer, and `sure` the
# largest one below which at most 10 % of them lie. In the lexical tier they are those of the
# shipped set alone, and `doubtful` is 0.5 below: at -3.5 words alone refused 14 % of the questions
# of an FAQ of 20 answers, at -4 they refuse 9 %.
_MODELS = {
    Tier.LEXICAL: ConfidenceModel(8.5, 0.0, 3.3, -6.1, sure=-2.5, doubtful=-4.0),
    Tier.ENCODER: ConfidenceModel(5.7, 1.4, 1.6, -5.9, sure=-1.0, doubtful=-3.5),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The input of a `ConfidenceModel`.

    Attributes:
        coverage: The largest share of the question that a hit covers, 0 to 1.
        cosine: The largest cosine of a hit, in deviations above that of off-topic questions; 0
            without vectors.
        known: The share of the question's units that the texts know, 0 to 1.
    """

    coverage: float
    cosine: float
    known: float


def gather_evidence(
    units: Sequence[Unit],
    hits: Sequence[Hit],
    knows: Callable[[str], bool],
    measures: Measures | None,
) -> Evidence | None:
    """Return the evidence that a question belongs to the texts; None without units or hits.

    Args:
        units: The units of the question.
        hits: The hits of a search for it.
        knows: Returns whether the texts hold a word.
        measures: The usual cosines; None in the lexical tier.
    """
    if not hits or not units:
        return None
    cosines = [hit.cosine for hit in hits if hit.cosine is not None]
    return Evidence(
        max(hit.coverage for hit in hits),
        measures.above_off_topic(max(cosines)) if measures and cosines else 0.0,
        sum(any(map(knows, unit.words)) for unit in units) / len(units),
    )


def log_odds_of(evidence: Evidence, tier: Tier) -> float:
    """Return the log odds that the question belongs to the texts."""
    model = _MODELS[tier]
    return (
        model.coverage * evidence.coverage
        + model.cosine * evidence.cosine
        + model.known * evidence.known
        + model.intercept
    )


def is_sure(log_odds: float, tier: Tier) -> bool:
    """Return whether the hits may be shown as the answer."""
    return log_odds >= _MODELS[tier].sure


def is_unanswerable(log_odds: float, tier: Tier) -> bool:
    """Return whether to answer that nothing was found."""
    return log_odds < _MODELS[tier].doubtful


def on_scale_of(tier: Tier, log_odds: float, other: Tier) -> float:
    """Convert log odds of another tier, so that `sure` and `doubtful` of both tiers coincide."""
    if tier is other:
        return log_odds
    mine, its = _MODELS[tier], _MODELS[other]
    share = (log_odds - its.doubtful) / (its.sure - its.doubtful)
    return mine.doubtful + share * (mine.sure - mine.doubtful)
