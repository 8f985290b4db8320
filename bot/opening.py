"""Bring the index up to date and open it, saying on stderr what was worth knowing."""

import sys
from collections.abc import Iterable

import click
from tqdm import tqdm

from bot.rendering.wording import counted
from bot.settings import Settings
from index import (
    BuildReport,
    CorpusFile,
    IndexMissingError,
    IndexUnusableError,
    LiveSearcher,
    PassageIndexError,
    build_index,
)

# A build that takes no longer needs no progress bar.
_PROGRESS_DELAY_S = 1.0


def rebuild(settings: Settings) -> BuildReport:
    """Bring the index up to date, with a progress bar where it takes longer than a second.

    Raises:
        PassageIndexError: It could not be built; the index in force stays.
    """
    report = build_index(settings.corpus_dir, settings.index_dir, progress=_progress)
    if report.replaced:
        click.echo(f"The former index could not be used ({report.replaced}); rebuilt.", err=True)
    for file in report.skipped:
        if not report.unchanged:
            click.echo(f"Skipped {file.source!r}: {file.reason}", err=True)
    return report


def open_index(settings: Settings) -> LiveSearcher:
    """Open the index, after building it where there is none or the corpus changed.

    Where it cannot be built but a good one is there, that one serves, and a line says why.

    Raises:
        PassageIndexError: There is no index and none can be built.
    """
    try:
        report = rebuild(settings)
    except PassageIndexError as error:
        return _open_last_good(settings, error)
    if not report.unchanged:
        click.echo(
            f"Indexed {counted(report.documents, 'text')} as "
            f"{counted(report.passages, 'passage')} in {report.seconds:.1f} s.",
            err=True,
        )
    return LiveSearcher(settings.index_dir)


def _open_last_good(settings: Settings, error: PassageIndexError) -> LiveSearcher:
    try:
        live = LiveSearcher(settings.index_dir)
    except (IndexMissingError, IndexUnusableError):
        raise error from None
    click.echo(f"Answering from the last good index: {error}", err=True)
    return live


def _progress(files: list[CorpusFile]) -> Iterable[CorpusFile]:
    return tqdm(
        files, "Indexing", unit=" files", delay=_PROGRESS_DELAY_S, disable=None, file=sys.stderr
    )
