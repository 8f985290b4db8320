"""The distinct terms of a collection, as two arrays that can be memory-mapped."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import map_array, write_array

# The files of a vocabulary, and the element type of each.
VOCABULARY_FILES: dict[str, type[np.generic]] = {
    "vocabulary.npy": np.uint8,
    "vocabulary-offsets.npy": np.int64,
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms in the order of their UTF-8 bytes; a term's id is its position.

    Attributes:
        blob: uint8: the UTF-8 bytes of all terms, joined.
        offsets: int64, (n_terms + 1): term t is blob[offsets[t] : offsets[t + 1]].
    """

    blob: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        # Reading single items of a np.memmap is much slower than of a plain view of it.
        object.__setattr__(self, "blob", np.asarray(self.blob))
        object.__setattr__(self, "offsets", np.asarray(self.offsets))

    @classmethod
    def open(cls, folder: Path) -> "Vocabulary":
        """Map the files; raises OSError or ValueError if one is missing or damaged."""
        return cls(*(map_array(folder / name, kind) for name, kind in VOCABULARY_FILES.items()))

    @classmethod
    def from_terms(cls, sorted_terms: list[str]) -> "Vocabulary":
        """Make the vocabulary of distinct terms, sorted as Python sorts strings.

        Python sorts by code point, which is also the order of the UTF-8 bytes.

        Raises:
            ValueError: The terms are not sorted, or not distinct.
        """
        if any(a >= b for a, b in pairwise(sorted_terms)):
            raise ValueError("the terms are not sorted and distinct")
        encoded = [_encode(term) for term in sorted_terms]
        offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(term) for term in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)

    def write(self, folder: Path) -> None:
        """Write the files; raises OSError if they cannot be written."""
        arrays: tuple[npt.NDArray[Any], ...] = self.blob, self.offsets
        for name, array in zip(VOCABULARY_FILES, arrays, strict=True):
            write_array(folder / name, array)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[str]:
        return map(self.term, range(len(self)))

    def id_of(self, term: str) -> int | None:
        """Return a term's id, or None for an unknown term."""
        sought = _encode(term)
        blob, offsets = self.blob.data, self.offsets.data
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if bytes(blob[offsets[middle] : offsets[middle + 1]]) < sought:
                low = middle + 1
            else:
                high = middle
        if low < len(self) and bytes(blob[offsets[low] : offsets[low + 1]]) == sought:
            return low
        return None

    def term(self, term_id: int) -> str:
        """Return the term of an id.

        Raises:
            IndexError: No term has this id.
        """
        if not 0 <= term_id < len(self):
            raise IndexError(term_id)
        held = self.blob[self.offsets[term_id] : self.offsets[term_id + 1]]
        return held.tobytes().decode("utf-8", _SURROGATES)


# A lone surrogate, which an escape can put into a text, has no valid UTF-8. This handler encodes it
# by the same rule, and the bytes sort in the same way.
_SURROGATES = "surrogatepass"


def _encode(term: str) -> bytes:
    return term.encode("utf-8", _SURROGATES)
