"""Verify the index in the background, and rebuild it if a byte of it is wrong."""

import asyncio
import logging
import time
from collections.abc import Callable

from bot.config.settings import Settings
from bot.indexing.build import BuildProgress, BuildStoppedError, build
from bot.indexing.worker_threads import run_in_worker_thread
from index import ClusterError, IndexUnusableError, LiveSearcher, PassageIndexError

logger = logging.getLogger(__name__)

# Opening a large index checks the sizes of its files only. Reading at this pace (50 MB/s: 20 s for
# a million passages) does not slow down other work on the disk.
_PAUSE_S = 0.02

_LOOK_EVERY_S = 60.0

# A disk can damage a file at any time.
_AGAIN_AFTER_S = 24 * 3600.0

# After a failed rebuild. Its cause, such as a full disk, may be gone by then.
_MEND_AGAIN_AFTER_S = 600.0


class IntegrityCheck:
    """Verifies every byte of the shared index: after opening, then every day."""

    def __init__(
        self,
        settings: Settings,
        live: LiveSearcher,
        *,
        on_damage: Callable[[str | None], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is read before `run`.

        Args:
            settings: Name the texts and the index.
            live: The index.
            on_damage: Called with the reason if the index is damaged, with None once it is good.
            clock: Seconds.
        """
        self._settings = settings
        self._live = live
        self._on_damage = on_damage
        self._clock = clock
        self._verified = ""
        self._again_at = 0.0
        self._progress = BuildProgress()

    async def run(self) -> None:
        """Verify, and rebuild if needed, until cancelled; a running build then ends soon."""
        try:
            while True:
                await run_in_worker_thread(self.check)
                await asyncio.sleep(_LOOK_EVERY_S)
        finally:
            self._progress.stop()

    def check(self) -> None:
        """Verify the current index if a check is due, and rebuild it if it is damaged."""
        searcher = self._live.current()
        build_name = searcher.manifest.build
        if build_name == self._verified and self._clock() < self._again_at:
            return
        try:
            searcher.check(self._pause)
            self._on_damage(None)
            again_after_s = _AGAIN_AFTER_S
        except IndexUnusableError as error:
            if self._live.is_outdated or self._live.current().manifest.build != build_name:
                return  # another build has replaced it; the next question opens that one
            self._rebuild(error)
            again_after_s = _MEND_AGAIN_AFTER_S
        except ClusterError:
            return  # it says nothing of the index; the searcher reports it
        except BuildStoppedError:
            return
        self._verified, self._again_at = build_name, self._clock() + again_after_s

    def _pause(self) -> None:
        if self._progress.stopped:
            raise BuildStoppedError
        time.sleep(_PAUSE_S)

    def _rebuild(self, damage: IndexUnusableError) -> None:
        """Rebuild the index; the build finds the damaged files itself."""
        self._on_damage(damage.reason)
        if self._settings.cluster_address is not None:
            logger.error("The index is damaged (%s); run 'pullquote rebuild'", damage.reason)
            return
        logger.error("The index is damaged (%s); rebuilding it", damage.reason)
        try:
            build(self._settings, self._progress, within_s=0)
            self._on_damage(None)
        except (PassageIndexError, OSError) as error:
            logger.error("The damaged index could not be rebuilt: %s", error)  # noqa: TRY400
        except BuildStoppedError:
            pass
