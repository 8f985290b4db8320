"""Ways to damage the bytes of a file, the same for each run of a seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK_BYTES = 512

# Where a bit is flipped, as shares of a file: its head, its first numbers, middle and end.
_SHARES = (0.0, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged file.

    Attributes:
        name: The file, below the folder of its build.
        what: For people.
        data: Its bytes afterwards.
    """

    name: str
    what: str
    data: bytes


def damages(folder: Path, name: str, others: list[str], chosen: random.Random) -> Iterator[Damage]:
    """Yield damaged forms of a file, each different from the file.

    Args:
        folder: Of the build.
        name: The file.
        others: Files whose bytes it may get instead.
        chosen: Gives the places that are chosen at random.
    """
    whole = (folder / name).read_bytes()
    last = len(whole) - 1
    if whole:
        places = {int(share * last) for share in _SHARES}
        places |= {chosen.randrange(len(whole)) for _ in range(6)}
        for place in sorted(places):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << chosen.randrange(8)
            yield Damage(name, f"a bit of byte {place} of {len(whole)} flipped", bytes(flipped))
        for kept in sorted({0, 1, len(whole) // 2, last} - {len(whole)}):
            yield Damage(name, f"truncated to {kept} of {len(whole)} bytes", whole[:kept])
        start = chosen.randrange(len(whole)) // _BLOCK_BYTES * _BLOCK_BYTES
        end = min(start + _BLOCK_BYTES, len(whole))
        for filler in (0x00, 0xFF):
            zeroed = whole[:start] + bytes([filler]) * (end - start) + whole[end:]
            if zeroed != whole:
                yield Damage(name, f"bytes {start} to {end} set to {filler:#x}", zeroed)
    yield Damage(name, "a byte too long", whole + b"\0")
    for other in others:
        data = (folder / other).read_bytes()
        if data != whole:
            yield Damage(name, f"in its place {other}", data)
