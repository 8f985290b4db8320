"""Similarity in meaning: cosines of passages and of their sentences."""

import numpy as np
import pytest
from cachetools import LRUCache
from hypothesis import given, settings
from hypothesis import strategies as st

from index.vectors.encoders import static_encoder
from index.vectors.similarity import PassageVectors, VectorIndex

quick = settings(max_examples=60, deadline=None, derandomize=True)

AXES = {"north": [1, 0, 0], "east": [0, 1, 0], "up": [0, 0, 1], "nothing": [0, 0, 0]}


class _Compass:
    """An encoder of four words."""

    def encode(self, texts):
        return np.array([AXES[text] for text in texts], dtype=np.float32).reshape(-1, 3)


@pytest.fixture
def vector_index():
    """Two passages: one of the sentences north and east, one of the sentence up."""
    passages = np.array([[0.6, 0.8, 0], [0, 0, 1]], dtype=np.float32)
    sentences = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)
    return VectorIndex(_without_headings(passages, sentences, np.array([0, 2, 3])), _Compass())


def _without_headings(passages, sentences, first_sentence):
    numbers = np.full(len(passages), -1)
    return PassageVectors(passages, sentences, passages[:0], first_sentence, numbers)


def _rows(*rows):
    return np.array(rows, dtype=np.int32)


ALL = _rows(0, 1)


def test_similarity_holds_cosines_of_passages_sentences_and_the_nearest_of_them(vector_index):
    """Each passage has its own cosine and that of its nearest sentence."""
    near = vector_index.similarity([("north", 1.0)])
    found = near.passages(ALL), near.best_lines(ALL), near.sentences(0)
    assert [cosines.tolist() for cosines in found] == [[0.6, 0], [1, 0], [1, 0]]
    assert {cosines.dtype for cosines in found} == {np.dtype(np.float64)}


def test_sentence_cosines_are_those_of_one_passage(vector_index):
    """The sentences of a passage are told apart from those of its neighbours."""
    near = vector_index.similarity([("up", 1.0)])
    assert near.sentences(0) == pytest.approx([0, 0])
    assert near.sentences(1) == pytest.approx([1])


def test_parts_count_by_their_weight(vector_index):
    """The question's vector is the weighted sum of the parts, scaled to length 1."""
    near = vector_index.similarity([("north", 3.0), ("up", 4.0)])
    assert [near.sentences(row).tolist() for row in ALL] == [[0.6, 0], [0.8]]
    doubled = vector_index.similarity([("north", 6.0), ("up", 8.0)])
    assert [doubled.sentences(row).tolist() for row in ALL] == [[0.6, 0], [0.8]]


@pytest.mark.parametrize("parts", [[("nothing", 1.0)], []])
def test_question_without_direction_is_near_to_nothing(vector_index, parts):
    """A question without a known piece, or without parts, has cosine 0 everywhere."""
    near = vector_index.similarity(parts)
    assert near.passages(ALL).tolist() == [0, 0]
    assert [near.sentences(row).tolist() for row in ALL] == [[0, 0], [0]]
    assert near.best_rows(2).tolist() == [0, 1]


def test_cosines_of_equal_passages_are_equal():
    """Passages of the same text have the same cosine to the last bit, in any place."""
    for n in range(1, 10):
        vectors = static_encoder().encode(["The old bell rang."] * n)
        vector_index = VectorIndex(
            _without_headings(vectors, vectors, np.arange(n + 1)), static_encoder()
        )
        near = vector_index.similarity([("bell", 1.0)])
        assert len(set(near.passages(_rows(*range(n))).tolist())) == 1
        assert len({cosine for row in range(n) for cosine in near.sentences(row).tolist()}) == 1


# Only some of the passages

vectors_of_passages = st.lists(
    st.lists(st.integers(-9, 9), min_size=1, max_size=4), min_size=1, max_size=12
)


@given(vectors_of_passages, st.data())
@quick
def test_cosines_of_some_passages_are_those_of_all(sentences, data):
    """Asked for some rows, in any order and with repeats, the cosines are those rows' own."""
    near = _similarity(sentences)
    rows = data.draw(st.lists(st.integers(0, len(sentences) - 1), min_size=1, max_size=15))
    every = _rows(*range(len(sentences)))
    for cosines in (near.passages, near.best_lines):
        assert cosines(_rows(*rows)).tolist() == cosines(every)[rows].tolist()
    best = near.best_lines(every).tolist()
    assert best == [near.sentences(row).max() for row in every]


def test_as_many_rows_as_passages_need_not_be_all_of_them():
    """Repeats and another order give the cosines of the rows that are named."""
    near = _similarity([[0], [3], [6]])
    for cosines in (near.passages, near.best_lines):
        assert cosines(_rows(1, 1, 2)).tolist() == [0.3, 0.3, 0.6]
        assert cosines(_rows(2, 1, 0)).tolist() == [0.6, 0.3, 0.0]


@given(vectors_of_passages, st.integers(1, 14))
@quick
def test_best_rows_are_those_with_the_nearest_sentences(sentences, k):
    """No passage that is left out is nearer by its best sentence than one that is named."""
    near = _similarity(sentences)
    best = near.best_rows(k).tolist()
    assert len(set(best)) == len(best) == min(k, len(sentences))
    cosines = near.best_lines(_rows(*range(len(sentences)))).tolist()
    left = [cosine for row, cosine in enumerate(cosines) if row not in best]
    assert min(cosines[row] for row in best) >= max(left, default=-1)


def _similarity(sentences):
    """Passages of sentences at these heights above the ground, and a question that looks up."""
    heights = [height for passage in sentences for height in passage]
    lines = np.array([[np.sqrt(100 - h * h) / 10, 0, h / 10] for h in heights], dtype=np.float32)
    firsts = np.cumsum([0, *map(len, sentences)])
    vectors = _without_headings(lines[firsts[:-1]], lines, firsts)
    return VectorIndex(vectors, _Compass()).similarity([("up", 1.0)])


def test_texts_that_come_again_are_had_though_others_push_them_out(vector_index, monkeypatch):
    """Threads share what is remembered: one may drop it while another still looks there."""
    monkeypatch.setattr(vector_index, "_remembered", LRUCache(2))
    others = [["up", "nothing"]]

    def meanwhile(texts):
        if others:
            vector_index.vectors_of(others.pop())
        return _Compass().encode(texts)

    vector_index.vectors_of(["north"])
    monkeypatch.setattr(vector_index._encoder, "encode", meanwhile)
    assert vector_index.vectors_of(["north", "east"]).tolist() == [AXES["north"], AXES["east"]]


def test_heading_that_says_the_question_counts_like_a_sentence():
    """Each passage has the larger cosine: that of its nearest sentence, or that of its heading."""
    passages = np.array([[1, 0, 0], [0, 1, 0], [0, 0.6, 0.8]], dtype=np.float32)
    headings = np.array([[0, 0, 1]], dtype=np.float32)
    vectors = PassageVectors(
        passages, passages, headings, np.arange(4), heading_numbers=np.array([0, -1, -1])
    )
    near = VectorIndex(vectors, _Compass()).similarity([("up", 1.0)])
    assert near.best_lines(_rows(0, 1, 2)) == pytest.approx([1.0, 0.0, 0.8])
    assert near.sentences(0) == pytest.approx([0.0])
