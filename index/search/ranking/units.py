"""The units of a query: its words and phrases, with their alternatives."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Alternative:
    """Words that may replace a unit; their factor is from 0 to 1."""

    words: tuple[str, ...]
    factor: float
    kind: Literal["typo", "spelling", "form", "synonym", "wordnet"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A word of the question, or a phrase of the synonyms, with its alternatives."""

    words: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()
