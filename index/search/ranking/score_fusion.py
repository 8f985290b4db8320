"""Add up what words and meaning say of passages, with what was taught to them."""

from collections.abc import Mapping

from index.lexical.bm25 import K1, Scores
from index.search.ranking.fusion import Scale
from index.search.ranking.query_information import QueryInformation
from index.search.ranking.taught_questions import Raises
from index.vectors.similarity import Nearness
from index.vectors.tiers import BLENDS, Tier

# Standard deviations over the passages of one article (medians over SQuAD 2.0's questions): of
# cosines, and of word scores as a share of the score of a passage that holds the whole query.
_COSINE_SPREAD = 0.1
_LEXICAL_SPREAD = 0.1

# A word that a taught question adds counts as if it stood in the passage once, under each of its
# three keys.
_TAUGHT_WORD = 3.0


def weigh_sides(
    tier: Tier,
    words: Scores,
    near: Mapping[str, Nearness],
    information: QueryInformation,
    raises: Raises,
) -> dict[str, Scores]:
    """Return what each side adds to the passages' scores.

    A taught question that says the same as the query adds as much as the best passage has by
    words, as with a passage that introduces a name. The scales are those of the passages that are
    ranked without taught questions, so that what is taught to one passage moves no other.

    Args:
        tier: Tells how much each side counts.
        words: The passages' scores by words.
        near: How near the query is to the passages, by kind of vectors; empty by words alone.
        information: The query's.
        raises: The passages that are ranked, and what taught questions do to them.
    """
    unaided = raises.unaided if raises.unaided.any() else slice(None)
    best = float(words[unaided].max(initial=0.0))
    taught = raises.words(of_gain=_TAUGHT_WORD, of_likeness=best)
    if not near or not len(words):
        return {"words": words + taught}
    reachable = information.total * 3 * (K1 + 1)
    scale = Scale.of(words[unaided], _LEXICAL_SPREAD * reachable)
    sides = {"words": scale.place(words + taught)}
    for kind, blend in BLENDS[tier].items():
        cosines = near[kind].passages(raises.rows)
        of_passages = Scale.of(cosines[unaided], _COSINE_SPREAD).place(cosines)
        cosines = near[kind].best_sentences(raises.rows)
        scale = Scale.of(cosines[unaided], _COSINE_SPREAD)
        of_sentences = scale.place(raises.nearest(kind, cosines))
        both = (1 - blend.sentence_share) * of_passages + blend.sentence_share * of_sentences
        sides[kind] = blend.weight * both
    return sides
