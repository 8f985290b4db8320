"""The passages and words of a text, as a reading process hands them to the writers."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from index.passages.passage_file import EncodedPassages


@dataclass(frozen=True, slots=True)
class NumberLists:
    """Lists of numbers, one for each passage: all numbers in order, and each list's length."""

    numbers: "array[int]"
    lengths: "array[int]"

    def add(self, numbers: Iterable[int]) -> None:
        """Add the numbers of one passage."""
        before = len(self.numbers)
        self.numbers.extend(numbers)
        self.lengths.append(len(self.numbers) - before)


@dataclass(frozen=True, slots=True)
class WordLists:
    """The words of some passages.

    Attributes:
        words: The distinct words, in the order of their first occurrence.
        fields: By name of a field, the words of each passage as positions in `words`.
    """

    words: list[str]
    fields: dict[str, NumberLists]


@dataclass(frozen=True, slots=True)
class SplitText:
    """The passages of a text as they are written, and their words in its language."""

    passages: EncodedPassages
    words: WordLists
    language: str
