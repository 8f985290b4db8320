"""Put scores of different kinds on one scale, so that they can be added."""

import numpy as np

from index.bm25 import Scores

# The measured spread counts as if these many passages had shown the typical one: two passages
# alone cannot say what a large difference is.
_PRIOR_PASSAGES = 5


def standardise(scores: Scores, typical_spread: float) -> Scores:
    """Return scores with mean 0 and standard deviation near 1 (z-scores).

    Args:
        scores: Of the passages that are compared; at least one.
        typical_spread: The standard deviation to assume where there are few passages, in the
            unit of the scores, above 0.

    Returns:
        float64 array of the same length; zeros for a single passage.
    """
    n = len(scores)
    variance = (n * scores.var() + _PRIOR_PASSAGES * typical_spread**2) / (n + _PRIOR_PASSAGES)
    standardised: Scores = (scores - scores.mean()) / np.sqrt(variance)
    return standardised
