"""The probabilities of kinds of messages."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.message_kinds import kinds_of
from bot.answering.message_kinds.classifier import (
    WEIGHTS_PATH,
    Weights,
    ngrams_of,
    probabilities,
)


def test_ngrams_are_runs_of_characters_of_the_normalised_words():
    """Case, signs and drawn out letters do not matter; borders of words do."""
    assert ngrams_of("Heyyy!") == [" h", "he", "ey", "y ", " he", "hey", "ey ", " hey", "hey "]
    assert ngrams_of("how's it") == ngrams_of("How  it?")


def test_probabilities_are_those_of_the_logistic_regression():
    """Worked by hand: "hi" has n-grams that were seen, seen twice and never seen."""
    learned = Weights(
        {" h": 0, "hi": 1},
        np.array([2.0, 1.0], np.float32),
        3.0,
        np.array([[1.0, 0.0, 0.0], [0.0, 4.0, 0.0]], np.float32),
        np.array([0.0, 0.0, 0.5], np.float32),
    )
    twice = 1 + math.log(2)
    # "hi hi": twice each " h", "hi", "i ", " hi", "hi ", " hi "; once "i h", "i hi", "hi h".
    length = math.sqrt((2 * twice) ** 2 + twice**2 + 9 * (4 * twice**2 + 3))
    scores = [2 * twice / length, 4 * twice / length, 0.5]
    total = sum(map(math.exp, scores))
    expected = [math.exp(score) / total for score in scores]
    assert probabilities("hi hi", learned) == pytest.approx(expected, rel=1e-5)


@given(st.text(max_size=300))
def test_probabilities_sum_to_one(text):
    """Any text has a kind, also an empty one."""
    kinds = kinds_of(text)
    assert sum(kinds) == pytest.approx(1, abs=1e-5)
    assert min(kinds) >= 0


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("do you like being a computer program", "remark"),
        ("goodbye and thank you", "remark"),
        ("could you set an alarm for six", "request"),
        ("will it rain this afternoon", "request"),
        ("how long does the warranty cover the screen", "question"),
        ("who signed the treaty in 1648", "question"),
    ],
)
def test_kinds_of_plain_examples(message, kind):
    """The likeliest kind is the right one."""
    kinds = kinds_of(message)._asdict()
    assert max(kinds, key=kinds.__getitem__) == kind


def test_weights_are_a_small_file():
    """They come with the package."""
    assert WEIGHTS_PATH.stat().st_size < 100_000
