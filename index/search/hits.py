"""What a search takes and what it gives."""

from dataclasses import dataclass

from index.passages.passage import Passage, Sentence
from index.search.ranking.units import Unit


@dataclass(frozen=True, slots=True)
class WeightedText:
    """A piece of a query: words somebody wrote, and how much they count (1 is fully)."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ReadPart:
    """How a piece of a query was read: its units, with the words that may stand for them."""

    text: str
    weight: float
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches a query.

    Attributes:
        passage: What was found.
        rank: 1 for the best.
        score: The sum of `parts`; no unit, may be negative, comparable within one search only.
        parts: What each kind of score adds: "words", "static", "neural".
        share: The share of the query, weighted by idf, that the passage's words cover, 0 to 1.
        cosine: Of the question and the passage's nearest sentence, -1 to 1; None without vectors.
        sentence: The sentence that answers best; None where none shares anything with the query.
    """

    passage: Passage
    rank: int
    score: float
    parts: dict[str, float]
    share: float
    cosine: float | None
    sentence: Sentence | None
