"""Scores of different kinds on one scale, finite for any number of passages."""

import copy
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.search.ranking.score_fusion import Scale, score_parts, score_tokens
from index.search.ranking.taught_questions import Boost, Boosts

scores = st.lists(st.floats(-100, 100), min_size=1, max_size=12)


def standardise(scores, typical_spread):
    """Return scores on their own scale."""
    return Scale.of(scores, typical_spread).standardise(scores)


@pytest.mark.parametrize("n", range(1, 6))
@pytest.mark.parametrize("value", [0.0, 0.7, -3.0])
def test_equal_scores_are_all_zero(n, value):
    """One to five passages that score alike add nothing, and nothing is divided by zero."""
    assert standardise(np.full(n, value), 0.1) == pytest.approx(np.zeros(n))


@given(scores, st.floats(0.001, 10))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_standardised_scores_are_finite_centred_and_in_order(values, spread):
    """The mean is 0, nothing is infinite, and no passage overtakes another."""
    before = np.array(values)
    after = standardise(before, spread)
    assert np.isfinite(after).all()
    assert after.shape == before.shape
    assert after.mean() == pytest.approx(0, abs=1e-6)
    assert (np.diff(after[np.argsort(before, kind="stable")]) >= 0).all()


def test_many_scores_have_the_deviation_one_whatever_is_typical():
    """With many passages the measured spread counts, and the unit falls out."""
    values = np.random.default_rng(1887).normal(5, 3, 10_000)
    for spread in (0.1, 10.0):
        assert standardise(values, spread).std() == pytest.approx(1, abs=0.01)
    assert standardise(values * 1000, 0.1) == pytest.approx(standardise(values, 0.0001))


def test_two_scores_far_below_the_typical_spread_stay_near_zero():
    """A tiny difference between two passages is not blown up to a whole deviation."""
    near, far = (standardise(np.array([0.0, gap]), 0.1) for gap in (0.001, 10.0))
    assert abs(near).max() < 0.01
    assert abs(far).max() == pytest.approx((7 / 2) ** 0.5, abs=0.01)


# The parts of a score

COVERAGE: Any = SimpleNamespace(total=2.0)
WORDS = np.array([0.0, 4.0, 1.0, 2.0])
NOTHING = np.zeros(4)


class _FourPassages:
    """Stands for the similarity of a query to four passages, of which the last was not read."""

    has_lines = True
    measures = SimpleNamespace(spread=0.02, token_spread=0.08)

    of_passages = np.array([0.80, 0.84, 0.78, 0.0])
    of_lines = np.array([0.88, 0.82, 0.79, 0.0])
    of_tokens = np.array([0.4, 0.6, 0.3, 0.0])

    def passages(self, rows):
        return self.of_passages[rows]

    def best_lines(self, rows):
        return self.of_lines[rows]

    def tokens(self, rows):
        return self.of_tokens[rows]


SIMILARITY: Any = _FourPassages()


def _boosts(by_row=None):
    return Boosts.among(np.arange(4, dtype=np.int32), by_row or {})


def test_without_vectors_words_score_as_they_are():
    """The lexical tier has one scale, so nothing is standardised."""
    parts = score_parts(WORDS, NOTHING, None, COVERAGE, _boosts())
    assert {name: scores.tolist() for name, scores in parts.items()} == {"words": WORDS.tolist()}


def test_words_vectors_and_tokens_are_weighted_on_their_own_scales():
    """.7 of the words, 1.5 of the vectors, half of it the nearest line's, and 1.5 of the tokens."""
    parts = score_parts(WORDS, NOTHING, SIMILARITY, COVERAGE, _boosts())
    words = parts["words"] / standardise(WORDS, 0.1 * 2 * 3 * (1.2 + 1))
    assert words == pytest.approx(np.full(4, 0.7))
    read = slice(3)  # the scale is that of the passages that were read
    expected = 0.75 * standardise(SIMILARITY.of_passages[read], 0.02)
    expected += 0.75 * standardise(SIMILARITY.of_lines[read], 0.02)
    assert parts["vectors"][read] == pytest.approx(expected)
    expected = 1.5 * standardise(SIMILARITY.of_tokens[read], 0.08)
    assert score_tokens(SIMILARITY, _boosts())[read] == pytest.approx(expected)


def test_best_passage_by_words_is_at_most_seven_deviations_above_the_mean():
    """A rare word outweighs neither the vectors nor, beside it, what else the question asks."""
    rows = np.arange(400, dtype=np.int32)
    similarity: Any = copy.copy(SIMILARITY)
    for name in ("of_passages", "of_lines", "of_tokens"):
        setattr(similarity, name, np.full(400, 0.8))
    words = np.where(rows == 7, 9.0, np.where(rows == 8, 3.0, 0.0))
    exact = np.where(rows == 9, 9.0, 0.0)
    scored = score_parts(words, 0 * exact, similarity, COVERAGE, Boosts.among(rows, {}))["words"]
    assert scored[7] == pytest.approx(0.7 * 7)
    assert scored[8] / scored[7] == pytest.approx(1 / 3, abs=0.01)
    scored = score_parts(words, 2 * exact, similarity, COVERAGE, Boosts.among(rows, {}))["words"]
    assert scored[7] == pytest.approx(0.7 * 7)
    assert scored[9] > 0.7 * 13


def test_passage_that_was_not_read_is_neither_near_nor_far():
    """Its vectors of zeros are no cosines of 0, which would lie far below all others."""
    parts = score_parts(WORDS, NOTHING, SIMILARITY, COVERAGE, _boosts())
    assert parts["vectors"][3] == 0
    assert score_tokens(SIMILARITY, _boosts())[3] == 0


def test_taught_question_raises_its_passage_only():
    """Its words and its cosine count for the passage that it was taught for."""
    before = score_parts(WORDS, NOTHING, SIMILARITY, COVERAGE, _boosts())
    boosts = _boosts({2: Boost(gain=1.0, likeness=0.5, cosine=0.95)})
    after = score_parts(WORDS, NOTHING, SIMILARITY, COVERAGE, boosts)
    for name in ("words", "vectors"):
        raised = after[name] > before[name] + 1e-9
        assert raised.tolist() == [False, False, True, False]
        assert after[name][~raised] == pytest.approx(before[name][~raised])
