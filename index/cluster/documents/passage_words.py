"""The words of one passage: the terms of each field, and the impact of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.cluster.documents.schema import IMPACT_BITS
from index.lexical.block_bounds import Impacts
from index.lexical.fields import FIELDS
from index.lexical.postings import Postings

# Passages whose postings are gathered at a time. Each time all postings are looked through.
_BLOCK_ROWS = 2**16

TermIds = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The terms of a passage in one field, ascending, and their BM25 impacts."""

    term_ids: TermIds
    impacts: Impacts


PassageWords = tuple[FieldWords, ...]


def encode(words: PassageWords) -> bytes:
    """Return the words as bytes: the number of terms of each field, all terms, all impacts."""
    counts = np.array([len(of_field.term_ids) for of_field in words], dtype=np.uint32)
    term_ids = np.concatenate([of_field.term_ids for of_field in words])
    impacts = np.concatenate([of_field.impacts for of_field in words])
    return counts.tobytes() + term_ids.tobytes() + impacts.tobytes()


def fields_of_passages(
    encoded: Sequence[bytes],
) -> list[tuple[FieldWords, npt.NDArray[np.intp]]]:
    """Return, by field, the words of some passages that `encode` made these bytes of.

    Returns:
        For each field the terms of all passages, one passage after another, and the position of the
        passage of each term.
    """
    flat = np.frombuffer(b"".join(encoded), dtype=np.uint32)
    starts = np.cumsum([0, *(len(one) // flat.itemsize for one in encoded)])[:-1]
    counts = flat[starts[:, np.newaxis] + np.arange(len(FIELDS))].astype(np.intp)
    totals = counts.sum(axis=1)
    begins = starts + len(FIELDS)
    found = []
    for of_field in counts.T:
        positions = np.repeat(np.arange(len(encoded)), of_field)
        before = np.cumsum(of_field) - of_field
        places = np.arange(len(positions)) + (begins - before)[positions]
        impacts = flat[places + totals[positions]].view(np.float32)
        found.append((FieldWords(flat[places].view(np.int32), impacts), positions))
        begins = begins + of_field
    return found


def as_frequencies(words: FieldWords, largest: Impacts) -> str:
    """Return the terms of a field as the engine indexes them: each with a frequency.

    Args:
        words: The terms.
        largest: By term its largest impact, to which the frequency is relative.
    """
    of_terms = largest[words.term_ids]
    shares = np.divide(
        words.impacts, of_terms, out=np.zeros(len(of_terms), dtype=np.float64), where=of_terms > 0
    )
    frequencies = np.maximum(1, np.rint(shares * 2**IMPACT_BITS)).astype(np.int64)
    pairs = zip(words.term_ids.tolist(), frequencies.tolist(), strict=True)
    return " ".join(f"{term_id}|{frequency}" for term_id, frequency in pairs)


def words_of_passages(folder: Path) -> Iterator[PassageWords]:
    """Yield the words of each passage of a build, in order.

    The postings list the passages of each term; here they are sorted by passage.

    Raises:
        OSError: A file cannot be read.
        ValueError: A file is not an array.
    """
    postings = [Postings.open(folder / field.name) for field in FIELDS]
    n_rows = postings[0].n_rows
    for first in range(0, n_rows, _BLOCK_ROWS):
        rows = range(first, min(first + _BLOCK_ROWS, n_rows))
        yield from zip(*(_by_row(field, rows) for field in postings), strict=True)


def _by_row(postings: Postings, rows: range) -> Iterator[FieldWords]:
    held = np.flatnonzero((postings.rows >= rows.start) & (postings.rows < rows.stop))
    order = np.argsort(postings.rows[held], kind="stable")
    held = held[order]
    term_ids = (np.searchsorted(postings.offsets, held, side="right") - 1).astype(np.int32)
    impacts = postings.impacts[held]
    ends = np.searchsorted(postings.rows[held], np.arange(rows.start, rows.stop + 1)).tolist()
    for start, end in pairwise(ends):
        yield FieldWords(term_ids[start:end], impacts[start:end])
