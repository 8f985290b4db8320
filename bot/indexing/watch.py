"""Rebuild the index whenever the texts change, until the user stops it."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

from watchfiles import watch

from bot.config.settings import Settings
from bot.indexing import open_index
from bot.operations.logs.setup import tell
from bot.rendering.plain_text import printable
from index import BuildReport, PassageIndexError

# Some network drives report no changes, so the folder is read this often.
_LOOK_EVERY_MS = 60_000


def watch_and_rebuild(settings: Settings) -> Iterator[BuildReport]:
    """Rebuild now and after every change, and yield the report of each build that wrote something.

    If a later rebuild fails, a line says why, the index stays in use and the watch goes on.
    Ctrl-C ends it.

    Raises:
        PassageIndexError: The first rebuild failed.
    """
    yield open_index.rebuild(settings)
    own_folder = settings.index_dir.resolve()
    changes = watch(
        settings.corpus_dir,
        watch_filter=lambda _, path: not Path(path).resolve().is_relative_to(own_folder),
        rust_timeout=_LOOK_EVERY_MS,
        yield_on_timeout=True,
    )
    with contextlib.suppress(KeyboardInterrupt):
        for _ in changes:
            try:
                report = open_index.rebuild(settings, thorough=False)
            except PassageIndexError as error:
                tell(printable(str(error)), logging.ERROR)
                continue
            if not report.unchanged:
                yield report
