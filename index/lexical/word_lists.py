"""The words of passages as numbers, which are smaller to pass on and faster to look up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from index.analysis.languages.codes import ENGLISH
from index.lexical.fields import COLLECTED
from index.passages.passage import Passage
from index.passages.split_text import NumberLists, WordLists

# No word has a space.
_BEFORE_LANGUAGE = " "


class WordNumbers:
    """Numbers the distinct words of each language from 0 in the order of their first occurrence."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Return an iterator over the words, each with its language, in the order of numbers."""
        for numbered in self._numbers:
            word, _, language = numbered.partition(_BEFORE_LANGUAGE)
            yield word, language or ENGLISH

    def numbered(self) -> list[str]:
        """Return the words in the order of their numbers, each as `of` got it from one language."""
        return list(self._numbers)

    def of(self, words: Iterable[str], language: str = ENGLISH) -> Iterator[int]:
        """Return the numbers of words of a language; a new word gets the next number."""
        if language != ENGLISH:
            words = (f"{word}{_BEFORE_LANGUAGE}{language}" for word in words)
        return map(self._numbers.__getitem__, words)


def list_words(passages: Sequence[Passage]) -> WordLists:
    """Return the words of passages for each field of `COLLECTED`, in order."""
    numbers = WordNumbers()
    fields = {}
    for field in COLLECTED:
        lists = [field.words(passage) for passage in passages]
        lengths = np.array([len(words) for words in lists], dtype=np.int32)
        of_words = numbers.of(chain.from_iterable(lists))
        numbered = np.fromiter(of_words, np.int32, int(lengths.sum()))
        fields[field.name] = NumberLists(numbered, lengths)
    return WordLists(" ".join(numbers.numbered()), fields)
