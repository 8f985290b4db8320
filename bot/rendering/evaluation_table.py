"""The figures of an evaluation as a table on a terminal."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.evaluation import Outcome
from bot.rendering.terminal import printable

_COLUMNS = ("hit@1", "hit@3", "hit@5", "mrr", "refused")


def print_evaluation(console: Console, summary: dict[str, Any]) -> None:
    """Print a row for each group and, below it, one for each of its kinds."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("")
    for column in ("questions", *_COLUMNS):
        table.add_column(column, justify="right")
    for group, figures in summary.items():
        table.add_row(*_row(group, figures), style="bold")
        if len(figures["kinds"]) > 1:
            for kind, of_kind in figures["kinds"].items():
                table.add_row(*_row(f"  {kind}", of_kind))
    console.print(table)


def print_missed(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Print a line for each question whose best quote is wrong."""
    console.print(Text(f"\nMissed at first place: {len(outcomes)}", style="bold"))
    for outcome in outcomes:
        question = outcome.question
        gold = ", ".join(str(paragraph) for _, paragraph in question.gold) or "none"
        rank = f"rank {outcome.rank}" if outcome.rank else "not found"
        if not question.gold:
            rank = "answered"
        line = f"{question.identifier} ({question.kind}; gold {gold}; {rank}): {question.text}"
        console.print(Text(printable(line)), soft_wrap=True)


def _row(name: str, figures: dict[str, Any]) -> list[str]:
    cells = [f"{figures[column]:.3f}" if column in figures else "" for column in _COLUMNS]
    return [name, str(figures["questions"]), *cells]
