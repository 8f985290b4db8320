"""The words of passages as documents hold them are those of the files."""

import numpy as np
import pytest

from index.cluster.documents import passage_words
from index.cluster.documents.binary import to_bytes, to_text
from index.cluster.documents.passage_words import (
    FieldWords,
    as_frequencies,
    encode,
    fields_of_passages,
    words_of_passages,
)
from index.lexical.fields import FIELDS
from index.lexical.postings import Postings
from index.storage.manifest import read_manifest


@pytest.mark.parametrize("block_rows", [1, 2, 2**16])
def test_words_by_passage_are_the_postings(harbour_index, monkeypatch, block_rows):
    """Each posting is in the words of its passage, with the same impact, and no other is."""
    monkeypatch.setattr(passage_words, "_BLOCK_ROWS", block_rows)
    folder = harbour_index / read_manifest(harbour_index).build
    fields = fields_of_passages([encode(words) for words in words_of_passages(folder)])
    for field, (words, rows) in zip(FIELDS, fields, strict=True):
        postings = Postings.open(folder / field.name)
        expected = {
            (row, term_id): impact
            for term_id in range(len(postings.offsets) - 1)
            for row, impact in zip(*map(np.ndarray.tolist, postings.term(term_id)), strict=True)
        }
        found = zip(
            zip(rows.tolist(), words.term_ids.tolist(), strict=True),
            words.impacts.tolist(),
            strict=True,
        )
        assert dict(found) == expected


def test_frequencies_are_shares_of_the_largest_impact():
    """The largest has 2**20; one of 0 has 1, because the engine knows no frequency of 0."""
    words = FieldWords(
        np.array([0, 2, 3], dtype=np.int32), np.array([2.0, 0.5, 0.0], dtype=np.float32)
    )
    largest = np.array([2.0, 9.0, 1.0, 0.0], dtype=np.float32)
    assert as_frequencies(words, largest) == "0|1048576 2|524288 3|1"


@pytest.mark.parametrize("data", [b"", b"a", b"ab", b"abc", bytes(range(256))])
def test_bytes_survive_without_the_padding(data):
    """The engine sends base64 without it."""
    assert to_bytes(to_text(data)) == data
    assert to_bytes(to_text(data).rstrip("=")) == data
