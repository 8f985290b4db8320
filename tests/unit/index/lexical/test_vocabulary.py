"""The vocabulary: terms to ids and back, from two plain arrays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical.vocabulary import Vocabulary

quick = settings(max_examples=100, deadline=None, derandomize=True)
any_text = st.text(st.characters(), max_size=6)  # lone surrogates and the empty term among them


@given(st.sets(any_text, max_size=30), any_text)
@quick
def test_every_term_has_its_place_as_id_and_no_other_text_has_one(terms, other):
    """Ids are places in the sorted order, there and back; any other text is unknown."""
    ordered = sorted(terms)
    vocabulary = Vocabulary.from_terms(ordered)
    assert len(vocabulary) == len(ordered)
    assert [vocabulary.id_of(term) for term in ordered] == list(range(len(ordered)))
    assert [vocabulary.term(n) for n in range(len(ordered))] == ordered
    assert (vocabulary.id_of(other) is not None) == (other in terms)
    if other not in terms:
        assert vocabulary.id_of(other) is None


@given(st.dictionaries(any_text, st.booleans(), max_size=20), st.sets(any_text, max_size=10))
@quick
def test_merged_vocabulary_is_that_of_the_kept_and_the_added_terms(own, added):
    """Both know their terms' ids in it; those of dropped terms keep the order."""
    ordered, others = sorted(own), sorted(added)
    kept = np.array([own[term] for term in ordered], dtype=np.bool_)
    merged = Vocabulary.from_terms(ordered).merge(kept, others)
    expected = sorted({*added, *(term for term in own if own[term])})
    assert list(merged.vocabulary) == expected
    assert [expected[n] for n in merged.added_ids] == others
    stays = [(term, n) for term, n in zip(ordered, merged.own_ids, strict=True) if own[term]]
    assert all(expected[n] == term for term, n in stays)
    assert merged.own_ids.tolist() == sorted(merged.own_ids.tolist())
    assert merged.vocabulary.blob.dtype == np.uint8
    assert merged.vocabulary.offsets.dtype == np.int64


def test_terms_are_kept_as_utf8_one_after_the_other():
    """The arrays are what the documentation says, byte for byte."""
    vocabulary = Vocabulary.from_terms(["bell", "eel", "éel"])
    assert vocabulary.blob.tobytes() == b"belleel\xc3\xa9el"
    assert vocabulary.offsets.tolist() == [0, 4, 7, 11]
    assert vocabulary.blob.dtype == np.uint8
    assert vocabulary.offsets.dtype == np.int64


@pytest.mark.parametrize("terms", [["eel", "bell"], ["bell", "bell"]])
def test_terms_out_of_order_are_refused(terms):
    """A binary search over unsorted or repeated terms would find nothing or anything."""
    with pytest.raises(ValueError, match="not sorted and distinct"):
        Vocabulary.from_terms(terms)


@pytest.mark.parametrize("term_id", [-1, 1])
def test_id_outside_the_vocabulary_is_an_error(term_id):
    """No id wraps around to another term."""
    with pytest.raises(IndexError):
        Vocabulary.from_terms(["bell"]).term(term_id)


@pytest.mark.parametrize("terms", [[], ["bell", "eel", "lamp"]])
def test_vocabulary_reopens_from_mapped_files(tmp_path, terms):
    """Written as .npy and mapped again, it knows the same terms."""
    written = Vocabulary.from_terms(terms)
    np.save(tmp_path / "blob.npy", written.blob)
    np.save(tmp_path / "offsets.npy", written.offsets)
    opened = Vocabulary(
        np.load(tmp_path / "blob.npy", mmap_mode="r"),
        np.load(tmp_path / "offsets.npy", mmap_mode="r"),
    )
    assert [opened.term(n) for n in range(len(opened))] == terms
    assert [t for t in ["bell", "boat", "lamp"] if opened.id_of(t) is not None] == [
        term for term in ["bell", "lamp"] if term in terms
    ]
