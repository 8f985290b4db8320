"""Bring the index up to date and open it; tell on stderr what the owner should know."""

import contextlib
import logging
import sys
from collections.abc import Iterable, Mapping
from typing import TypeVar

from bot.config.settings import Settings
from bot.indexing.build import build, encoder_choice, publish
from bot.operations.logs.setup import tell, writes_json
from bot.rendering.plain_text import MAX_NAMES, counted
from index import (
    MAX_FOREIGN_SHARE,
    MULTILINGUAL,
    MULTILINGUAL_MB,
    BuildReport,
    IndexMissingError,
    IndexUnusableError,
    LiveSearcher,
    PassageIndexError,
    Progress,
    Tier,
    add_vectors,
    foreign_share,
    open_cluster_index,
)

T = TypeVar("T")

# A shorter build needs no progress bar.
_PROGRESS_DELAY_S = 1.0


def rebuild(settings: Settings, *, thorough: bool = True) -> BuildReport:
    """Bring the index up to date, with a progress bar if it takes longer than a second.

    If a cluster holds the index, it is then published there.

    A thorough build verifies every byte of the current index, looks again for what was missing the
    last time, and fetches a missing encoder if the settings name one.

    Raises:
        PassageIndexError: It could not be built; the published index stays in use.
    """
    with contextlib.suppress(OSError):  # the build reports better what is wrong with the folder
        settings.data_dir.mkdir(0o700, parents=True, exist_ok=True)
    report = build(settings, show_progress, thorough=thorough, fetch=thorough)
    if settings.retrieval is Tier.ENCODER:
        _report_encoder(settings, report, thorough=thorough)
    if report.replaced:
        tell(f"The former index could not be used ({report.replaced}); rebuilt.", logging.WARNING)
    publish(settings, show_progress)
    return report


def _report_encoder(settings: Settings, report: BuildReport, *, thorough: bool) -> None:
    """Say why words answer, and which setting helps where many texts are not in English."""
    unread = unread_languages(settings, report.languages)
    if unread and not thorough:
        return  # the rebuild has said it
    if report.encoder_problem:
        tell(f"{report.encoder_problem}; answering by words.", logging.WARNING)
    elif unread:
        tell(f"{unread}.", logging.WARNING)


def unread_languages(settings: Settings, languages: Mapping[str, int]) -> str | None:
    """Return a line about texts that the encoder of the package does not read; None if it does.

    Args:
        settings: Name the encoder.
        languages: The number of passages in each language.
    """
    share = foreign_share(languages)
    if settings.neural_model or share <= MAX_FOREIGN_SHARE:
        return None
    return (
        f"{share:.0%} of the passages are not in English and are found by words alone; "
        f"NEURAL_MODEL=auto fetches {MULTILINGUAL} ({MULTILINGUAL_MB} MB) for all languages"
    )


def report_skipped(report: BuildReport) -> None:
    """Name the first files that were left out or need a look, and say how many more there are."""
    for file in report.skipped[:MAX_NAMES]:
        tell(f"Skipped {file.source!r}: {file.reason}", logging.WARNING)
    if (n_more := len(report.skipped) - MAX_NAMES) > 0:
        tell(
            f"Skipped {counted(n_more, 'more file')}; `pullquote rebuild --json` lists all",
            logging.WARNING,
        )
    for one in report.remarks[:MAX_NAMES]:
        tell(f"Note on {one.source!r}: {one.remark}", logging.WARNING)
    if (n_more := len(report.remarks) - MAX_NAMES) > 0:
        tell(f"Notes on {counted(n_more, 'more file')} are in the report of `--json`")


def encode(settings: Settings, progress: Progress | None = None) -> None:
    """Give the published index the vectors that it lacks.

    Args:
        settings: Name the index and the encoder.
        progress: Shows how far the encoding is; None for a progress bar.

    Raises:
        PassageIndexError: It is impossible; the index is searched by words.
    """
    choice = encoder_choice(settings, settings.models_dir)
    if choice is not None:
        add_vectors(settings.index_dir, choice, progress=progress or show_progress)


def open_index(settings: Settings, *, wait: bool = False) -> LiveSearcher:
    """Open the index, after building it if there is none or the corpus has changed.

    If it cannot be built but an older index is good, that one is opened, and a line says why. If a
    cluster holds the index, nothing is built: another machine may have the texts.

    Args:
        settings: Name the texts and the index.
        wait: Whether to wait for vectors, however long they take.

    Raises:
        PassageIndexError: There is no index, and it cannot be built; or the cluster that holds it
            cannot be used.
    """
    if settings.cluster_address is not None:
        return open_cluster_index(settings.cluster_address, settings.cluster_tables_dir)
    try:
        report = rebuild(settings, thorough=False)
    except PassageIndexError as error:
        return _open_last_good(settings, error)
    if not report.unchanged:
        report_skipped(report)
        tell(
            f"Indexed {counted(report.documents, 'text')} as "
            f"{counted(report.passages, 'passage')} in {report.seconds:.1f} s."
        )
    if report.vectors_are_pending:
        if wait:
            encode(settings)
        else:
            tell("The encoder has not read all texts yet; answering by words until it has.")
    return LiveSearcher(settings.index_dir, settings.retrieval, settings.models_dir)


def _open_last_good(settings: Settings, error: PassageIndexError) -> LiveSearcher:
    try:
        live = LiveSearcher(settings.index_dir, settings.retrieval, settings.models_dir)
    except (IndexMissingError, IndexUnusableError):
        raise error from None
    tell(f"Answering from the last good index: {error}", logging.WARNING)
    return live


def show_progress(things: list[T], what: str) -> Iterable[T]:
    """Yield the things, with a progress bar on a terminal if they take longer than a second."""
    from tqdm import tqdm  # only a build needs it

    hidden = True if writes_json() else None  # None: shown only on a terminal
    return tqdm(things, what, unit="", delay=_PROGRESS_DELAY_S, disable=hidden, file=sys.stderr)
