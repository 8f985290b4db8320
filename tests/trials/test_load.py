"""The trials of load and of a long run, in small."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.rendering import wording
from tests.trials.load import Size, Trial, summary
from tests.trials.soak import Soak
from tests.trials.soak import summary as soak_summary
from tests.trials.support.crowd import Heard, _count
from tests.trials.support.figures import Stalls, percentile


def test_crowds_are_answered_once_while_texts_are_rebuilt(tmp_path):
    """20 people ask by mention and 20 by command, during a rebuild and while a text is added."""
    trial = Trial(tmp_path, Size(messages=20, commands=20, seconds=0.4, passages=200))
    trial.run()
    assert trial.problems == []
    assert [part.heard.answered for part in trial.parts] == [20, 20]
    assert len(trial.parts[1].heard.acknowledged_s) == 20
    assert all(part.stalls.looks for part in trial.parts)
    assert summary(trial.parts[1]).startswith("commands: 20 answered once, 0 refused, 0 lost")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux shows a process so")
def test_rounds_of_traffic_leave_nothing_behind(tmp_path):
    """Memory, files, threads and tasks after the last round are those after the second."""
    soak = Soak(tmp_path, 4, people=8)
    soak.run()
    assert soak.problems == []
    assert soak.asked == 4 * (2 * 8 + 5 + 8)
    assert len(soak_summary(soak)) == 4


def test_stalls_are_those_between_two_moments():
    """Long stalls between two moments are counted, and the last bucket that grew is their bound."""
    name = 'pullquote_loop_lag_seconds_bucket{{le="{}"}}'.format
    before = {name("0.1"): 10.0, name("0.25"): 11.0, name("+Inf"): 12.0}
    after = {name("0.1"): 15.0, name("0.25"): 18.0, name("+Inf"): 19.0}
    after["pullquote_loop_lag_max_seconds"] = 3.0
    assert Stalls.between(before, after) == Stalls(looks=7, long=2, at_most_s=0.25)
    after["pullquote_loop_lag_max_seconds"] = 0.2
    assert Stalls.between(before, after).at_most_s == 0.2


def test_percentile_is_one_of_the_values():
    """It is the smallest value that the share does not exceed; 0 without values."""
    values = [float(number) for number in range(1, 201)]
    assert [percentile(values, share) for share in (0.5, 0.99, 1.0)] == [100, 198, 200]
    assert percentile([7.0], 0.5) == 7
    assert percentile([], 0.99) == 0


@pytest.mark.parametrize(
    ("replies", "counts"),
    [
        (["Captain Ada Finch"], (1, 0, 0, 0)),
        ([wording.APOLOGY], (0, 0, 1, 0)),
        ([wording.APOLOGY, "Captain Ada Finch"], (0, 0, 0, 1)),
        (["That was too much."], (0, 1, 0, 0)),
        ([], (0, 0, 1, 0)),
    ],
)
def test_apology_is_no_answer(replies, counts):
    """An apology alone is a lost question; with an answer the question is doubled."""
    heard = Heard()
    said: list[Any] = [SimpleNamespace(seen=reply) for reply in replies]
    _count(heard, said, ["That was"])
    assert (heard.answered, heard.refused, heard.lost, heard.doubled) == counts
