"""The `pullquote` command: parse arguments, load settings, call one function."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from dotenv import dotenv_values

from bot import opening
from bot.answering import DEFAULT_TOP_K, answer_question
from bot.errors import SettingsError
from bot.logs import set_up_logging
from bot.rendering.wording import counted
from bot.settings import Settings
from index import BuildReport

if TYPE_CHECKING:
    from rich.console import Console

_Command = TypeVar("_Command", bound=Callable[..., Any])

# As many quotes as anybody reads; evaluation looks no deeper than ten.
_MAX_TOP_K = 100


def _folders(command: _Command) -> _Command:
    """Add the options that every command takes."""
    corpus = click.option(
        "--corpus", type=click.Path(path_type=Path), metavar="DIR", help="The folder of texts."
    )
    data = click.option(
        "--data", type=click.Path(path_type=Path), metavar="DIR", help="The folder of the index."
    )
    return corpus(data(command))


@click.group(invoke_without_command=True)
@click.version_option(package_name="pullquote")
@_folders
@click.pass_context
def cli(context: click.Context, corpus: Path | None, data: Path | None) -> None:
    """Answer questions with verbatim quotes from your texts.

    Without a command: the same as `pullquote repl`.
    """
    context.obj = {"corpus": corpus, "data": data}
    if context.invoked_subcommand is None:
        context.invoke(repl)


@cli.command()
@_folders
@click.pass_context
def repl(context: click.Context, corpus: Path | None = None, data: Path | None = None) -> None:
    """Ask and answer in the terminal, with follow-ups."""
    from bot.repl import run_repl

    settings = _settings(context, corpus, data)
    run_repl(opening.open_index(settings), _console())


@cli.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@click.option("--batch", is_flag=True, help="Answer JSON lines from stdin.")
@click.option(
    "--top-k",
    type=click.IntRange(1, _MAX_TOP_K),
    default=DEFAULT_TOP_K,
    show_default=True,
    help="The most quotes.",
)
@_folders
@click.pass_context
def ask(
    context: click.Context,
    question: str | None,
    *,
    as_json: bool,
    batch: bool,
    top_k: int,
    corpus: Path | None,
    data: Path | None,
) -> None:
    """Answer one QUESTION, or with --batch a JSON line for each line of stdin."""
    if batch == (question is not None):
        raise click.UsageError("give either a question in quotation marks or --batch")
    settings = _settings(context, corpus, data)
    searcher = opening.open_index(settings).current()
    if question is None:
        from bot.batch import answer_lines

        for line in answer_lines(sys.stdin.buffer, searcher, top_k=top_k):
            click.echo(json.dumps(line))
        return
    answer = answer_question(question, [], searcher, top_k=top_k)
    if as_json:
        from bot.rendering.as_json import answer_to_json

        click.echo(json.dumps(answer_to_json(answer)))
    else:
        from bot.rendering.terminal import print_answer

        print_answer(_console(), answer)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@_folders
@click.pass_context
def rebuild(
    context: click.Context, *, as_json: bool, corpus: Path | None, data: Path | None
) -> None:
    """Build the index from the texts, where they changed, and publish it at once."""
    report = opening.rebuild(_settings(context, corpus, data))
    click.echo(json.dumps(asdict(report)) if as_json else _report_lines(report))


@cli.command()
@_folders
@click.pass_context
def discord(context: click.Context, corpus: Path | None, data: Path | None) -> None:
    """Run the Discord bot."""
    settings = _settings(context, corpus, data, serving=True)
    if settings.discord_token is None:
        raise SettingsError(
            "DISCORD_TOKEN",
            "not set; copy the token from the application's Bot page into .env (see README)",
        )
    from bot.discord_app.running import run_discord_bot

    run_discord_bot(settings.discord_token, settings.discord_api_base, opening.open_index(settings))


@cli.command()
@click.argument("questions", type=click.Path(path_type=Path), metavar="QUESTIONS.json")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option("--verbose", is_flag=True, help="Also list the questions missed.")
@_folders
@click.pass_context
def evaluate(
    context: click.Context,
    questions: Path,
    *,
    as_json: bool,
    verbose: bool,
    corpus: Path | None,
    data: Path | None,
) -> None:
    """Measure answer quality on a question set."""
    from bot.evaluation import missed, run_question_set, summarise
    from bot.question_sets import load_question_set
    from bot.rendering.evaluation_table import print_evaluation, print_missed

    searcher = opening.open_index(_settings(context, corpus, data)).current()
    outcomes = run_question_set(load_question_set(questions, searcher), searcher)
    summary = summarise(outcomes)
    wrong = missed(outcomes)
    if as_json:
        listed = {"missed": [one.question.identifier for one in wrong]} if verbose else {}
        click.echo(json.dumps(summary | listed))
        return
    print_evaluation(_console(), summary)
    if verbose:
        print_missed(_console(), wrong)


def _settings(
    context: click.Context, corpus: Path | None, data: Path | None, *, serving: bool = False
) -> Settings:
    """Load the settings, with the folders of the command line, and set up logging."""
    real = {name: value for name, value in os.environ.items() if value.strip()}
    settings = Settings.from_mapping({**_dotenv(), **real})
    outer = context.find_root().obj or {}
    settings = replace(
        settings,
        corpus_dir=corpus or outer.get("corpus") or settings.corpus_dir,
        data_dir=data or outer.get("data") or settings.data_dir,
    )
    # On a terminal, progress reports would stand between the answers.
    level = "WARNING" if settings.log_level == "INFO" and not serving else settings.log_level
    set_up_logging(level)
    return settings


def _dotenv() -> dict[str, str | None]:
    """Return the values of `.env` in the working folder; none where there is no such file."""
    try:
        return dict(dotenv_values(".env"))
    except (OSError, UnicodeError) as error:
        raise SettingsError(".env", f"cannot be read as UTF-8 text ({error})") from error


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def _report_lines(report: BuildReport) -> str:
    counts = ", ".join(
        (
            counted(report.documents, "document"),
            counted(report.passages, "passage"),
            counted(report.terms, "term"),
        )
    )
    if report.unchanged:
        return f"The texts have not changed: {counts}. Nothing to do."
    lines = [f"Indexed {counts} in {report.seconds:.2f} s."]
    for name in ("added", "changed", "removed"):
        sources = getattr(report, name)
        if sources:
            lines.append(f"{name}: {', '.join(sources)}")
    return "\n".join(lines)
