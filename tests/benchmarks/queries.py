"""Time BM25 queries beside rank_bm25, bm25s and tantivy: python -m tests.benchmarks.queries.

    python -m tests.benchmarks.queries [--passages 51 10000 100000 1000000] [--queries 1000]
        [--plot FILE.svg]

Needs `pip install -e '.[benchmarks]'`, and for a million passages 4 GB of memory and 3 GB of disk.

The collection is made up, see `collection.py`. A query has 2 to 8 distinct words of one passage,
in two draws: `any`, each of its distinct words alike, function words among them; and `content`,
without the 100 most frequent words of the collection, as if they were stop words. Each engine gets
the words ready-made and returns the best ten.

Each engine is built in its own process, from the same tokens on disk (rank_bm25 and bm25s: after
these were made Python lists, tantivy: with the joining of each passage to a text), and opened and
asked in its own process for the memory. Times are taken in one process, the engines by turns,
20 queries each (at every query they would measure mostly how the others emptied the caches), after
as many other queries to warm up. bm25s scores by its numba backend, from
memory; tantivy and ours from mapped files. rank_bm25 is asked the first 50 queries only, up to
100,000 passages. Ratios come first: they say more than times on a machine that does other things.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from tests.benchmarks.support.collection import VOCABULARY_SIZE, Collection
from tests.benchmarks.support.engines import (
    BUILDERS,
    OPENERS,
    TOP_K,
    Search,
    Tokens,
    build_rank_bm25,
)
from tests.benchmarks.support.plots import Panel, write_plot

DRAWS = {"any": 0, "content": 100}
RANK_BM25_PASSAGES, RANK_BM25_QUERIES = 100_000, 50
# Seeds 1 and 2 were tuned on, see index/top_k.py.
WARM_UP_SEED, SEED = 1, 3
BLOCK = 20

Times = dict[str, npt.NDArray[np.float64]]


def main() -> None:
    """Build, measure and print, one size after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[51, 10_000, 100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--plot", type=Path, metavar="FILE.svg")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        _run_child(*arguments.child)
        return
    panels = {draw: Panel(f"Queries: {draw} words", "median ms") for draw in DRAWS}
    for n_passages in arguments.passages:
        with tempfile.TemporaryDirectory() as folder:
            _compare(n_passages, arguments.queries, Path(folder), panels)
    if arguments.plot:
        write_plot(list(panels.values()), arguments.plot)


def _compare(n_passages: int, n_queries: int, folder: Path, panels: dict[str, Panel]) -> None:
    console = Console(width=100)
    console.print(f"\n[bold]{n_passages:,} passages[/bold]")
    collection = Collection(n_passages)
    Tokens.write(collection, folder)
    built = {}
    for name in BUILDERS:
        if name == "rank_bm25" and n_passages > RANK_BM25_PASSAGES:
            continue
        (folder / name).mkdir()
        built[name] = _child("build", name, folder)
        if name in OPENERS:
            built[name] |= _child("serve", name, folder)
    searches = {name: open_engine(folder / name) for name, open_engine in OPENERS.items()}
    for draw, without in DRAWS.items():
        warm_up = collection.queries(n_queries, seed=WARM_UP_SEED, without=without)
        queries = collection.queries(n_queries, seed=SEED, without=without)
        times = _time(searches, warm_up, queries)
        if n_passages <= RANK_BM25_PASSAGES:
            times |= _time_rank_bm25(folder, searches["ours"], queries[:RANK_BM25_QUERIES])
        console.print(_times_table(draw, times))
        for name, seconds in times.items():
            panels[draw].add(name, n_passages, 1000 * float(np.median(seconds)))
    console.print(_builds_table(built))


def _time(searches: dict[str, Search], warm_up: list[list[int]], queries: list[list[int]]) -> Times:
    for query in warm_up:
        for search in searches.values():
            search(query)
    times = {name: np.zeros(len(queries)) for name in searches}
    for first in range(0, len(queries), BLOCK):
        for name, search in searches.items():
            for number, query in enumerate(queries[first : first + BLOCK], first):
                started = time.perf_counter()
                search(query)
                times[name][number] = time.perf_counter() - started
    return times


def _time_rank_bm25(folder: Path, ours: Search, queries: list[list[int]]) -> Times:
    """Time rank_bm25, and hold our scores against its own."""
    okapi = build_rank_bm25(Tokens.open(folder))
    times = np.zeros(len(queries))
    for number, query in enumerate(queries):
        started = time.perf_counter()
        scores = okapi.get_scores(query)
        best = np.argpartition(-scores, min(TOP_K, len(scores) - 1))[:TOP_K]
        times[number] = time.perf_counter() - started
        found = ours(query)[1]
        np.testing.assert_allclose(found, np.sort(scores[best])[::-1][: len(found)], rtol=1e-6)
    return {"rank_bm25": times}


def _times_table(draw: str, times: Times) -> Table:
    table = Table(title=f"queries: {draw} words, {len(times['ours']):,} of them", min_width=80)
    for column in ("engine", "median / ours", "p99 / ours", "median ms", "p99 ms", "mean ms"):
        table.add_column(column, justify="left" if column == "engine" else "right")
    median, p99 = np.percentile(times["ours"], [50, 99])
    for name, seconds in times.items():
        of_median, of_p99 = np.percentile(seconds, [50, 99])
        ratios = f"{of_median / median:.2f}", f"{of_p99 / p99:.2f}"
        figures = [f"{1000 * x:.3f}" for x in (of_median, of_p99, float(seconds.mean()))]
        table.add_row(name, *ratios, *figures)
    return table


def _builds_table(built: dict[str, dict[str, float]]) -> Table:
    table = Table(title="building and serving", min_width=80)
    columns = {
        "build_s": "build s",
        "build_mb": "build peak MB",
        "disk_mb": "on disk MB",
        "open_ms": "open ms",
        "private_mb": "serving MB, private",
    }
    table.add_column("engine")
    for column in columns.values():
        table.add_column(column, justify="right")
    for name, figures in built.items():
        cells = [f"{figures[key]:,.1f}" if key in figures else "" for key in columns]
        table.add_row(name, *cells)
    return table


def _child(what: str, name: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", __spec__.name, "--child", what, name, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _run_child(what: str, name: str, folder: str) -> None:
    """Build or serve alone in this process, and print what it took as JSON."""
    place = Path(folder) / name
    started = time.perf_counter()
    if what == "build":
        BUILDERS[name](Tokens.open(Path(folder)), VOCABULARY_SIZE, place)
        figures = {
            "build_s": time.perf_counter() - started,
            "build_mb": _status_mb("VmHWM"),
        }
        if name in OPENERS:
            size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
            figures["disk_mb"] = size / 2**20
    else:
        before = _status_mb("RssAnon")
        started = time.perf_counter()
        search = OPENERS[name](place)
        figures = {"open_ms": 1000 * (time.perf_counter() - started)}
        n_passages = len(Tokens.open(Path(folder)).lengths)
        for query in Collection(n_passages).queries(200, seed=SEED):
            search(query)
        figures["private_mb"] = _status_mb("RssAnon") - before
    sys.stdout.write(json.dumps(figures))


def _status_mb(field: str) -> float:
    """Return a field of this process's memory (Linux).

    RssAnon is what no other process can share. VmHWM is the most that was resident, files' pages
    too; `ru_maxrss` of getrusage is no less than what the parent held when it started this one.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{field}:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
