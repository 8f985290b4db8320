"""Measure what each part of ranking brings: python -m tests.benchmarks.ablation QUESTIONS.json.

The questions are asked in the configuration that ships, then with each part of
`tests.benchmarks.support.parts` switched off, one at a time, and with each part that is not built
switched on. The figures are those of `pullquote evaluate`, over single questions and follow-up
turns, each as the difference to the shipped configuration over the same questions: what switching
does, so a part that pays has a minus. With about twenty parts and four figures, one in twenty
intervals leaves out 0 by chance.

The judge that may answer "nothing found" always lets the quotes through here, with every part
there too: its thresholds were fitted to the whole, and a part would be charged with refusals that
another fit takes back. Figures may therefore differ from those of `pullquote evaluate`. Single
questions that nothing answers have no figures and are not asked.

A part whose switch changes no quote, score or sentence in the set is marked with 0 questions
changed; where it changes nothing in a conversation made for it either, the switch is dead and the
command fails. WordNet is measured where NLTK finds its data (NLTK_DATA); the encoder is that of the
setting NEURAL_MODEL. Nothing is fetched.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import click
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from bot.answering import context_search
from bot.answering.answer import Answer
from bot.answering.quote import Quote
from bot.config.settings import Settings
from bot.evaluation import metrics
from bot.evaluation.comparison import run_ways
from bot.evaluation.metrics import JudgedQuestion, bootstrap_intervals, by_group, summarise
from index import Tier
from tests.benchmarks.support.parts import Part, parts_of, switched

FIGURES = ("hit@1", "hit@3", "hit@5", "sentence@3")
GROUPS = ("single questions", "follow-up turns")
_SHOWN = 3

# A text and a conversation in which every part of every tier changes something.
MADE_UP_TEXT = """\
# Lowmere

## Building

The harbour was dug in 1802 by Captain Ada Finch. Finchley stone was used.

## Fishing

Herring boats leave before dawn. Sometimes 20 boats return late, and the government worries.

## Fires

The lighthouse burned twice. Finch rebuilt it with her keepers after the storm of May.

## Storms

A stormy night in 1887 sank nine ships. Nobody drowned, because the bell rang early.

## Visitors

Visitors come in June to hear the choir. The Prime Minister spoke on the pier.
"""
MADE_UP_SINGLES = ("how many boats are there?", "how many herring dug?")
MADE_UP_CONVERSATIONS = (
    (
        "who is finch?",
        "what did ada build with keepers?",
        "and when did the lighthuose burn?",
        "something else: what did the pm say while visiting?",
        "why did ships sink on a stormy evening?",
    ),
    ("who is finch?", "did the storm of 1887 sink ships at night, and did it drown somebody?"),
)


class DeadSwitchError(Exception):
    """A switch changes nothing anywhere, so what it measures is not the part it names."""

    def __init__(self, part: Part, tier: Tier) -> None:
        super().__init__(f"{part.name}: its switch changes nothing in the {tier} tier")


class Run:
    """What a configuration makes of a question set: the answers and what is judged right."""

    def __init__(self, settings: Settings, questions: Path, *, per_document: bool = False) -> None:
        self.quotes: list[tuple[Quote, ...]] = []
        with _recorded(self.quotes):
            way = settings.retrieval.value
            found = run_ways(settings, questions, [way], per_document=per_document)
        if not found:
            raise click.ClickException("nothing was measured")
        self.outcomes = found[way]

    def n_changed(self, other: "Run") -> int:
        """Return for how many questions any quote, score or sentence differs."""
        return sum(mine != theirs for mine, theirs in zip(self.quotes, other.quotes, strict=True))


def ablate(
    settings: Settings, questions: Path, *, per_document: bool = False, every: int = 1
) -> dict[str, Any]:
    """Measure the shipped configuration and what switching each part does.

    Args:
        settings: Name the corpus, the tier, the encoder and a folder to write in.
        questions: A question set.
        per_document: Ask each question of an index of its own document only.
        every: 3 asks the first of the set's entries that something answers, the fourth and so on.

    Returns:
        "tier"; "full" with the figures of each group; and "parts", by name, whether the part is
        "added", how many questions are "changed", and by group and figure what `difference` gives.

    Raises:
        DeadSwitchError: A part changes nothing, not even in the conversations made for it.
    """
    tier = settings.retrieval
    questions = _write_answerable(questions, settings.data_dir, every)
    full = Run(settings, questions, per_document=per_document)
    rows: dict[str, Any] = {}
    for part in tqdm(parts_of(tier), str(tier), unit="part", disable=None):
        with switched(part):
            run = Run(settings, questions, per_document=per_document)
        n_changed = run.n_changed(full)
        if not n_changed:
            check_switch(part, settings)
        rows[part.name] = {"added": part.added, "changed": n_changed} | _differences(
            full.outcomes, run.outcomes
        )
    figures = summarise(full.outcomes)
    shown = ("questions", *FIGURES)
    return {
        "tier": tier.value,
        "full": {
            group: {name: figures[group][name] for name in shown if name in figures[group]}
            for group in GROUPS
            if group in figures
        },
        "parts": rows,
    }


def difference(
    base: Iterable[JudgedQuestion], other: Iterable[JudgedQuestion], figure: str
) -> dict[str, Any] | None:
    """Compare a figure question by question, or return None where no question counts for it.

    Returns:
        "difference" of the shares, its "interval" (see `bootstrap_intervals`), and how many
        questions the other one "wins" and "losses" against the base.
    """
    pairs = [(a, b) for a, b in zip(base, other, strict=True) if figure in _values(a)]
    if not pairs:
        return None
    gains = [_values(b)[figure] - _values(a)[figure] for a, b in pairs]
    clusters = [a.question.conversation for a, _ in pairs]
    return {
        "difference": round(sum(gains) / len(gains), 4),
        "interval": bootstrap_intervals([{figure: gain} for gain in gains], clusters)[figure],
        "wins": sum(gain > 0 for gain in gains),
        "losses": sum(gain < 0 for gain in gains),
    }


def check_switch(part: Part, settings: Settings) -> None:
    """Make sure that a switch changes something in the conversations made for it.

    Raises:
        DeadSwitchError: It does not.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        questions = write_made_up(folder)
        made_up = replace(settings, corpus_dir=folder / "corpus")
        with _own_index(made_up) as own:
            full = Run(own, questions)
            with switched(part):
                run = Run(own, questions)
    if not run.n_changed(full):
        raise DeadSwitchError(part, settings.retrieval)


def write_made_up(folder: Path) -> Path:
    """Write the made-up corpus and its question set, and return the path of the set."""
    (folder / "corpus").mkdir()
    (folder / "corpus" / "lowmere.md").write_text(MADE_UP_TEXT, encoding="utf-8")
    entries: list[dict[str, Any]] = [
        *(
            {"id": f"single {n}", "kind": "made up", "question": question, "gold": [2]}
            for n, question in enumerate(MADE_UP_SINGLES, start=1)
        ),
        *(
            {
                "id": f"conversation {n}",
                "kind": "made up",
                "turns": [{"question": text, "gold": [3]} for text in turns],
            }
            for n, turns in enumerate(MADE_UP_CONVERSATIONS, start=1)
        ),
    ]
    path = folder / "questions.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


def print_table(console: Console, report: dict[str, Any]) -> None:
    """Print a row for each part, and above them the figures of the whole."""
    for group, figures in report["full"].items():
        names = [name for name in FIGURES if name in figures]
        table = Table("", "changed", *names, box=None, header_style="bold", pad_edge=False)
        table.add_row("all parts", "", *(f"{figures[name]:.3f}" for name in names))
        for name, row in report["parts"].items():
            cells = [_cell(row[group][figure]) for figure in names]
            table.add_row(f"{'+' if row['added'] else '-'} {name}", str(row["changed"]), *cells)
        console.print(f"\n{report['tier']}, {group}: {figures['questions']}")
        console.print(table, soft_wrap=True)


@contextmanager
def _recorded(quotes: list[tuple[Quote, ...]]) -> Iterator[None]:
    """Keep the quotes of every answer, and let none be refused."""
    answer_question = vars(metrics)["answer_question"]  # a part may have replaced it

    def recording(*arguments: Any, **options: Any) -> Answer:
        answer: Answer = answer_question(*arguments, **options)
        quotes.append(answer.quotes)
        return answer

    with (
        patch.object(metrics, "answer_question", recording),
        patch.object(context_search, "is_unanswerable", lambda *_: False),
    ):
        yield


@contextmanager
def _own_index(settings: Settings) -> Iterator[Settings]:
    """Give settings with an index folder of their own, so that no bot's index is replaced."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        data_dir = Path(name)
        if settings.models_dir.is_dir():
            (data_dir / "models").symlink_to(settings.models_dir.absolute())
        yield replace(settings, data_dir=data_dir)


def _write_answerable(questions: Path, folder: Path, every: int) -> Path:
    """Write a sample of a question set's entries that some paragraph answers; return its path."""
    entries = json.loads(questions.read_text(encoding="utf-8"))
    answerable = [entry for entry in entries if entry.get("turns") or entry["gold"]]
    path = folder / questions.name
    path.write_text(json.dumps(answerable[::every]), encoding="utf-8")
    return path


def _differences(base: Sequence[JudgedQuestion], other: Sequence[JudgedQuestion]) -> dict[str, Any]:
    groups, others = by_group(base), by_group(other)
    return {
        group: {figure: difference(groups[group], others[group], figure) for figure in FIGURES}
        for group in GROUPS
        if group in groups
    }


def _values(outcome: JudgedQuestion) -> dict[str, float]:
    values = outcome.values
    if outcome.question.answer:
        values["sentence@3"] = float((outcome.sentence_rank or _SHOWN + 1) <= _SHOWN)
    return values


def _cell(figures: dict[str, Any] | None) -> str:
    if figures is None:
        return ""
    low, high = figures["interval"]
    tally = f"{figures['wins']}:{figures['losses']}"
    return f"{figures['difference']:+.3f} [{low:+.2f}, {high:+.2f}] {tally:>5}"


@click.command()
@click.argument("questions", type=click.Path(exists=True, path_type=Path), metavar="QUESTIONS.json")
@click.option(
    "--corpus", type=click.Path(exists=True, path_type=Path), required=True, metavar="DIR"
)
@click.option(
    "--tier", type=click.Choice([tier.value for tier in Tier]), default=Tier.ENCODER.value
)
@click.option("--per-document", is_flag=True, help="Ask each question of its own document only.")
@click.option("--every", type=click.IntRange(1), default=1, help="Ask one in so many questions.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(
    questions: Path, corpus: Path, tier: str, *, per_document: bool, every: int, as_json: bool
) -> None:
    """Print what each part of ranking brings on a question set."""
    settings = Settings.from_mapping(os.environ)
    settings = replace(settings, corpus_dir=corpus, retrieval=Tier(tier))
    try:
        with _own_index(settings) as own:
            report = ablate(own, questions, per_document=per_document, every=every)
    except DeadSwitchError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(report))
    else:
        print_table(Console(highlight=False, width=140), report)


if __name__ == "__main__":
    main()
