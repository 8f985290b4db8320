"""Choose the passages of a large corpus that are worth ranking."""

from collections.abc import Mapping, Sequence

import numpy as np

from index.arrays import Rows
from index.lexical.fields import LexicalIndex
from index.search.ranking.units import Unit
from index.vectors.similarity import QuerySimilarity

# A corpus of up to so many passages is ranked whole. In a larger one the words name this many, by
# their stems, and as many by titles and headings; so do the vectors, up to the size below.
_MAX_CANDIDATES = 1000

# Comparing a question with the vectors of so many passages, some 60,000 sentences, takes 15 ms on
# one core. In a larger corpus the vectors rank what the words found.
_MAX_COMPARED = 20_000


def candidates(
    units: Sequence[tuple[Unit, float]],
    introducing: Rows,
    similarities: Mapping[str, QuerySimilarity],
    lexical: LexicalIndex,
) -> Rows:
    """Return the rows to rank, ascending: all of a small corpus, else the best by each score.

    By words those are the best by the sum of all alternatives of each unit, which is an upper
    bound of the final score: that counts only the best alternative.

    Args:
        units: The query's, with the weights of their parts.
        introducing: The passages that introduce somebody whom the query names.
        similarities: How near the query is to the passages, by kind of vectors.
        lexical: The words of the passages.
    """
    n_passages = lexical.n_passages
    if n_passages <= _MAX_CANDIDATES:
        return np.arange(n_passages, dtype=np.int32)
    words = [
        (word, weight * factor)
        for unit, weight in units
        for phrase, factor in ((unit.words, 1.0), *((o.words, o.factor) for o in unit.alternatives))
        for word in phrase
    ]
    best = [introducing, lexical.best_rows(words, _MAX_CANDIDATES)]
    if n_passages <= _MAX_COMPARED:
        best += [similarity.best_rows(_MAX_CANDIDATES) for similarity in similarities.values()]
    return np.unique(np.concatenate(best)).astype(np.int32)
