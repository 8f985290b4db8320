"""Rebuild the shared index in the background whenever its texts change."""

import asyncio
import contextlib
import logging

from watchfiles import awatch

from bot.config.settings import Settings
from bot.database import FileStore, FolderChangedError
from bot.errors import DatabaseError
from bot.indexing.build import BuildProgress, BuildStoppedError, build, publish
from bot.indexing.open_index import report_skipped
from bot.indexing.shared_texts import are_of_another_machine, follows_database, store_texts
from bot.indexing.watch import LOOK_EVERY_MS, outside_index
from bot.indexing.worker_threads import run_in_worker_thread
from bot.rendering.plain_text import counted
from index import BuildReport, ClusterBusyError, PassageIndexError, RebuildRunningError

logger = logging.getLogger(__name__)

# A rebuild or an encoding of the bot's own holds the folder for about so long.
_AGAIN_AFTER_S = 5.0

# What may happen to texts that are stored without a mistake of this program.
_EXPECTED = (PassageIndexError, DatabaseError, FolderChangedError, OSError)

# A folder that was moved away may come back.
_FOLDER_AGAIN_AFTER_S = 60.0


class BackgroundRebuild:
    """Keeps the index of the shared texts up to date while the bot answers from it."""

    def __init__(self, settings: Settings, files: FileStore) -> None:
        """Prepare; nothing is watched before `run`.

        Args:
            settings: Name the texts and the index.
            files: Where changed texts are stored if the bots take them from PostgreSQL.
        """
        self._settings = settings
        self._files = files
        self._problem: str | None = None
        self._progress = BuildProgress()

    async def run(self) -> None:
        """Watch until cancelled; a running build then ends soon, and nothing of it is published."""
        try:
            while True:
                with contextlib.suppress(FileNotFoundError):
                    await self._watch()
                logger.warning("%s: no such folder to watch", self._settings.corpus_dir)
                await asyncio.sleep(_FOLDER_AGAIN_AFTER_S)
        finally:
            self._progress.stop()

    async def _watch(self) -> None:
        """Rebuild after every change.

        Raises:
            FileNotFoundError: There is no folder of texts.
        """
        changes = awatch(
            self._settings.corpus_dir.resolve(),
            watch_filter=outside_index(self._settings),
            rust_timeout=LOOK_EVERY_MS,
            yield_on_timeout=True,
        )
        async for _ in changes:
            if follows_database(self._settings):
                await self._store()
            else:
                await self._rebuild()

    async def _store(self) -> None:
        """Store the texts, which every bot then indexes; after a failure the next look does it."""
        try:
            problem = await self._store_changes()
        except _EXPECTED as error:
            problem = str(error) or type(error).__name__
        if problem and problem != self._problem:  # it is tried every minute
            logger.error("The texts are not stored: %s", problem)
        self._problem = problem

    async def _store_changes(self) -> str | None:
        """Store the texts if they have changed; return why not if another machine has others."""
        if await are_of_another_machine(self._files, self._settings):
            return "the database has those of another machine; 'pullquote rebuild' replaces them"
        if await store_texts(self._files, self._settings):
            logger.info("The texts changed; they are in the database for all machines")
        return None

    async def _rebuild(self) -> None:
        """Bring the index up to date; after a failure the published one stays in use."""
        while True:
            try:
                report = await run_in_worker_thread(self._build)
            except (RebuildRunningError, ClusterBusyError):
                await asyncio.sleep(_AGAIN_AFTER_S)
                continue
            except BuildStoppedError:
                return
            except (PassageIndexError, OSError) as error:
                logger.error("The texts changed, but: %s", error)  # noqa: TRY400  # one line
                return
            if not report.unchanged:
                _report(report)
            return

    def _build(self) -> BuildReport:
        settings = self._settings
        report = build(settings, self._progress, thorough=False)
        publish(settings, self._progress)
        return report


def _report(report: BuildReport) -> None:
    logger.info(
        "The texts changed (%d added, %d changed, %d removed): indexed %s in %.1f s",
        len(report.added),
        len(report.changed),
        len(report.removed),
        counted(report.passages, "passage"),
        report.seconds,
    )
    report_skipped(report)
