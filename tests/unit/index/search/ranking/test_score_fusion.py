"""Scores of different kinds on one scale, finite for any number of passages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.search.ranking.score_fusion import Scale

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
