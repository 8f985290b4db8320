"""The time limit of a question holds for all its requests."""

import pytest

from index import time_limit
from index.cluster.client.time_limit import seconds_left


def test_limit_counts_down_from_the_first_request():
    """Outside of a question a request has its own limit; an inner limit does not begin anew."""
    assert seconds_left(9.0) == 9.0
    with time_limit(5.0):
        assert 4.0 < seconds_left(9.0) <= 5.0
        with time_limit(60.0):
            assert seconds_left(9.0) <= 5.0
    assert seconds_left(9.0) == 9.0


def test_limit_that_has_passed_leaves_nothing():
    """It is never below 0."""
    with time_limit(-1.0):
        assert seconds_left(9.0) == 0.0


def test_limit_ends_with_an_error():
    """The next question of the same thread has a limit of its own."""
    with pytest.raises(KeyError), time_limit(5.0):
        raise KeyError
    assert seconds_left(9.0) == 9.0
