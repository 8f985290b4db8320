"""The units of a query: its words and phrases, and what may stand for them."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Alternative:
    """Words that may stand for a unit: how much they count (0 to 1), and why they are there."""

    words: tuple[str, ...]
    factor: float
    why: Literal["typo", "synonym", "meaning", "wordnet"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A word of the question, or a phrase that the synonyms know, with what may stand for it."""

    words: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()
