"""Nearness in meaning: cosines of passages and of their sentences."""

import numpy as np
import pytest

from index.encoders import static_encoder
from index.meaning import MeaningIndex, PassageVectors

AXES = {"north": [1, 0, 0], "east": [0, 1, 0], "up": [0, 0, 1], "nothing": [0, 0, 0]}


class _Compass:
    """An encoder of four words."""

    def encode(self, texts):
        return np.array([AXES[text] for text in texts], dtype=np.float32).reshape(-1, 3)


@pytest.fixture
def meaning():
    """Two passages: one of the sentences north and east, one of the sentence up."""
    passages = np.array([[0.6, 0.8, 0], [0, 0, 1]], dtype=np.float32)
    sentences = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)
    return MeaningIndex(PassageVectors(passages, sentences, np.array([0, 2, 3])), _Compass())


def test_nearness_holds_cosines_of_passages_sentences_and_the_nearest_of_them(meaning):
    """Each passage has its own cosine and that of its nearest sentence."""
    near = meaning.nearness([("north", 1.0)])
    assert near.passages == pytest.approx([0.6, 0])
    assert near.best_sentences == pytest.approx([1, 0])
    assert near.sentences == pytest.approx([1, 0, 0])
    assert {a.dtype for a in (near.passages, near.best_sentences, near.sentences)} == {
        np.dtype(np.float64)
    }


def test_sentence_cosines_are_those_of_one_passage(meaning):
    """The sentences of a passage are told apart from those of its neighbours."""
    near = meaning.nearness([("up", 1.0)])
    assert meaning.sentence_cosines(near, 0) == pytest.approx([0, 0])
    assert meaning.sentence_cosines(near, 1) == pytest.approx([1])


def test_parts_count_by_their_weight(meaning):
    """The question's vector is the weighted sum of the parts, scaled to length 1."""
    near = meaning.nearness([("north", 3.0), ("up", 4.0)])
    assert near.sentences == pytest.approx([0.6, 0, 0.8])
    doubled = meaning.nearness([("north", 6.0), ("up", 8.0)])
    assert doubled.sentences == pytest.approx(near.sentences)


@pytest.mark.parametrize("parts", [[("nothing", 1.0)], []])
def test_question_without_direction_is_near_to_nothing(meaning, parts):
    """A question without a known piece, or without parts, has cosine 0 everywhere."""
    near = meaning.nearness(parts)
    assert near.passages.tolist() == [0, 0]
    assert near.sentences.tolist() == [0, 0, 0]


def test_cosines_of_equal_passages_are_equal():
    """Passages of the same text have the same cosine to the last bit, in any place."""
    for n in range(1, 10):
        vectors = static_encoder().encode(["The old bell rang."] * n)
        meaning = MeaningIndex(PassageVectors(vectors, vectors, np.arange(n + 1)), static_encoder())
        assert len(set(meaning.nearness([("bell", 1.0)]).passages.tolist())) == 1
