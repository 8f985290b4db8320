"""What the fuzzing trial tries holds for its seeds and for what is near them."""

import random

import pytest

from tests.trials.fuzzing.inputs import input_targets
from tests.trials.fuzzing.texts import text_targets

TARGETS = text_targets() | input_targets()
N_CHANGED = 12
SIGNS = b"\0\n\t \"'()*,-.:;<=>@[\\]_`{|}~#/%\x80\xed\xff09aZ"


def _changed(seed, chance):
    """Return the seed with a piece cut out, doubled or overwritten, three times."""
    data = bytearray(seed)
    for _ in range(3):
        start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        way = chance.randrange(3)
        if way == 0:
            del data[start : min(end, start + 9)]
        elif way == 1:
            data[start:start] = data[start : min(end, start + 30)]
        else:
            data[start : start + 2] = bytes(chance.choices(SIGNS, k=2))
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_target_keeps_its_promises_on_seeds_and_near_them(name):
    """Each seed, and each of its seeded changes, gives a result or the expected error."""
    target, seeds = TARGETS[name]
    chance = random.Random(name)
    target(b"")
    for seed in seeds:
        target(seed)
        for _ in range(N_CHANGED):
            target(_changed(seed, chance))
