"""The interface that the bot searches: one index, or several as one."""

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from index.passages.editions import Editions
from index.passages.lookup import SourceInfo
from index.passages.passage import Passage, PassageRef
from index.search.hits import ExpandedPart, Hit, WeightedText
from index.search.ranking.taught_questions import TaughtQuestion
from index.vectors.tiers import Tier


class PassageList(Protocol):
    """Passages in the order of the texts, read on access."""

    def __iter__(self) -> Iterator[Passage]:
        """Yield each passage."""

    def __len__(self) -> int:
        """Return how many there are."""


class AnySearcher(Protocol):
    """One or several indexes; `Searcher` documents the methods. Threads may share it."""

    @property
    def tier(self) -> Tier:
        """The tier that ranks; it also sets the scale of the log odds."""

    @property
    def passages(self) -> PassageList:
        """All passages that a search can find."""

    def check(self) -> None:
        """Check every byte of the open files; IndexUnusableError if one has changed."""

    def with_taught(self, taught: Sequence[TaughtQuestion]) -> "AnySearcher":
        """Return a searcher with these taught questions instead of the present ones."""

    def within(self, sources: Collection[str]) -> "AnySearcher":
        """Return a searcher of some of the texts, which knows nothing of the others."""

    @property
    def editions(self) -> Editions:
        """The texts that are the same page in several versions or languages."""

    def of_current_versions(self) -> "AnySearcher":
        """Return a searcher without the texts of which a page has a more current version."""

    def of_versions(self, versions: Collection[str]) -> "AnySearcher":
        """Return a searcher of the texts of some versions alone."""

    def holds_phrase(self, phrase: str) -> bool:
        """Return whether a passage holds some words word for word, one after the other."""

    def language_of(self, question: str) -> str:
        """Return the code of the language that a question is read in."""

    def expand(self, query: list[WeightedText]) -> list[ExpandedPart]:
        """Return each part of a query as units with their alternatives."""

    def search(self, query: list[WeightedText], top_k: int) -> list[Hit]:
        """Return the best passages for the query, at most `top_k`, best first."""

    def confidence(self, question: str, hits: list[Hit]) -> float:
        """Return the log odds that a question belongs to the texts."""

    def may_refuse(self, question: str) -> bool:
        """Return whether the log odds of a question may say that nothing was found."""

    def names_something_unknown(self, question: str) -> bool:
        """Return whether a question names something that the texts never mention."""

    def headings(self, limit: int) -> list[str]:
        """Return the first titles and sections, each once, in the order of the texts."""

    def nearest_headings(self, question: str, k: int = 2) -> list[str]:
        """Return at most k titles and sections near to a question, nearest first; may be empty."""

    def did_you_mean(self, question: str) -> list[str]:
        """Return words of the texts to replace the unknown words of a question."""

    def sources(self) -> list[SourceInfo]:
        """Return the texts in the order of their sources."""

    def passage_at(self, source: str, paragraph: int) -> Passage | None:
        """Return a paragraph, or the first part of a long one; None if it does not exist."""

    def paragraph_parts(self, source: str, paragraph: int, limit: int) -> list[Passage]:
        """Return the first `limit` parts of a paragraph; empty if it does not exist."""

    def passage_from(self, ref: PassageRef, step: int = 0) -> Passage | None:
        """Return a passage, or the one `step` after it; None if the passage has changed."""
