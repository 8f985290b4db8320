"""What the bot needs of whatever it searches: one index, or several as one."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from index.passages.lookup import SourceInfo
from index.passages.passage import Passage, PassageRef
from index.search.hits import Hit, ReadPart, WeightedText
from index.search.ranking.taught_questions import TaughtQuestion
from index.vectors.tiers import Tier


class PassageList(Protocol):
    """Passages in the order of the texts, read as they are asked for."""

    def __iter__(self) -> Iterator[Passage]:
        """Yield each."""


class Searching(Protocol):
    """Something that can be searched; `Searcher` documents the methods. Threads may share it."""

    @property
    def tier(self) -> Tier:
        """What it ranks by, and on whose scale its log odds are."""

    @property
    def passages(self) -> PassageList:
        """All that it searches."""

    def check(self) -> None:
        """Check every byte that it was opened from; IndexUnusableError where one is wrong."""

    def with_taught(self, taught: Sequence[TaughtQuestion]) -> "Searching":
        """Return the same with questions taught to its passages, instead of any taught before."""

    def read(self, query: list[WeightedText]) -> list[ReadPart]:
        """Return how a query is understood, part by part."""

    def search(self, query: list[WeightedText], top_k: int) -> list[Hit]:
        """Return the best passages for the query, at most `top_k`, best first."""

    def confidence(self, question: str, hits: list[Hit]) -> float:
        """Return the log odds that a question belongs to the texts."""

    def names_something_unknown(self, question: str) -> bool:
        """Return whether a question names something that the texts never mention."""

    def headings(self, limit: int) -> list[str]:
        """Return the first titles and sections, each once, in the order of the texts."""

    def nearest_headings(self, question: str, k: int = 2) -> list[str]:
        """Return the titles and sections nearest to a question; empty where none is near."""

    def did_you_mean(self, question: str) -> list[str]:
        """Return the words of the texts that a question's unknown words may mean."""

    def sources(self) -> list[SourceInfo]:
        """Return the texts in the order of their sources."""

    def passage_at(self, source: str, paragraph: int) -> Passage | None:
        """Return a paragraph, the first part of a long one; None where there is no such place."""

    def paragraph_parts(self, source: str, paragraph: int, limit: int) -> list[Passage]:
        """Return a paragraph, or the first parts of a long one; empty without such a place."""

    def passage_beside(self, ref: PassageRef, step: int = 0) -> Passage | None:
        """Return a passage, or the one `step` after it; None where it stands there no more."""
