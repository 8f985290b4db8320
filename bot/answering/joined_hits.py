"""Join hits that stand next to each other in one section, so that people read them as one quote."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from index import AnySearcher, Hit, join_passages, stand_together

# As the longest passage: it fits a Discord message with two short quotes below it. Of 40 questions
# about Ghostty and 105 about the text that comes along, people can read the answers of 25 and 92
# without joined quotes, in 1,430 and 1,020 characters. With up to 800, 1,000, 1,200 and 1,500 they
# can read those of 27 and 93, 26 and 93, 27 and 93, 28 and 93 (30 November 2026).
_MAX_JOINED_CHARS = 1500

# For each quote so many hits are looked through for passages that stand beside it. With 2, 3 and 4
# the answers of 27, 28 and 28 of the questions about Ghostty can be read, and of 94, 93 and 93 of
# the others, in messages of 1,280, 1,440 and 1,550 characters.
LOOKED_THROUGH = 3


def pages_of(hits: Sequence[Hit], top_k: int, searcher: AnySearcher) -> Iterator[list[list[Hit]]]:
    """Yield the hits of each quote that is shown at first, then of those that are shown next.

    Args:
        hits: Best first.
        top_k: The most quotes of a page.
        searcher: The searcher that found them.

    Yields:
        For each quote its hits in the order of the text; quotes by their best hits. A page depends
        on no more than the first `LOOKED_THROUGH * top_k` hits that are not shown before.
    """
    rest = list(hits)
    while rest:
        page = _joined(rest[: LOOKED_THROUGH * top_k], searcher)[:top_k]
        yield page
        shown = {hit.rank for group in page for hit in group}
        rest = [hit for hit in rest if hit.rank not in shown]


def _joined(hits: Sequence[Hit], searcher: AnySearcher) -> list[list[Hit]]:
    groups: list[list[Hit]] = []
    for hit in hits:
        joined = [hit]
        others = []
        for group in groups:
            both = sorted([*group, *joined], key=_place)
            if _is_one_quote(both, searcher):
                joined = both
            else:
                others.append(group)
        groups = sorted([*others, joined], key=_best_rank)
    return groups


def _is_one_quote(hits: Sequence[Hit], searcher: AnySearcher) -> bool:
    passages = [hit.passage for hit in hits]
    are_together = all(
        stand_together(before, after) and searcher.passage_from(before.ref, 1) == after
        for before, after in pairwise(passages)
    )
    return are_together and len(join_passages(passages)[0].text) <= _MAX_JOINED_CHARS


def _place(hit: Hit) -> tuple[str, int, int]:
    return hit.passage.source, hit.passage.paragraph, hit.passage.start


def _best_rank(hits: Sequence[Hit]) -> int:
    return min(hit.rank for hit in hits)
