"""Time whole questions on a corpus: python -m tests.benchmarks.questions QUESTIONS.json.

    python -m tests.benchmarks.questions QUESTIONS.json [--corpus corpus] [--index DIR] [--rounds 5]

From what was typed to the chosen quotes, as `pullquote ask` does it without its start. Each
question is asked for the first time in its process, conversations in their order; the tiers take
turns, a process each time. "aside" leaves out what goes into vectors: to encode the question and to
compare it. Ratios come first, to the lexical tier. The index is made in a folder of its own, or in
--index, where it is kept, because the vectors of a large corpus take an hour.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from index import EncoderChoice, build_index
from index.storage.manifest import read_manifest
from tests.benchmarks.support.memory import run_child

_CHILDREN = "tests.benchmarks.support.children"
_TIERS = "lexical", "encoder"


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--index", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    times: dict[str, list[tuple[list[float], list[float]]]] = {tier: [] for tier in _TIERS}
    with _folder(arguments.index) as index_dir:
        encoder = EncoderChoice("", index_dir)
        built = build_index(arguments.corpus, index_dir, encoder=encoder, within_s=None)
        words, vectors = _sizes(index_dir)
        for _ in range(arguments.rounds):
            for tier, measured in times.items():
                asked = run_child(_CHILDREN, "questions", str(index_dir), tier, arguments.questions)
                measured.append((asked.figures["whole"], asked.figures["semantic"]))
    n_questions = len(times["lexical"][0][0])
    title = (
        f"{n_questions:,} questions, {arguments.rounds} times, over {built.passages:,} passages; "
        f"on disk {words / 2**20:,.1f} MB of words, {vectors / 2**20:,.1f} MB of vectors"
    )
    table = Table(title=title, min_width=80)
    columns = (
        *("tier", "median / lexical", "median ms", "p99 ms", "questions / s"),
        *("aside: median ms", "p99 ms"),
    )
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    base = float(np.median([whole for whole, _ in times["lexical"]]))
    for tier, measured in times.items():
        whole, semantic = np.array(measured).transpose(1, 0, 2)
        aside = whole - semantic if tier != "lexical" else whole
        rate = 1000 / whole.mean()
        figures = [*np.percentile(whole, [50, 99]), rate, *np.percentile(aside, [50, 99])]
        table.add_row(tier, f"{figures[0] / base:.2f}", *(f"{figure:.2f}" for figure in figures))
    Console(width=100, highlight=False).print(table)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """Yield the folder of the index: the given one, or one that is removed."""
    if kept is not None:
        yield kept
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _sizes(index_dir: Path) -> tuple[int, int]:
    """Return the bytes of an index without its vectors, and those of its vectors."""
    build = index_dir / read_manifest(index_dir).build
    sizes = {path: path.stat().st_size for path in build.rglob("*") if path.is_file()}
    vectors = sum(size for path, size in sizes.items() if path.name.startswith("encoder"))
    return sum(sizes.values()) - vectors, vectors


if __name__ == "__main__":
    main()
