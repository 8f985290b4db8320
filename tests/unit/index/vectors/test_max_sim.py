"""MaxSim: the scores of a plain double loop, whatever the texts, the blocks and the weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.vectors import max_sim as max_sim_module
from index.vectors.max_sim import QuestionTokens, max_sim, token_weights
from index.vectors.models.encoder import unit
from index.vectors.token_basis import BYTE_SCALE

N_DIMENSIONS = 6

quick = settings(max_examples=150, deadline=None, derandomize=True)


def _texts(lengths, seed):
    """Return the tokens of texts of these lengths, one array for each text."""
    chooser = np.random.default_rng(seed)
    return [
        np.rint(
            unit(chooser.normal(size=(n, N_DIMENSIONS)).astype(np.float32)) * BYTE_SCALE
        ).astype(np.int8)
        for n in lengths
    ]


def _question(weights, seed):
    vectors = np.random.default_rng(seed).normal(size=(len(weights), N_DIMENSIONS))
    return QuestionTokens(unit(vectors.astype(np.float32)), np.array(weights, dtype=np.float64))


def _in_a_double_loop(question, texts):
    """Return the weighted mean of the largest cosines, one product at a time."""
    scores = []
    for text in texts:
        score = 0.0
        for vector, weight in zip(question.vectors, question.weights, strict=True):
            cosines = [
                sum(a * b for a, b in zip(vector.tolist(), token.tolist(), strict=True))
                for token in text
            ]
            score += weight * max(cosines, default=0.0) / BYTE_SCALE
        scores.append(score)
    return scores


def _scores(question, texts):
    tokens = np.concatenate([np.empty((0, N_DIMENSIONS), np.int8), *texts])
    return max_sim(question, tokens, np.cumsum([len(text) for text in texts], dtype=np.int64))


@given(
    lengths=st.lists(st.integers(0, 9), min_size=1, max_size=12),
    turns=st.lists(st.lists(st.floats(0.01, 1), max_size=4), min_size=1, max_size=3),
    block=st.integers(1, 30),
    seed=st.integers(0, 2**32 - 1),
)
@quick
def test_scores_are_those_of_a_double_loop(lengths, turns, block, seed):
    """Texts may be empty or longer than a block; the tokens of several turns have their weights."""
    weights = [weight / 2**age for age, turn in enumerate(turns) for weight in turn]
    texts, question = _texts(lengths, seed), _question(weights, seed + 1)
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(max_sim_module, "_BLOCK", block)
        scores = _scores(question, texts)
    assert scores == pytest.approx(_in_a_double_loop(question, texts), abs=1e-5)


def test_text_of_the_same_tokens_has_the_largest_score():
    """A text that holds each token of the question has score 1, and no text has more."""
    (text, other) = _texts([5, 5], 1)
    question = QuestionTokens(unit(text.astype(np.float32)), np.full(5, 0.2))
    same, different = _scores(question, [text, other])
    assert same == pytest.approx(1, abs=0.01)
    assert different < same


def test_texts_and_questions_without_tokens_have_score_zero():
    """Nothing is near to nothing."""
    assert _scores(_question([0.5, 0.5], 0), _texts([0, 0], 0)).tolist() == [0, 0]
    assert _scores(_question([], 0), _texts([3, 0], 0)).tolist() == [0, 0]


@given(
    counts=st.lists(st.integers(0, 20), min_size=1, max_size=6),
    pieces=st.lists(st.integers(0, 8), max_size=9),
)
@quick
def test_weights_fall_with_the_count_of_passages_and_add_up_to_one(counts, pieces):
    """A rare piece weighs more than a common one, an unknown one as much as one that none has."""
    frequencies = np.array(counts, dtype=np.int32)
    weights = token_weights(np.array(pieces, dtype=np.uint32), frequencies, 20)
    assert len(weights) == len(pieces)
    assert weights.sum() == pytest.approx(1 if pieces else 0)
    assert (weights > 0).all()
    known = [counts[piece] if piece < len(counts) else 0 for piece in pieces]
    order = np.argsort(known, kind="stable")
    assert (np.diff(weights[order]) <= 1e-12).all()
    idf = np.log([1 + (20 - n + 0.5) / (n + 0.5) for n in known])
    assert weights == pytest.approx(idf / idf.sum() if pieces else [])
