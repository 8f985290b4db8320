"""The postings of a former index, of which most go on in a new one."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import Rows, map_array
from index.lexical.posting_writer import ROW_BITS, ROW_MASK, Counts, PostingArrays
from index.lexical.postings import COUNT_KINDS, KINDS, array_path

# Postings that are looked through at a time.
_CHUNK_POSTINGS = 4 * 2**20


@dataclass(frozen=True, slots=True)
class FormerPostings:
    """The postings of one field of a former index.

    Attributes:
        offsets, rows: See `Postings`.
        tf, lengths: See `COUNT_KINDS`.
    """

    offsets: Counts
    rows: Rows
    tf: npt.NDArray[np.uint16]
    lengths: npt.NDArray[np.int32]

    @classmethod
    def open(cls, folder: Path) -> "FormerPostings":
        """Map the files of a field; raises OSError or ValueError as `Postings.open` does."""
        kinds = {name: (KINDS | COUNT_KINDS)[name] for name in ("offsets", "rows", "tf", "lengths")}
        return cls(
            **{name: map_array(array_path(folder, name), *kind) for name, kind in kinds.items()}
        )

    def kept_df(self, new_rows: Rows) -> Counts:
        """Return by term the number of its rows that are kept.

        Args:
            new_rows: By row, its number in the new index, or -1.
        """
        df = np.diff(self.offsets)
        is_dropped = new_rows < 0
        for start in range(0, len(self.rows) if is_dropped.any() else 0, _CHUNK_POSTINGS):
            rows = self.rows[start : start + _CHUNK_POSTINGS]
            dropped = start + np.flatnonzero(is_dropped[rows])
            terms = np.searchsorted(self.offsets, dropped, side="right") - 1
            df -= np.bincount(terms, minlength=len(df))
        return df


@dataclass(frozen=True, slots=True)
class KeptPostings:
    """The former postings that go on, and what their terms and rows are now.

    Attributes:
        former: The former postings.
        df: int64, by new term: the number of kept rows that hold it.
        new_terms: int64, by former term: its new id; see `MergedVocabulary.own_ids`.
        new_rows: By former row, its new number, or -1 if it is not kept; the others ascend.
        added_rows: The new number of each row that is added, ascending.
        scratch: An empty folder for arrays that are removed again.
    """

    former: FormerPostings
    df: Counts
    new_terms: Counts
    new_rows: Rows
    added_rows: Rows
    scratch: Path

    def all_lengths(self, added: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Return the number of terms of each new row, given those of the added rows."""
        is_kept = self.new_rows >= 0
        lengths = np.empty(int(is_kept.sum()) + len(added), dtype=np.int32)
        lengths[self.new_rows[is_kept]] = self.former.lengths[is_kept]
        lengths[self.added_rows] = added
        return lengths

    def merge(
        self,
        pool: ThreadPoolExecutor,
        added: PostingArrays,
        added_offsets: Counts,
        merged: PostingArrays,
        offsets: Counts,
        n_postings: int,
    ) -> None:
        """Write the rows and tf of the kept and the added postings, by term, then row.

        Args:
            pool: Its threads do the work.
            added: The "rows", as positions in `added_rows`, and "tf" of the added postings.
            added_offsets: By new term, where its added postings begin; then their number.
            merged: Gets "rows" and "tf".
            offsets: By new term, where its merged postings begin; then their number.
            n_postings: A thread has about so many in memory at a time.
        """

        def merge_terms(terms: tuple[int, int]) -> None:
            first, last = terms
            keys, tf = self._kept(first, last)
            begin, end = added_offsets[first], added_offsets[last]
            added_keys = _keys(np.arange(first, last), added_offsets[first : last + 1])
            added_keys += self.added_rows[added["rows"][begin:end]]
            is_added = np.zeros(len(keys) + len(added_keys), dtype=np.bool_)
            is_added[np.searchsorted(keys, added_keys) + np.arange(len(added_keys))] = True
            keys &= ROW_MASK
            added_keys &= ROW_MASK
            held = slice(offsets[first], offsets[last])
            for values, of_kept, of_added in (
                (merged["rows"][held], keys, added_keys),
                (merged["tf"][held], tf, added["tf"][begin:end]),
            ):
                values[~is_added] = of_kept
                values[is_added] = of_added

        ranges = self._ranges(added_offsets, n_postings)
        deque(pool.map(merge_terms, ranges), maxlen=0)
        merged.release()

    def _ranges(self, added_offsets: Counts, n_postings: int) -> Iterator[tuple[int, int]]:
        """Yield ranges of new terms with about `n_postings` former and added postings."""
        n_terms = len(added_offsets) - 1
        firsts = np.searchsorted(self.new_terms, np.arange(n_terms + 1))
        bounds = self.former.offsets[firsts] + added_offsets
        first = 0
        while first < n_terms:
            last = int(np.searchsorted(bounds, bounds[first] + n_postings, side="right")) - 1
            last = min(max(last, first + 1), n_terms)
            yield first, last
            first = last

    def _kept(self, first: int, last: int) -> tuple[Counts, npt.NDArray[np.uint16]]:
        """Return the keys, which are term and row, and the tf of kept postings of some terms."""
        begin, end = np.searchsorted(self.new_terms, (first, last))
        offsets = self.former.offsets[begin : end + 1]
        held = slice(offsets[0], offsets[-1])
        rows = self.new_rows[self.former.rows[held]]
        keys = _keys(self.new_terms[begin:end], offsets)
        keys += rows
        tf = self.former.tf[held]
        is_kept = rows >= 0
        return (keys, tf) if is_kept.all() else (keys[is_kept], tf[is_kept])


def _keys(terms: Counts, offsets: Counts) -> Counts:
    """Return a key for each posting of some terms, to which its row is to be added."""
    return np.repeat(terms << ROW_BITS, np.diff(offsets))
