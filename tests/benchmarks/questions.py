"""Time whole questions on a corpus: python -m tests.benchmarks.questions QUESTIONS.json.

    python -m tests.benchmarks.questions QUESTIONS.json [--corpus corpus] [--rounds 5]

From what was typed to the chosen quotes, as `pullquote ask` does it without its start. Each
question is asked for the first time in its process, conversations in their order; the tiers take
turns, a process each time. "aside" leaves out what goes into vectors: to encode the question and to
compare it. Ratios come first, to the lexical tier.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from index import EncoderChoice, build_index
from tests.benchmarks.support.memory import run_child

_CHILDREN = "tests.benchmarks.support.children"
_TIERS = "lexical", "encoder"


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    times: dict[str, list[tuple[list[float], list[float]]]] = {tier: [] for tier in _TIERS}
    with tempfile.TemporaryDirectory() as index_dir:
        encoder = EncoderChoice("", Path(index_dir))
        build_index(arguments.corpus, Path(index_dir), encoder=encoder, within_s=None)
        for _ in range(arguments.rounds):
            for tier, measured in times.items():
                asked = run_child(_CHILDREN, "questions", index_dir, tier, arguments.questions)
                measured.append((asked.figures["whole"], asked.figures["semantic"]))
    n_questions = len(times["lexical"][0][0])
    table = Table(title=f"{n_questions:,} questions, {arguments.rounds} times", min_width=80)
    columns = "tier", "median / lexical", "median ms", "p99 ms", "aside: median ms", "p99 ms"
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    base = float(np.median([whole for whole, _ in times["lexical"]]))
    for tier, measured in times.items():
        whole, semantic = np.array(measured).transpose(1, 0, 2)
        aside = whole - semantic if tier != "lexical" else whole
        figures = [*np.percentile(whole, [50, 99]), *np.percentile(aside, [50, 99])]
        table.add_row(tier, f"{figures[0] / base:.2f}", *(f"{figure:.2f}" for figure in figures))
    Console(width=100, highlight=False).print(table)


if __name__ == "__main__":
    main()
