"""Choose the passages of a large corpus that are worth ranking."""

from collections.abc import Sequence

from index.arrays import Rows, union
from index.lexical.fields import LexicalIndex, WeightedUnit
from index.search.ranking.units import Unit
from index.vectors.similarity import QuerySimilarity

# A corpus of up to this many passages is ranked as a whole.
MAX_RANKED = 2000

# In a larger corpus the stems of the text select this many candidates; so do the stems of titles
# and headings, and, up to the size below, the vectors.
_MAX_CANDIDATES = 1000

# By words alone fewer will do: over 35,000 passages the first ten hits of 50 questions are the same
# with 500 as with 1,000 (30 November 2026).
_MAX_CANDIDATES_BY_WORDS = 500

# To compare a question with the vectors of this many passages takes some milliseconds on one core.
# In a larger corpus the vectors only rank the candidates that words select.
_MAX_COMPARED = 20_000


def candidates(
    units: Sequence[tuple[Unit, float]],
    introducing: Rows,
    similarity: QuerySimilarity | None,
    lexical: LexicalIndex,
    phrases: Sequence[tuple[str, ...]] = (),
) -> Rows:
    """Return the rows to rank, ascending: all of a small corpus, else the best by each score.

    Candidates by words are selected by the sum over all alternatives of each unit. It is an upper
    bound of the final score, which counts only the best alternative.

    Args:
        units: The units of the query, with the weights of their parts.
        introducing: The passages that introduce a name of the query.
        similarity: The similarity of the query; None in the lexical tier.
        lexical: The words of the passages.
        phrases: What the question names exactly.
    """
    n_passages = len(lexical.searched)
    if n_passages <= MAX_RANKED and lexical.reads_all:
        return lexical.searched.rows()
    forms = [
        WeightedUnit(weight, ((unit.words, 1.0), *((o.words, o.factor) for o in unit.alternatives)))
        for unit, weight in units
    ]
    k = _MAX_CANDIDATES_BY_WORDS if similarity is None else _MAX_CANDIDATES
    best = [introducing, lexical.best_rows(forms, k, phrases)]
    if similarity is not None and n_passages <= _MAX_COMPARED and lexical.reads_all:
        best.append(similarity.best_rows(lexical.searched.rows(), _MAX_CANDIDATES))
    return union(best)
