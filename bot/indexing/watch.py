"""Rebuild the index whenever the texts change, until the user stops it."""

import contextlib
import logging
import os
from collections.abc import Callable, Generator, Iterable
from threading import Thread
from typing import TypeVar

from watchfiles import Change, watch

from bot.config.settings import Settings
from bot.indexing import open_index
from bot.indexing.build import BuildStoppedError
from bot.operations.logs.setup import tell
from bot.rendering.plain_text import printable
from index import BuildReport, PassageIndexError

T = TypeVar("T")

# Some network drives report no changes, so the folder is read this often.
LOOK_EVERY_MS = 60_000


def watch_and_rebuild(settings: Settings) -> Generator[BuildReport, None, None]:
    """Rebuild now and after every change, and yield the report of each build that wrote something.

    The encoder reads the texts meanwhile; it goes over to those of a later build by itself. If it
    or a later rebuild fails, a line says why, the index stays in use and the watch goes on.
    Ctrl-C ends it.

    Raises:
        PassageIndexError: The first rebuild failed.
    """
    encoding = _Encoding(settings)
    try:
        report = open_index.rebuild(settings)
        yield report
        encoding.go_on(report)
        changes = watch(
            settings.corpus_dir.resolve(),
            watch_filter=outside_index(settings),
            rust_timeout=LOOK_EVERY_MS,
            yield_on_timeout=True,
        )
        with contextlib.suppress(KeyboardInterrupt):
            for _ in changes:
                try:
                    report = open_index.rebuild(settings, thorough=False)
                except PassageIndexError as error:
                    _tell(error)
                    continue
                if not report.unchanged:
                    yield report
                encoding.go_on(report)
    finally:
        encoding.stop()


def outside_index(settings: Settings) -> Callable[[Change, str], bool]:
    """Return a filter of changes below the resolved folder of texts, which leaves out the index.

    A build writes to the index. The filter only compares strings, as an event loop calls it for
    each of perhaps thousands of changed files.
    """
    own_folder = str(settings.index_dir.resolve())
    return lambda _, path: not f"{path}{os.sep}".startswith(f"{own_folder}{os.sep}")


class _Encoding:
    """Gives the published index its vectors, in a thread of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._thread: Thread | None = None
        self._has_failed = False
        self._is_stopped = False

    def go_on(self, report: BuildReport) -> None:
        """Start if vectors are to be made; after a failure only if the texts have changed."""
        is_busy = self._thread is not None and self._thread.is_alive()
        if not report.vectors_are_pending or is_busy or (self._has_failed and report.unchanged):
            return
        self._thread = Thread(target=self._run, name="encoding", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the passage that is being read; what is finished is kept."""
        self._is_stopped = True
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        self._has_failed = False
        try:
            open_index.encode(self._settings, self._progress)
        except BuildStoppedError:
            pass
        except PassageIndexError as error:
            self._has_failed = True
            _tell(error)

    def _progress(self, things: list[T], what: str) -> Iterable[T]:
        for thing in open_index.show_progress(things, what):
            if self._is_stopped:
                raise BuildStoppedError
            yield thing


def _tell(error: PassageIndexError) -> None:
    tell(printable(str(error)), logging.ERROR)
