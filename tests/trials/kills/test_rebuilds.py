"""The trial of killed rebuilds, in small: `python -m tests.trials.kills.rebuilds` does 200."""

import random

from tests.trials.kills.rebuilds import KillTrial
from tests.trials.kills.uploads import kill_adding


def test_killed_rebuilds_lose_nothing_and_leave_nothing(tmp_path):
    """A rebuild that is killed leaves the old or the new index, whole, and no process."""
    trial = KillTrial(tmp_path, seed=1887)
    assert len(list(trial.run(3))) == 3  # one of each kind
    assert trial.counts.total() == 3


def test_killed_upload_keeps_the_former_or_the_new_text(tmp_path):
    """After the next start the index belongs to the text."""
    assert kill_adding(tmp_path / "own", 2, random.Random(1802)).total() == 2
