"""The words of passages as numbers, which are smaller to pass on and faster to look up."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator

from index.lexical.fields import COLLECTED
from index.passages.passage import Passage
from index.passages.split_text import NumberLists, WordLists


class WordNumbers:
    """Numbers distinct words from 0 in the order of their first occurrence."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def of(self, words: Iterable[str]) -> Iterator[int]:
        """Return the numbers of words; a new word gets the next number."""
        return map(self._numbers.__getitem__, words)


def list_words(passages: Iterable[Passage]) -> WordLists:
    """Return the words of passages for each field of `COLLECTED`, in order."""
    numbers = WordNumbers()
    fields = {field.name: NumberLists(array("i"), array("i")) for field in COLLECTED}
    for passage in passages:
        for field in COLLECTED:
            fields[field.name].add(numbers.of(field.words(passage)))
    return WordLists(list(numbers), fields)
