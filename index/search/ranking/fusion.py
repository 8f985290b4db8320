"""Put scores of different kinds on one scale, so that they can be added."""

from dataclasses import dataclass

import numpy as np

from index.lexical.bm25 import Scores

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

    def place(self, scores: Scores) -> Scores:
        """Return scores as distances from the mean, in deviations."""
        placed: Scores = (scores - self.mean) / self.deviation
        return placed
