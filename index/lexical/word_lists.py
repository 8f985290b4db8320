"""The words of passages as numbers: little to hand on, and nothing to look for again."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.lexical.fields import COLLECTED
from index.passages.passage import Passage


class WordNumbers:
    """Numbers the distinct words in the order in which they come."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def of(self, words: Iterable[str]) -> Iterator[int]:
        """Return the words' numbers; a word that was not met before gets the next one."""
        return map(self._numbers.__getitem__, words)


@dataclass(frozen=True, slots=True)
class NumberLists:
    """Lists of numbers, one for each passage: all numbers in order, and each list's length."""

    numbers: "array[int]"
    lengths: "array[int]"

    def add(self, numbers: Iterable[int]) -> None:
        """Add a passage's list."""
        before = len(self.numbers)
        self.numbers.extend(numbers)
        self.lengths.append(len(self.numbers) - before)


@dataclass(frozen=True, slots=True)
class WordLists:
    """The words of some passages.

    Attributes:
        words: The distinct ones, in the order in which they come.
        fields: For each field that is collected, the places in `words` of each passage's words.
    """

    words: list[str]
    fields: dict[str, NumberLists]


def list_words(passages: Iterable[Passage]) -> WordLists:
    """Return the words of passages, in order."""
    numbers = WordNumbers()
    fields = {field.name: NumberLists(array("i"), array("i")) for field in COLLECTED}
    for passage in passages:
        for field in COLLECTED:
            fields[field.name].add(numbers.of(field.words(passage)))
    return WordLists(list(numbers), fields)
