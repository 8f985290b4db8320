"""The trial of killed rebuilds, in small: `python -m tests.trials.kills` does 200."""

import random

from tests.trials.kills import KillTrial
from tests.trials.support.own_text_kills import kill_adding


def test_killed_rebuilds_lose_nothing_and_leave_nothing(tmp_path):
    """Killed at any moment, a rebuild leaves the old index or the new one, whole.

    Those that read with several processes leave none of them.
    """
    trial = KillTrial(tmp_path, seed=1887)
    assert len(list(trial.run(3))) == 3  # one of each kind
    assert trial.told.total() == 3


def test_killed_taking_in_of_a_text_keeps_the_former_or_the_new_one(tmp_path):
    """The next start makes the index that belongs to the text."""
    assert kill_adding(tmp_path / "own", 2, random.Random(1802)).total() == 2
