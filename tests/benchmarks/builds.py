"""Measure building, opening, serving and rebuilding: python -m tests.benchmarks.builds.

    python -m tests.benchmarks.builds [--passages 10000 100000 1000000] [--collection DIR]
        [--scopes 1000] [--encoder] [--plot FILE.svg] [--keep FILE.json]

Needs Linux and `pip install -e '.[benchmarks]'`; for a million passages 15 GB of disk (TMPDIR) and
half an hour. Without --collection the text is made up, see `collection.py`: 10 passages to a file,
of a million 100. With it the text is that of any folder, which is copied; the peers read plain text
only and are left out.

- Building: from the files to an index on the disk. Ours keeps the texts, and with --encoder makes
  vectors as well, which takes a second for every 15 to 40 passages and core; "ours, words only" is
  the same run without the time of the vectors. bm25s has its own tokenizer with stop words and
  PyStemmer, tantivy its own English stemmer; both keep no texts. Up to 100,000 passages three
  builds each, by turns, and the medians; above one.
- Memory: what the whole process tree holds at its peak, looked at every 50 ms. "own" is anonymous
  memory; "with files" adds the mapped pages of files, which the system may drop.
- Starting: opening in a fresh process, and `pullquote ask` from its start to its end, which first
  looks whether the corpus changed.
- Serving: a process that answers 1,000 questions, each for the first time, after 200 others; each
  question is 2 to 8 distinct words of one passage, which may be any.
- Scopes: a question in each of 1,000 scopes of equal parts of the files, or of fewer scopes where
  there are fewer files, about a passage of theirs; at first, which limits the index, and once more;
  and in the whole index, the second time.
- Rebuilding: one file of all has another paragraph; and nothing changed, as `pullquote rebuild`
  finds by every byte of the index, and as a start does.

Everything is measured in processes of its own, one at a time. Ratios come first. With --keep the
figures of a run are kept in a file, and the plot shows those of other sizes that are in it too.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from index.storage.build_files import read_sources
from index.storage.manifest import read_manifest
from tests.benchmarks.support.collection import Collection
from tests.benchmarks.support.memory import Measured, run_child
from tests.benchmarks.support.plots import Panel, write_plot

_CHILDREN = "tests.benchmarks.support.children"
_ARTICLE = Path(__file__).parents[2] / "corpus"
_ARTICLE_QUESTION = "how many people were killed in gaza?"
_PEERS = "bm25s", "tantivy"
_MANY_PASSAGES = 100_000
# By number of passages: "built" and "served", by engine or tier, then by figure.
_Kept = dict[str, dict[str, dict[str, dict[str, float]]]]

_PHASES = "listing", "reading", "inverting", "vectors", "settling"


class Bench:
    """What is measured on one collection, and printed."""

    def __init__(
        self, folder: Path, console: Console, runs: int, queries: int, *, encoder: bool
    ) -> None:
        """Measure in a folder that has the collection as "corpus"."""
        self._tiers = ("lexical", "encoder") if encoder else ("lexical",)
        self._folder = folder
        self._corpus, self._data = folder / "corpus", folder / "data"
        self._index = self._data / "index"
        self._console = console
        self._runs, self._queries = runs, queries
        self.built: dict[str, dict[str, float]] = {}
        self.served: dict[str, dict[str, float]] = {}

    @property
    def n_passages(self) -> int:
        """How many passages were built."""
        return int(self.built["ours"]["passages"])

    def builds(self, rounds: int, peers: list[str]) -> None:
        """Build from the files, the engines by turns."""
        done: dict[str, list[Measured]] = {name: [] for name in ("ours", *peers)}
        for _ in range(rounds):
            for name, measured in done.items():
                place = self._index if name == "ours" else self._folder / name
                shutil.rmtree(place, ignore_errors=True)
                tier = [self._tiers[-1]] if name == "ours" else []
                measured.append(run_child(_CHILDREN, name, self._corpus, place, *tier))
        self.built = {name: _medians(measured) for name, measured in done.items()}
        ours = self.built["ours"]
        words_s = ours["seconds"] - ours["vectors"]
        words = {"seconds": words_s, "passages": ours["passages"]}
        self.built["ours, words only"] = words
        columns = {
            "passages_per_s": "passages / s",
            "seconds": "s",
            "cpu_s": "CPU s",
            "anonymous_mb": "peak MB, own",
            "resident_mb": "with files",
            "disk_mb": "on disk MB",
        }
        table = _table("building", "engine", "s / ours", *columns.values())
        for name, figures in self.built.items():
            figures["passages_per_s"] = figures["passages"] / figures["seconds"]
            cells = [f"{figures[key]:,.1f}" if key in figures else "" for key in columns]
            table.add_row(name, f"{figures['seconds'] / ours['seconds']:.2f}", *cells)
        self._console.print(table)
        phases = _table("our build by its phases", "phase", "share", "s")
        for name in _PHASES:
            phases.add_row(name, f"{ours[name] / ours['seconds']:.2f}", f"{ours[name]:,.2f}")
        self._console.print(phases)

    def starts(self) -> None:
        """Open in fresh processes, and ask by the command, the tiers by turns."""
        query = json.loads(self._draw().read_text(encoding="utf-8"))[0]
        table = _table(
            f"starting, {self._runs} times each, medians",
            *("tier", "open ms", "imports ms", "first search ms", "pullquote ask ms", "on article"),
        )
        times: dict[str, list[dict[str, float]]] = {tier: [] for tier in self._tiers}
        with tempfile.TemporaryDirectory() as article:
            for tier in self._tiers:
                _ask(_ARTICLE_QUESTION, _ARTICLE, Path(article), tier)
            for _ in range(self._runs):
                for tier in self._tiers:
                    asked = {
                        "ask_ms": _ask(query, self._corpus, self._data, tier),
                        "article_ms": _ask(_ARTICLE_QUESTION, _ARTICLE, Path(article), tier),
                    }
                    opened = run_child(_CHILDREN, "open", self._index, tier).figures
                    times[tier].append(opened | asked)
        for tier, measured in times.items():
            keys = "open_ms", "import_ms", "first_ms", "ask_ms", "article_ms"
            table.add_row(tier, *(f"{median(one[key] for one in measured):,.1f}" for key in keys))
        self._console.print(table)

    def serving(self) -> None:
        """Answer a warm mix of questions in each tier."""
        queries = self._draw()
        table = _table(
            f"serving, {self._queries:,} questions",
            *("tier", "p99 / median", "median ms", "p99 ms", "own MB", "file pages MB"),
        )
        for tier in self._tiers:
            figures = run_child(_CHILDREN, "serve", self._index, tier, queries).figures
            self.served[tier] = figures
            keys = "median_ms", "p99_ms", "anonymous_mb", "file_mb"
            ratio = f"{figures['p99_ms'] / figures['median_ms']:.1f}"
            table.add_row(tier, ratio, *(f"{figures[key]:,.2f}" for key in keys))
        self._console.print(table)

    def scopes(self, count: int) -> None:
        """Ask in so many scopes, the tiers by turns."""
        table = _table(
            "scopes, a question in each",
            *("tier", "scopes", "in a scope / whole index", "whole ms", "at first ms"),
            *("then ms", "p99 ms", "memory MB"),
        )
        for tier in self._tiers:
            figures = run_child(_CHILDREN, "scopes", self._index, tier, count).figures
            keys = "whole_ms", "first_ms", "again_ms", "again_p99_ms", "memory_mb"
            table.add_row(
                tier,
                f"{figures['scopes']:,}",
                f"{figures['again_ms'] / figures['whole_ms']:.2f}",
                *(f"{figures[key]:,.2f}" for key in keys),
            )
        self._console.print(table)

    def rebuilds(self, rounds: int) -> None:
        """Change one file of all, and nothing."""
        sources = list(read_sources(self._index, read_manifest(self._index)).documents)
        table = _table(
            f"rebuilding, files: {len(sources):,}",
            *("what", "s / full build", "s", "CPU s", "peak MB, own", "with files"),
        )
        whole = self.built["ours"]["seconds"]
        done: dict[str, list[Measured]] = {}
        for number in range(rounds):
            with (self._corpus / sources[len(sources) // 2]).open("a", encoding="utf-8") as stream:
                stream.write(f"\n\nParagraph {number} was added.\n")
            for what, thorough in (
                ("one file changed", "thorough"),
                ("nothing changed", "thorough"),
                ("nothing changed, at a start", "start"),
            ):
                measured = run_child(
                    _CHILDREN, "ours", self._corpus, self._index, self._tiers[-1], thorough
                )
                done.setdefault(what, []).append(measured)
        for what, measurements in done.items():
            figures = _medians(measurements)
            keys = "anonymous_mb", "resident_mb"
            seconds = figures["seconds"]
            cells = [
                f"{seconds / whole:.3f}",
                f"{seconds:.2f}",
                f"{figures['cpu_s']:.2f}",
                *(f"{figures[k]:,.1f}" for k in keys),
            ]
            table.add_row(what, *cells)
        self._console.print(table)

    def _draw(self) -> Path:
        """Write the queries, once, and return the path of their file."""
        path = self._folder / "queries.json"
        if not path.exists():
            run_child(_CHILDREN, "draw", self._index, self._queries, path)
        return path


def main() -> None:
    """Build, measure and print, one collection after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--passages", metavar="N", type=int, nargs="+", default=[10_000, 100_000, 1_000_000]
    )
    parser.add_argument("--collection", type=Path, metavar="DIR")
    parser.add_argument("--rounds", type=int, default=3, help="builds up to 100,000 passages")
    parser.add_argument("--runs", type=int, default=10, help="starts of a process")
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--scopes", type=int, default=1000)
    parser.add_argument("--encoder", action="store_true", help="make vectors as well")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg")
    parser.add_argument("--keep", type=Path, metavar="FILE.json", help="other sizes' figures")
    arguments = parser.parse_args()
    console = Console(width=110, highlight=False)
    peers = [name for name in _PEERS if find_spec(name)]
    for name in sorted({*_PEERS} - {*peers}):
        console.print(f"{name} is left out: it is not installed")
    kept: _Kept = {}
    if arguments.keep and arguments.keep.exists():
        kept = json.loads(arguments.keep.read_text(encoding="utf-8"))
    for n_passages in [0] if arguments.collection else arguments.passages:
        with tempfile.TemporaryDirectory() as name:
            bench = Bench(
                Path(name),
                console,
                arguments.runs,
                arguments.queries,
                encoder=arguments.encoder,
            )
            rounds = arguments.rounds if n_passages <= _MANY_PASSAGES else 1
            if arguments.collection:
                console.print(f"\n[bold]{arguments.collection}[/bold]; peers are left out")
                shutil.copytree(arguments.collection, Path(name, "corpus"))
            else:
                console.print(f"\n[bold]{n_passages:,} passages[/bold]")
                per_file = max(10, n_passages // 10_000)
                Collection(n_passages).write(Path(name, "corpus"), per_file)
            bench.builds(rounds, [] if arguments.collection else peers)
            bench.starts()
            bench.serving()
            bench.scopes(arguments.scopes)
            bench.rebuilds(rounds)
            kept[str(bench.n_passages)] = {"built": bench.built, "served": bench.served}
            console.print(f"load average: {os.getloadavg()[1]:.1f} over the last 5 minutes")
        if arguments.keep:
            arguments.keep.write_text(json.dumps(kept), encoding="utf-8")
    if arguments.plot:
        write_plot(_panels(kept), arguments.plot)


def _panels(kept: _Kept) -> list[Panel]:
    speed = Panel("Building from text", "passages / s")
    memory = Panel("Peak of its own memory", "MB")
    asking = Panel("A whole question", "median ms")
    for n_passages, measured in kept.items():
        for name, figures in measured["built"].items():
            speed.add(name, int(n_passages), figures["passages_per_s"])
            if "anonymous_mb" in figures:
                memory.add(name, int(n_passages), figures["anonymous_mb"])
        for tier, figures in measured["served"].items():
            asking.add(tier, int(n_passages), figures["median_ms"])
    return [speed, memory, asking]


def _ask(question: str, corpus: Path, data: Path, tier: str) -> float:
    """Return the milliseconds of a `pullquote ask` from its start to its end."""
    command = [str(Path(sys.executable).with_name("pullquote")), "ask", question]
    folders = ["--corpus", str(corpus), "--data", str(data)]
    started = time.perf_counter()
    subprocess.run(
        command + folders,
        check=True,
        cwd=data,  # away from anybody's .env
        env=os.environ | {"RETRIEVAL": tier},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return 1000 * (time.perf_counter() - started)


def _medians(measurements: list[Measured]) -> dict[str, float]:
    """Return the medians of all that was measured several times, a build's phases among it."""
    rows: list[dict[str, Any]] = []
    for one in measurements:
        figures = {name: value for name, value in one.figures.items() if name != "phases"}
        phases = dict.fromkeys(_PHASES, 0.0) | one.figures["phases"]
        memory = {"anonymous_mb": one.anonymous_mb, "resident_mb": one.resident_mb}
        rows.append(figures | phases | memory | {"cpu_s": one.cpu_s})
    return {name: float(median(row[name] for row in rows)) for name in rows[0]}


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, min_width=90, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


if __name__ == "__main__":
    main()
