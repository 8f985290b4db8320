"""The figures of an evaluation as tables on a terminal of 100 columns."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.evaluation.folders import SetFigures
from bot.evaluation.metrics import JudgedQuestion
from bot.rendering.plain_text import printable

_WIDTH = 100

_ALWAYS = ("hit@1", "hit@3", "hit@5", "mrr", "refused")

# Columns that are shown only if they are not empty, with short names to fit the width.
_SOMETIMES = {"hesitant": "hesitant", "sentence@1": "sent@1", "sentence@3": "sent@3"}


def print_evaluation(console: Console, summary: dict[str, Any]) -> None:
    """Print each group's figures, below them their 95 % intervals and a row for each kind."""
    columns = _columns(summary.values())
    table = _table("", "questions", *(_SOMETIMES.get(column, column) for column in columns))
    for group, figures in summary.items():
        table.add_row(*_row(group, figures, columns), style="bold")
        intervals = [_interval(figures["intervals"].get(column)) for column in columns]
        table.add_row("  95 % interval", "", *intervals, style="dim")
        if len(figures["kinds"]) > 1:
            for kind, of_kind in figures["kinds"].items():
                table.add_row(*_row(f"  {kind}", of_kind, columns))
    _print(console, table)


def print_comparison(
    console: Console, summaries: dict[str, dict[str, Any]], differences: dict[str, dict[str, Any]]
) -> None:
    """Print a row for each group and way, then how each way differs from the first one."""
    columns = _columns(figures for summary in summaries.values() for figures in summary.values())
    table = _table("", "questions", *(_SOMETIMES.get(column, column) for column in columns))
    first = next(iter(summaries))
    for group in summaries[first]:
        table.add_row(Text(group, style="bold"))
        for way, summary in summaries.items():
            table.add_row(*_row(f"  {way}", summary[group], columns))
    _print(console, table)
    if not differences:
        return
    console.print(Text(f"\nAgainst {first}: difference, 95 % interval, wins:losses", style="bold"))
    table = _table("", "hit@1", "hit@3", "refused")
    for group in summaries[first]:
        table.add_row(Text(group, style="bold"))
        for way, groups in differences.items():
            cells = [_difference(groups[group].get(name)) for name in ("hit@1", "hit@3", "refused")]
            table.add_row(f"  {way}", *cells)
    _print(console, table)


def print_sets(console: Console, sets: Iterable[SetFigures]) -> None:
    """Print a row for each group of each set and tier: the ranking alone, then what is answered."""
    table = _table("", "questions", "ranking @1", "@3", "answers @1", "@3", "refused", "sent@3")
    name = None
    for one in sets:
        if one.name != name:
            name = one.name
            table.add_row(Text(printable(name), style="bold"))
        for group, answers in one.answers.items():
            ranked = [_cell(one.ranking[group], figure) for figure in ("hit@1", "hit@3")]
            told = [_cell(answers, of) for of in ("hit@1", "hit@3", "refused", "sentence@3")]
            table.add_row(f"  {group}, {one.tier}", str(answers["questions"]), *ranked, *told)
    _print(console, table)


def print_missed(console: Console, outcomes: Sequence[JudgedQuestion], way: str = "") -> None:
    """Print a line for each question whose best quote is wrong, for one way of searching."""
    by_whom = f" by {way}" if way else ""
    console.print(Text(f"\nMissed at first place{by_whom}: {len(outcomes)}", style="bold"))
    for outcome in outcomes:
        question = outcome.question
        gold = ", ".join(str(paragraph) for _, paragraph in question.gold) or "none"
        rank = f"rank {outcome.rank}" if outcome.rank else "not found"
        if not question.gold:
            rank = "answered"
        line = f"{question.identifier} ({question.kind}; gold {gold}; {rank}): {question.text}"
        console.print(Text(printable(line)), soft_wrap=True)


def _table(name: str, *columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=True)
    table.add_column(name, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _print(console: Console, table: Table) -> None:
    # A file or a pipe counts as 80 columns, which would cut the figures.
    console.width = max(console.width, _WIDTH)
    console.print(table)


def _columns(groups: Iterable[dict[str, Any]]) -> list[str]:
    """Return the names of the figures to show; optional ones only if they exist."""
    held = [name for figures in groups for name in figures if figures[name] or name != "hesitant"]
    return [*_ALWAYS, *(name for name in _SOMETIMES if name in held)]


def _row(name: str, figures: dict[str, Any], columns: list[str]) -> list[str]:
    return [name, str(figures["questions"]), *(_cell(figures, column) for column in columns)]


def _cell(figures: dict[str, Any], name: str) -> str:
    return f"{figures[name]:.3f}" if name in figures else ""


def _interval(bounds: list[float] | None) -> str:
    return "-".join(f"{bound:.2f}".removeprefix("0") for bound in bounds) if bounds else ""


def _difference(figures: dict[str, Any] | None) -> str:
    if figures is None:
        return ""
    low, high = figures["interval"]
    tally = f"{figures['wins']}:{figures['losses']}"
    numbers = f"{figures['difference']:+.3f}", f"[{low:+.2f},", f"{high:+.2f}]"
    return " ".join((*(number.replace("0.", ".", 1) for number in numbers), f"{tally:>7}"))
