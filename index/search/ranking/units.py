"""The units of a query: its words and phrases, with their alternatives."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Alternative:
    """Words that may replace a unit, their factor from 0 to 1, and where they come from."""

    words: tuple[str, ...]
    factor: float
    why: Literal["typo", "synonym", "meaning", "wordnet"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A word of the question, or a phrase of the synonyms, with its alternatives."""

    words: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()
