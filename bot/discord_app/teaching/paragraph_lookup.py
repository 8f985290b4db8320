"""Find the paragraph that a teacher describes."""

from collections.abc import Sequence
from dataclasses import dataclass

from index import AnySearcher, Passage, SourceInfo, WeightedText

# More paragraphs would not fit into a message at a readable length.
_MAX_CHOICES = 3

# The search returns this many hits, among which those in one text are found.
_MAX_LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True)
class ParagraphQuery:
    """A teacher's description of a paragraph.

    Attributes:
        text: The name of a text, its title or a part of either; empty for any text.
        paragraph: The paragraph's number as typed; empty if it is not known.
        words: Words of the paragraph, used if there is no number.
    """

    text: str = ""
    paragraph: str = ""
    words: str = ""


def find_paragraphs(
    query: ParagraphQuery, searcher: AnySearcher, infos: Sequence[SourceInfo]
) -> list[Passage]:
    """Return the paragraphs that may be meant, best first; at most three.

    Args:
        query: The description. A number counts more than words.
        searcher: The index with the paragraph.
        infos: The texts of the searcher.
    """
    sources = _sources(query.text, infos)
    number = query.paragraph.strip().removeprefix("#")
    if number:
        if not (number.isdecimal() and len(sources) == 1):
            return []
        return searcher.paragraph_parts(sources[0], int(number), _MAX_CHOICES)
    if not query.words.strip():
        return []
    top_k = _MAX_LOOKED_THROUGH if query.text.strip() else _MAX_CHOICES
    hits = searcher.search([WeightedText(query.words)], top_k)
    return [hit.passage for hit in hits if hit.passage.source in sources][:_MAX_CHOICES]


def _sources(name: str, infos: Sequence[SourceInfo]) -> list[str]:
    """Return the texts with that name or title, or else those that contain it."""
    if any(info.source == name for info in infos):
        return [name]
    wanted = name.strip().casefold()
    names = {info.source: (info.source.casefold(), info.title.casefold()) for info in infos}
    exact = [source for source, known in names.items() if wanted in known]
    return exact or [s for s, known in names.items() if any(wanted in one for one in known)]
