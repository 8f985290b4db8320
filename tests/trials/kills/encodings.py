"""Kill encodings at random moments: `python -m tests.trials.kills.encodings --times 10 --seed 1`.

`pullquote rebuild` of texts whose vectors take minutes publishes the words first, and then encodes.
SIGKILL ends it somewhere after that. After each kill every byte of the index must be right, words
must answer, and vectors must be on the disk that were written in the last minute. The last run is
not killed: it makes the vectors that are missing, and a question is answered by them.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from index import PassageIndexError, Searcher, Tier, WeightedText
from index.storage.build_files import verify_build
from index.vectors.vector_parts import VectorParts
from tests.support.command import COMMAND

# What the issue of the encoder allows to be lost.
_LOST_S = 60.0

_WORDS = ("anchor", "boat", "crane", "dock", "ebb", "ferry", "gull", "harbour", "island", "jetty")
_WORDS_IN_A_PASSAGE = 90

_STARTS_WITHIN_S = 60.0


class LostError(Exception):
    """Something was lost."""


@dataclass(frozen=True, slots=True)
class Kill:
    """What was found after an encoding was killed.

    Attributes:
        after_s: Time from the publishing of the words to the kill.
        n_kept: The passages whose vectors are on the disk.
        age_s: The age of the newest of these at the kill; None if there are none.
    """

    after_s: float
    n_kept: int
    age_s: float | None


class EncodingTrial:
    """A folder in which encodings are killed."""

    def __init__(self, folder: Path, n_passages: int, seed: int) -> None:
        """Write texts of some passages."""
        self._folder = folder
        self._index_dir = folder / "data" / "index"
        self._n_passages = n_passages
        self._chosen = random.Random(seed)
        (folder / "corpus").mkdir()
        for number in range(n_passages):
            words = " ".join(self._chosen.choices(_WORDS, k=_WORDS_IN_A_PASSAGE))
            (folder / "corpus" / f"{number:06}.txt").write_text(f"Berth{number} of {words}.")

    def kills(self, moments_s: Sequence[float]) -> Iterator[Kill]:
        """Kill an encoding so many seconds after the words were published, and look at the rest.

        Raises:
            LostError: Something was lost.
        """
        kept = 0
        for after_s in moments_s:
            with self._start() as process:
                self._wait_for_words(process)
                time.sleep(after_s)
                process.kill()
            killed_at = time.time()
            self._look(Tier.LEXICAL)
            parts = VectorParts(self._index_dir).all()
            n_kept = len({key for part in parts for key in part.keys.tolist()})
            newest = max((part.folder.stat().st_mtime for part in parts), default=None)
            age_s = None if newest is None else killed_at - newest
            if n_kept < kept:
                raise LostError(f"{kept - n_kept} vectors of earlier runs are gone")
            if after_s > _LOST_S and (age_s is None or age_s > _LOST_S):
                raise LostError(f"{after_s:.0f} s of encoding left nothing of the last minute")
            kept = n_kept
            yield Kill(after_s, n_kept, age_s)

    def finish(self) -> float:
        """Let an encoding end, look at its index, and return the seconds that it took."""
        started = time.monotonic()
        with self._start() as process:
            _, said = process.communicate()
        if process.returncode:
            raise LostError(f"the last encoding ended with {process.returncode}: {said}")
        self._look(Tier.ENCODER)
        return time.monotonic() - started

    def _start(self) -> "subprocess.Popen[str]":
        folders = ("--corpus", str(self._folder / "corpus"), "--data", str(self._folder / "data"))
        return subprocess.Popen(
            [COMMAND, "rebuild", *folders],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _wait_for_words(self, process: "subprocess.Popen[str]") -> None:
        deadline = time.monotonic() + _STARTS_WITHIN_S
        while not (self._index_dir / "manifest.json").exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise LostError("the words were not published")
            time.sleep(0.05)

    def _look(self, tier: Tier) -> None:
        """Check every byte of the index, and that it answers in a tier."""
        try:
            manifest = verify_build(self._index_dir, thorough=True)
            searcher = Searcher.open(self._index_dir)
        except PassageIndexError as error:
            raise LostError(f"the index is not whole: {error}") from error
        number = self._chosen.randrange(self._n_passages)
        (hit,) = searcher.search([WeightedText(f"where is berth{number}?")], 1)
        if (searcher.tier, manifest.passages) != (tier, self._n_passages):
            raise LostError(f"{manifest.passages} passages in the tier {searcher.tier}")
        if hit.passage.source != f"{number:06}.txt":
            raise LostError(f"berth{number} is answered from {hit.passage.source}")


def main() -> None:
    """Run the trial and print what was found after each kill."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--passages", type=int, default=12_000)
    parser.add_argument("--longest-s", type=float, default=100.0, help="the latest kill")
    arguments = parser.parse_args()
    console = Console(soft_wrap=True, highlight=False)
    chosen = random.Random(arguments.seed)
    moments_s = [chosen.uniform(0.0, arguments.longest_s) for _ in range(arguments.times)]
    with tempfile.TemporaryDirectory() as name:
        trial = EncodingTrial(Path(name), arguments.passages, arguments.seed)
        try:
            for kill in trial.kills(moments_s):
                age = "none" if kill.age_s is None else f"the newest {kill.age_s:.0f} s old"
                console.print(f"killed after {kill.after_s:.0f} s: {kill.n_kept} kept, {age}")
            console.print(f"the rest took {trial.finish():.0f} s; nothing was lost")
        except LostError as error:
            console.print(f"LOST (seed {arguments.seed}): {error}")
            sys.exit(1)


if __name__ == "__main__":
    main()
