"""The input and the results of a search."""

from dataclasses import dataclass

from index.passages.passage import Passage, PassageRef, Sentence
from index.search.ranking.units import Unit

# More places than these are no help.
MAX_COPIES = 5


@dataclass(frozen=True, slots=True)
class WeightedText:
    """A part of a query: a text that somebody wrote, and its weight; the question has 1."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ExpandedPart:
    """A part of a query, split into units with their alternatives."""

    text: str
    weight: float
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches a query.

    Attributes:
        passage: The passage.
        rank: 1 for the best.
        score: The sum of `parts`; no unit, may be negative, comparable within one search only.
        parts: The score of each kind: "words", "vectors", "tokens".
        coverage: The share of the query, weighted by idf, that the passage's words cover, 0 to 1.
        cosine: The largest cosine of the question and the passage, a sentence of it or the line
            above it, -1 to 1; None without vectors.
        sentence: The sentence that answers best; None if no sentence covers any of the query.
        copies: The other passages that read the same, at most `MAX_COPIES`.
    """

    passage: Passage
    rank: int
    score: float
    parts: dict[str, float]
    coverage: float
    cosine: float | None
    sentence: Sentence | None
    copies: tuple[PassageRef, ...] = ()
