"""Of the same page in several languages, show the one that the asker reads."""

from collections.abc import Sequence
from dataclasses import replace

from index.passages.editions import Editions
from index.search.hits import Hit

# A passage in the asker's language must have this share of the score of the best one of its page,
# or of its words of the question, which count if the encoder does not read the language. Else it is
# only found by chance, such as by a name: the question is in another language.
_MIN_SHARE = 0.5


def in_one_language(hits: Sequence[Hit], editions: Editions, language: str | None) -> list[Hit]:
    """Return the hits without those that are in another language than the rest of their page.

    Of a page in several languages the hits in the asker's language stay, else those in the language
    of its best hit. The first of them takes the place of the best one.

    Args:
        hits: Best first.
        editions: The editions of the texts.
        language: The code of the asker's language; None if it is not known.
    """
    if not editions.has_translations:
        return list(hits)
    of_pages: dict[int, list[Hit]] = {}
    for hit in hits:
        page = editions.translated_page(hit.passage.source)
        if page is not None:
            of_pages.setdefault(page, []).append(hit)
    by_rank = {hit.rank: hit for hit in hits}
    for found in of_pages.values():
        for hit in found:
            del by_rank[hit.rank]
        first, *others = _of_one_language(found, language)
        by_rank |= {hit.rank: hit for hit in others}
        by_rank[found[0].rank] = first
    ordered = (by_rank[rank] for rank in sorted(by_rank))
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]


def _of_one_language(hits: Sequence[Hit], language: str | None) -> list[Hit]:
    best = hits[0]
    asked = [hit for hit in hits if hit.passage.language == language]
    if asked and (
        asked[0].score >= _MIN_SHARE * best.score
        or 0 < _MIN_SHARE * best.coverage <= asked[0].coverage
    ):
        return asked
    return [hit for hit in hits if hit.passage.language == best.passage.language]
