"""Kill rebuilds at random moments: `python -m tests.trials.kills.rebuilds --times 200`.

Each rebuild is a real `pullquote rebuild` of changed texts, which SIGKILL ends somewhere between
its start and its end. After each kill the present index must be whole and answer with the right
quote, and no process of the rebuild may be left. After a build that is not killed no other file may
be left. A tenth as often the upload of a server's own text is killed.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from index import IndexMissingError, PassageIndexError
from index.storage.manifest import read_manifest
from tests.support.command import COMMAND
from tests.trials.kills.uploads import kill_adding
from tests.trials.support.corpora import GenerationsCorpus, check_index

# The processes of a killed build must end within this time.
_ORPHANS_S = 15.0

# After this many kills a build runs to its end, or one starts without an index.
_WHOLE_EVERY = 10
_FIRST_EVERY = 8

# Before this share of the time of a whole build, the program is still loading.
_EARLIEST = 0.3


class LostError(Exception):
    """Something was lost or left behind."""


class KillTrial:
    """One folder in which rebuilds are killed.

    Attributes:
        counts: How often a build was killed or had ended, and whether the index after it was the
            old one, the new one or missing.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._chosen = random.Random(seed)
        self._corpus = GenerationsCorpus(folder / "corpus")
        self._index_dir = folder / "data" / "index"
        self._seconds: dict[str, float] = {}
        self._in_force: int | None = None
        self._shared_memory: set[Path] = set()
        self.counts: Counter[str] = Counter()
        (folder / "tmp").mkdir()

    def run(self, times: int) -> Iterator[int]:
        """Kill builds; yield the number of each after its index was checked.

        Raises:
            LostError: Something was lost or left behind.
        """
        kinds = self._corpus.kinds
        for kind in kinds:
            self._build_whole(kind)
        for number in range(times):
            if number % _FIRST_EVERY == _FIRST_EVERY - 1:
                self._forget_index()
            self._kill(kinds[number % len(kinds)])
            if number % _WHOLE_EVERY == _WHOLE_EVERY - 1 or self._in_force is None:
                self._build_whole(self._chosen.choice(kinds))
            yield number
        self._build_whole("few")

    def _start(self, kind: str) -> "subprocess.Popen[str]":
        self._corpus.next(kind)
        folders = ("--corpus", str(self._folder / "corpus"), "--data", str(self._folder / "data"))
        return subprocess.Popen(
            [COMMAND, "rebuild", *folders],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=os.environ | {"TMPDIR": str(self._folder / "tmp")},
        )

    def _build_whole(self, kind: str) -> None:
        started = time.monotonic()
        with self._start(kind) as process:
            _, said = process.communicate()
        self._seconds[kind] = time.monotonic() - started
        if process.returncode or said.strip():
            raise LostError(f"a build that nobody killed ended with {process.returncode}: {said}")
        self._wait_for_orphans(process.pid)
        self._in_force = self._look()
        if self._in_force != self._corpus.generation:
            raise LostError("a build that nobody killed published nothing")
        build = read_manifest(self._index_dir).build
        left = {path.name for path in self._index_dir.iterdir()}
        left -= {build, "manifest.json", "build.lock"}
        left |= {path.name for path in (self._folder / "tmp").iterdir()}
        left |= {path.name for path in self._shared_memory if path.exists()}
        if left:
            raise LostError(f"left behind after a whole build: {sorted(left)}")

    def _kill(self, kind: str) -> None:
        before = self._in_force
        moment_s = self._seconds[kind] * self._chosen.uniform(_EARLIEST, 1.0)
        with self._start(kind) as process:
            time.sleep(moment_s)
            self._shared_memory |= _shared_memory_of(process.pid)
            process.kill()
            process.communicate()
        if process.returncode not in (0, -signal.SIGKILL):
            raise LostError(f"a build ended with {process.returncode}")
        self._wait_for_orphans(process.pid)
        ended = "after its end" if process.returncode == 0 else "killed"
        try:
            self._in_force = self._look()
            if self._in_force not in (before, self._corpus.generation):
                raise LostError(f"generation {self._in_force} came back after {before}")
            found = "old" if self._in_force == before else "new"
        except IndexMissingError as error:
            if before is not None:
                raise LostError("the index is gone") from error
            found = "none yet"
        self.counts[f"{ended}, {found}"] += 1
        builds = list(self._index_dir.glob("build-*"))
        if len(builds) > 2:  # the one in force and the one that was killed
            raise LostError(f"builds pile up: {builds}")

    def _look(self) -> int:
        """Check the whole present index and return its generation."""
        try:
            return check_index(self._index_dir, range(1, self._corpus.generation + 1))
        except IndexMissingError:
            raise
        except (PassageIndexError, AssertionError) as error:
            raise LostError(f"the index in force is not whole: {error}") from error

    def _forget_index(self) -> None:
        """Move the index away, so that the next build is a first one."""
        self._index_dir.rename(self._folder / f"before-{self._corpus.generation}")
        self._in_force = None

    def _wait_for_orphans(self, session: int) -> None:
        """Wait until no process of a session is left."""
        deadline = time.monotonic() + _ORPHANS_S
        while left := _processes_of(session):
            if time.monotonic() > deadline:
                raise LostError(f"processes were left: {left}")
            time.sleep(0.05)


def _processes_of(session: int) -> list[int]:
    """Return the running processes of a session; an empty list without /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of_session, *_ = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(of_session) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found


def _shared_memory_of(session: int) -> set[Path]:
    """Return the files of shared memory and semaphores that processes of a session use."""
    found = set()
    for process in _processes_of(session):
        try:
            lines = Path(f"/proc/{process}/maps").read_text().splitlines()
        except OSError:
            continue
        found |= {Path(line.split()[-1]) for line in lines if " /dev/shm/" in line}
    return found


def main() -> None:
    """Run the trial and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    console = Console(soft_wrap=True, highlight=False)
    with tempfile.TemporaryDirectory() as name:
        trial = KillTrial(Path(name), arguments.seed)
        n = 0
        try:
            for n in trial.run(arguments.times):
                if n % 20 == 19:
                    console.print(f"{n + 1} killed: {dict(trial.counts)}")
            n_own = arguments.times // 10
            own = kill_adding(Path(name) / "own", n_own, random.Random(arguments.seed))
        except (LostError, AssertionError) as error:
            console.print(f"LOST after {n} kills (seed {arguments.seed}): {error}")
            sys.exit(1)
    console.print(f"{arguments.times} rebuilds killed, seed {arguments.seed}; nothing was lost:")
    for what, count in sorted(trial.counts.items()):
        console.print(f"  {count:4} {what}")
    console.print(f"{n_own} takings in of a server's own text killed: {dict(own)}")


if __name__ == "__main__":
    main()
