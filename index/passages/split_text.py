"""The passages and words of a text, as they are handed to the writers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.documents.model import NO_VERSION, DeclaredVersion
from index.passages.passage_file import EncodedPassages, WrittenPassages


@dataclass(frozen=True, slots=True)
class NumberLists:
    """Lists of numbers, one for each passage: all numbers in order, and each list's length."""

    numbers: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class WordLists:
    """The words of some passages.

    Attributes:
        words: The distinct words, in the order of their first occurrence, with spaces between
            them: one string is handed over faster than a list.
        fields: By name of a field, the words of each passage as positions in `words`.
    """

    words: str
    fields: dict[str, NumberLists]


@dataclass(frozen=True, slots=True)
class SplitText:
    """The passages of a text as they are written, and their words in its language.

    `declared` is what the text says of its version.
    """

    passages: EncodedPassages
    words: WordLists
    language: str
    declared: DeclaredVersion = NO_VERSION

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.passages.lines)


@dataclass(frozen=True, slots=True)
class CopiedText:
    """The passages of an unchanged text, which are copied from the former index.

    Attributes:
        former: The passages of the former index.
        rows: Their rows.
        language: The language of the text.
        declared: What the text says of its version.
    """

    former: WrittenPassages
    rows: range
    language: str
    declared: DeclaredVersion = NO_VERSION

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.rows)
