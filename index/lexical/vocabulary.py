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
        place, is_known = self._find(_encode(term))
        return place if is_known else None

    def _find(self, sought: bytes) -> tuple[int, bool]:
        """Return the number of terms before some bytes, and whether they are the next term."""
        blob, offsets = self.blob.data, self.offsets.data
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if bytes(blob[offsets[middle] : offsets[middle + 1]]) < sought:
                low = middle + 1
            else:
                high = middle
        is_known = low < len(self) and bytes(blob[offsets[low] : offsets[low + 1]]) == sought
        return low, is_known

    def merge(self, kept: npt.NDArray[np.bool_], added: list[str]) -> "MergedVocabulary":
        """Return the vocabulary of some of these terms and of others.

        Args:
            kept: By term, whether it stays.
            added: Distinct terms, sorted; they may be among these terms.
        """
        encoded = [_encode(term) for term in added]
        found = [self._find(term) for term in encoded]
        places = np.array([place for place, _ in found], dtype=np.int64)
        is_new = np.array([not is_known for _, is_known in found], dtype=np.bool_)
        stays = kept.copy()
        stays[places[~is_new]] = True
        n_before = np.concatenate(([0], np.cumsum(stays)))
        own_ids = n_before[:-1] + np.searchsorted(
            places[is_new], np.arange(len(self)), side="right"
        )
        added_ids = np.empty(len(added), dtype=np.int64)
        added_ids[~is_new] = own_ids[places[~is_new]]
        added_ids[is_new] = n_before[places[is_new]] + np.arange(int(is_new.sum()))

        lengths = np.empty(int(n_before[-1] + is_new.sum()), dtype=np.int64)
        own_lengths = np.diff(self.offsets)
        lengths[own_ids[stays]] = own_lengths[stays]
        new = [term for term, one_is_new in zip(encoded, is_new, strict=True) if one_is_new]
        lengths[added_ids[is_new]] = [len(term) for term in new]
        is_added = np.zeros(len(lengths), dtype=np.bool_)
        is_added[added_ids[is_new]] = True
        blob = np.empty(int(lengths.sum()), dtype=np.uint8)
        of_added = np.repeat(is_added, lengths)
        blob[~of_added] = self.blob[np.repeat(stays, own_lengths)]
        blob[of_added] = np.frombuffer(b"".join(new), dtype=np.uint8)
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        return MergedVocabulary(Vocabulary(blob, offsets), own_ids, added_ids)

    def term(self, term_id: int) -> str:
        """Return the term of an id.

        Raises:
            IndexError: No term has this id.
        """
        if not 0 <= term_id < len(self):
            raise IndexError(term_id)
        held = self.blob[self.offsets[term_id] : self.offsets[term_id + 1]]
        return held.tobytes().decode("utf-8", _SURROGATES)


@dataclass(frozen=True, slots=True)
class MergedVocabulary:
    """The result of `Vocabulary.merge`.

    Attributes:
        vocabulary: The merged vocabulary.
        own_ids: int64, by term of the vocabulary that was merged: its id now; of a term that did
            not stay, the id of the next one that did. Ascending.
        added_ids: int64, by added term: its id.
    """

    vocabulary: Vocabulary
    own_ids: npt.NDArray[np.int64]
    added_ids: npt.NDArray[np.int64]


# A lone surrogate, which an escape can put into a text, has no valid UTF-8. This handler encodes it
# by the same rule, and the bytes sort in the same way.
_SURROGATES = "surrogatepass"


def _encode(term: str) -> bytes:
    return term.encode("utf-8", _SURROGATES)
