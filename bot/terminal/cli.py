"""The `pullquote` command: parse arguments, load settings, call one function."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from bot.answering import DEFAULT_TOP_K, answer_question, explain
from bot.config.env_file import read_dotenv
from bot.config.file_permissions import warn_of_exposed
from bot.config.settings import SECRET_VARIABLES, Settings, former_value
from bot.errors import SettingsError
from bot.indexing import open_index
from bot.indexing.build import lower_priority
from bot.indexing.scope import limit_to
from bot.operations.logs.redaction import keep_secret
from bot.operations.logs.setup import begin_logging, set_up_logging, tell
from bot.rendering.plain_text import counted, first_names, printable
from bot.terminal import answer_forms
from index import BuildReport, Tier

if TYPE_CHECKING:
    from rich.console import Console

    from bot.config.application import ApplicationInfo

_Command = TypeVar("_Command", bound=Callable[..., Any])

_DOTENV = Path(".env")

# More quotes than people read; evaluation looks at ten.
_MAX_TOP_K = 100


def _folder(context: click.Context, parameter: click.Parameter, value: str | None) -> Path | None:
    """Return a folder of the command line; blank counts as not given."""
    del context, parameter
    return Path(value) if value and value.strip() else None


def _folders(command: _Command) -> _Command:
    """Add the options that every command takes."""
    corpus = click.option("--corpus", metavar="DIR", callback=_folder, help="The folder of texts.")
    data = click.option("--data", metavar="DIR", callback=_folder, help="The folder of the index.")
    return corpus(data(command))


_SOURCE = click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="GLOB",
    help="Search only texts with this path, folder or title; may be repeated.",
)


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
    from bot.terminal.repl import run_repl
    from bot.terminal.sample_offer import offer_sample

    settings = _settings(context, corpus, data)
    offer_sample(settings)
    run_repl(open_index.open_index(settings), _console(), settings)


@cli.command(short_help="Answer one question, or JSON lines from stdin.")
@click.argument("question", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(answer_forms.FORMS),
    help="Print the answer as text (default), as one JSON object, or as Discord's plain message.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--explain", "explained", is_flag=True, help="Also explain how it was found.")
@click.option("--batch", is_flag=True, help="Answer JSON lines from stdin.")
@click.option(
    "--top-k",
    type=click.IntRange(1, _MAX_TOP_K),
    default=DEFAULT_TOP_K,
    show_default=True,
    help="The most quotes.",
)
@_SOURCE
@_folders
@click.pass_context
def ask(
    context: click.Context,
    question: str | None,
    *,
    form: str | None,
    as_json: bool,
    explained: bool,
    batch: bool,
    top_k: int,
    sources: tuple[str, ...],
    corpus: Path | None,
    data: Path | None,
) -> None:
    """Answer one QUESTION, or with --batch each line of stdin, as JSON."""
    if batch and explained:
        raise click.UsageError("--explain goes with one question, not with --batch")
    if batch == (question is not None):
        raise click.UsageError("give either a question in quotation marks or --batch")
    form = _form(form, as_json=as_json, batch=batch)
    if explained and form == "discord":
        raise click.UsageError("--explain goes with text and JSON, not with --format discord")
    settings = _settings(context, corpus, data)
    searcher = limit_to(open_index.open_index(settings, wait=batch).current(), sources)
    if question is None:
        from bot.terminal.batch import answer_lines

        for line in answer_lines(sys.stdin.buffer, searcher, top_k=top_k):
            click.echo(json.dumps(line))
        return
    answer = answer_question(question, [], searcher, top_k=top_k, joins=form != "json")
    explanation = list(explain(question, [], searcher, top_k=top_k)) if explained else None
    if form == "json":
        answer_forms.print_json(answer, explanation)
    elif form == "discord":
        answer_forms.print_discord(answer, searcher)
    else:
        answer_forms.print_text(answer, explanation, _console(), searcher, searched=sources)


def _form(form: str | None, *, as_json: bool, batch: bool) -> str:
    """Return the form of the answer, which --json and --batch name as well."""
    if (as_json or batch) and form not in (None, "json"):
        option = "--batch" if batch else "--json"
        raise click.UsageError(f"{option} prints JSON, so it does not go with --format {form}")
    return "json" if as_json or batch else form or "text"


@cli.command(short_help="Bring the index up to date with the texts.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option(
    "--watch", "watched", is_flag=True, help="Keep running, and rebuild when the texts change."
)
@_folders
@click.pass_context
def rebuild(
    context: click.Context, *, as_json: bool, watched: bool, corpus: Path | None, data: Path | None
) -> None:
    """Update the index from the texts that changed, and publish it."""
    from bot.indexing.shared_texts import store_in_database

    settings = _settings(context, corpus, data)
    lower_priority()
    if watched:
        from bot.indexing.watch import watch_and_rebuild

        reports: Iterator[BuildReport] = watch_and_rebuild(settings)
    else:
        reports = iter([open_index.rebuild(settings)])
    for report in reports:
        open_index.report_skipped(report)
        click.echo(json.dumps(asdict(report)) if as_json else _report_lines(report))
        store_in_database(settings)
        if report.vectors_are_pending and not watched:
            open_index.encode(settings)


@cli.group(name="index", short_help="Copy the index between files and a cluster.")
def index_group() -> None:
    """Copy the index between the files of DATA_DIR and the cluster of INDEX_URL."""


@index_group.command(name="copy")
@click.option(
    "--to",
    "target",
    type=click.Choice(("cluster", "files")),
    required=True,
    help="Where the index is copied; the other one is where it comes from.",
)
@_folders
@click.pass_context
def copy_index(
    context: click.Context, *, target: str, corpus: Path | None, data: Path | None
) -> None:
    """Copy the published index, and verify that all of it has arrived."""
    from bot.indexing.copy_index import copy_to_cluster, copy_to_files

    settings = _settings(context, corpus, data)
    click.echo(copy_to_cluster(settings) if target == "cluster" else copy_to_files(settings))


@cli.command()
@click.option("--watch", "watched", is_flag=True, help="Also rebuild when the texts change.")
@_folders
@click.pass_context
def discord(
    context: click.Context, *, watched: bool, corpus: Path | None, data: Path | None
) -> None:
    """Run the Discord bot."""
    settings = _settings(context, corpus, data, serving=True)
    token = settings.discord_token
    if token is None:
        raise SettingsError(
            "DISCORD_TOKEN",
            "not set; `pullquote init` asks for the token and writes it into .env",
        )
    from bot.operations.locks.single_instance import lock_data_folder

    with lock_data_folder(settings):
        from bot.database import Pseudonyms
        from bot.discord_app.run import run_discord_bot
        from bot.indexing.shared_texts import prepare
        from bot.operations.backup.restore import finish_restore

        finish_restore(settings)
        pseudonyms = Pseudonyms.load(settings.data_dir, settings.people_key)
        settings = prepare(settings, pseudonyms)
        live = open_index.open_index(settings)
        run_discord_bot(token, settings, live, pseudonyms, watched=watched)


@cli.command(short_help="Set the bot up step by step.")
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]", default="."
)
@click.option("--sample/--no-sample", default=None, help="Copy a sample text if there is none.")
@click.option(
    "--token-file",
    type=click.File(encoding="utf-8", errors="replace"),
    metavar="FILE",
    help="Read the bot's token from a file, or from stdin (-); else from DISCORD_TOKEN.",
)
@click.option("--qr/--no-qr", default=None, help="Print the invitation as a QR code.")
@click.option("--neural-model", metavar="NAME", help="Use another encoder, or auto.")
@click.option(
    "--privacy-contact", metavar="NAME", help="Write PRIVACY.md, which names this contact."
)
@click.option("--question", metavar="TEXT", help="Ask this first.")
@click.option("--no-input", is_flag=True, help="Ask nothing, also on a terminal.")
@click.option("--force", is_flag=True, help="Replace settings and files without asking.")
@_folders
@click.pass_context
def init(
    context: click.Context,
    /,
    folder: Path,
    *,
    token_file: TextIO | None,
    no_input: bool,
    force: bool,
    corpus: Path | None,
    data: Path | None,
    **options: Any,  # noqa: ANN401  # those that `Given` has, by its names
) -> None:
    """Set the bot up in DIR, which is made if it is missing.

    Asks for the texts and the token, builds the index, prints the invitation and writes .env. What
    an option says is not asked; without a terminal nothing is. It may be run again.
    """
    from bot.terminal.init.dialogue import Dialogue
    from bot.terminal.init.given import Given
    from bot.terminal.init.run_init import enter, run_init

    outer = context.find_root().obj or {}
    token = token_file.readline().strip() if token_file else None
    if token == "":
        raise click.UsageError("the file of --token-file is empty")
    given = Given(corpus or outer.get("corpus"), data or outer.get("data"), token, **options)
    context.find_root().obj = {}
    given = enter(folder, given)
    dialogue = Dialogue(may_ask=not no_input, force=force)
    run_init(dialogue, _settings(context, None, None), given, folder, _check_token)


def _check_token(token: str, settings: Settings) -> "ApplicationInfo":
    from bot.discord_app.token_check import check_token

    return check_token(token, settings)


@cli.command(short_help="Check the installation, and say what to do.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as one JSON object.")
@_folders
@click.pass_context
def doctor(
    context: click.Context, *, as_json: bool, corpus: Path | None, data: Path | None
) -> None:
    """Check the installation, a line for each check, and say what to do; nothing is changed.

    Exits with 1 if a check fails. What cannot be checked, as without a network, is no failure.
    """
    from bot.discord_app.token_check import check_gateway, check_token
    from bot.terminal.doctor.discord_checks import DiscordAccess
    from bot.terminal.doctor.run_doctor import run_doctor

    outer = context.find_root().obj or {}
    corpus, data = corpus or outer.get("corpus"), data or outer.get("data")
    access = DiscordAccess(check_token, check_gateway)
    if not run_doctor(os.environ, _DOTENV, access, corpus=corpus, data=data, as_json=as_json):
        context.exit(1)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@_folders
@click.pass_context
def backup(
    context: click.Context, file: Path, *, force: bool, corpus: Path | None, data: Path | None
) -> None:
    """Save the data that cannot be rebuilt to FILE; the bot may run."""
    from bot.operations.backup.create import back_up
    from bot.operations.backup.report import saved_lines

    settings = _settings(context, corpus, data)
    click.echo(saved_lines(back_up(settings, file, force=force), file))


@cli.command(name="restore", short_help="Restore a backup; the bot must not run.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--force", is_flag=True, help="Replace existing data, and keep it aside.")
@_folders
@click.pass_context
def restore_command(
    context: click.Context, file: Path, *, force: bool, corpus: Path | None, data: Path | None
) -> None:
    """Replace the bot's data by the backup in FILE; the bot must not run."""
    from bot.operations.backup.report import restored_lines
    from bot.operations.backup.restore import restore

    settings = _settings(context, corpus, data)
    click.echo(restored_lines(restore(settings, file, force=force), file))


def _named_ways(context: click.Context, option: click.Parameter, value: str | None) -> list[str]:
    """Return the names of a comma-separated list, each once; empty without a list."""
    from bot.evaluation.comparison import WAYS

    ways = list(dict.fromkeys(name.strip() for name in value.split(","))) if value else []
    for way in ways:
        if way not in WAYS:
            raise click.BadParameter(f"{way!r} is not one of {', '.join(WAYS)}", context, option)
    return ways


@cli.command()
@click.argument("questions", type=click.Path(path_type=Path), metavar="QUESTIONS")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option("--verbose", is_flag=True, help="Also list the questions missed.")
@click.option(
    "--compare",
    "ways",
    callback=_named_ways,
    metavar="WAY,...",
    help="Evaluate in several ways: lexical, encoder, rank_bm25.",
)
@click.option(
    "--per-document", is_flag=True, help="Search each question's own document only, indexed alone."
)
@_SOURCE
@_folders
@click.pass_context
def evaluate(
    context: click.Context,
    questions: Path,
    *,
    as_json: bool,
    verbose: bool,
    ways: list[str],
    per_document: bool,
    sources: tuple[str, ...],
    corpus: Path | None,
    data: Path | None,
) -> None:
    """Measure answer quality on a question set or a folder of them."""
    from bot.errors import BotError
    from bot.evaluation import tables
    from bot.evaluation.comparison import paired_differences, run_ways
    from bot.evaluation.metrics import missed, summarise

    settings = _settings(context, corpus, data)
    if questions.is_dir():
        if ways or per_document or verbose or sources:
            raise click.UsageError("a folder goes with --json only")
        _evaluate_folder(settings, questions, as_json=as_json)
        return
    asked = ways or [settings.retrieval.value, Tier.LEXICAL.value]
    if per_document and sources:
        raise click.UsageError("--source does not go with --per-document")
    outcomes = run_ways(
        settings,
        questions,
        asked,
        per_document=per_document,
        sources=sources,
        first_only=not ways,
    )
    if not outcomes:
        raise BotError("nothing was measured: none of the given ways can be used")
    summaries = {way: summarise(found) for way, found in outcomes.items()}
    differences = paired_differences(outcomes)
    wrong = {way: missed(found) for way, found in outcomes.items()} if verbose else {}
    if as_json:
        listed = {way: [one.question.identifier for one in found] for way, found in wrong.items()}
        if ways:
            whole = {"ways": summaries, "differences": differences, "missed": listed}
        else:
            ((way, whole),) = summaries.items()
            whole |= {"missed": listed[way]} if verbose else {}
        click.echo(json.dumps(whole))
        return
    if ways:
        tables.print_comparison(_console(), summaries, differences)
    else:
        tables.print_evaluation(_console(), *summaries.values())
    for way, found in wrong.items():
        tables.print_missed(_console(), found, way if ways else "")


def _evaluate_folder(settings: Settings, folder: Path, *, as_json: bool) -> None:
    from bot.evaluation import tables
    from bot.evaluation.folders import evaluate_folder

    found = evaluate_folder(settings, folder)
    if as_json:
        for figures in found:
            click.echo(json.dumps(asdict(figures)))
    else:
        tables.print_sets(_console(), list(found))


def _settings(
    context: click.Context, corpus: Path | None, data: Path | None, *, serving: bool = False
) -> Settings:
    """Load the settings, with the folders of the command line, and set up logging."""
    real = {name: value for name, value in os.environ.items() if value.strip()}
    values = {**read_dotenv(_DOTENV), **real}
    begin_logging(values)
    settings = Settings.from_mapping(values)
    outer = context.find_root().obj or {}
    settings = replace(
        settings,
        corpus_dir=corpus or outer.get("corpus") or settings.corpus_dir,
        data_dir=data or outer.get("data") or settings.data_dir,
    )
    # On a terminal, progress reports would stand between the answers.
    level = "WARNING" if settings.log_level == "INFO" and not serving else settings.log_level
    set_up_logging(level, settings.log_format)
    _guard_secrets(settings)
    if note := former_value(values):
        tell(note, logging.WARNING)
    return settings


def _guard_secrets(settings: Settings) -> None:
    """Keep secrets out of the logs and of child processes, and warn of exposed files."""
    keep_secret(*settings.secrets)
    for variable in SECRET_VARIABLES:
        os.environ.pop(variable, None)
    dotenv = [_DOTENV] if settings.secrets else []
    warn_of_exposed([*dotenv, *settings.private_files])


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
        done = "" if report.vectors_are_pending else " Nothing to do."
        return f"The texts have not changed: {counts}.{done}"
    lines = [f"Indexed {counts} in {report.seconds:.2f} s."]
    for name in ("added", "changed", "removed"):
        sources = getattr(report, name)
        if sources:
            lines.append(f"{name}: {printable(first_names(sources))}")
    return "\n".join(lines)
