"""Keep the newest good index open while others rebuild it."""

import logging
import threading
from pathlib import Path

from index.errors import EncoderUnavailableError, PassageIndexError
from index.search.searcher import Searcher
from index.storage.manifest import manifest_stamp
from index.vectors.tiers import Tier

logger = logging.getLogger(__name__)


class LiveSearcher:
    """Hands out the searcher of the published index and reopens it after a rebuild.

    An index that cannot be opened is reported once, and the last good one keeps serving.
    Threads may share it.
    """

    def __init__(
        self, index_dir: Path, tier: Tier = Tier.DEFAULT, models_dir: Path | None = None
    ) -> None:
        """Open the index; the arguments are those of `Searcher.open`.

        Raises:
            IndexMissingError: There is none.
            IndexUnusableError: It cannot be trusted.
        """
        self._index_dir = index_dir
        self._tier = tier
        self._models_dir = models_dir
        self._lock = threading.Lock()
        self._stamp = manifest_stamp(index_dir)
        self._problem: str | None = None
        self._searcher = self._open()

    @property
    def problem(self) -> str | None:
        """Why the index published last is not the open one; None where it is, as of `current`."""
        return self._problem

    @property
    def is_outdated(self) -> bool:
        """Whether an index was published since the open one, which the next `current` opens."""
        return manifest_stamp(self._index_dir) != self._stamp

    def current(self) -> Searcher:
        """Return the searcher of the newest good index; costs one `stat` when nothing changed."""
        stamp = manifest_stamp(self._index_dir)
        if stamp != self._stamp and self._lock.acquire(blocking=False):
            try:
                self._reopen(stamp)
            finally:
                self._lock.release()
        return self._searcher

    def _open(self) -> Searcher:
        """Open the index in the tier that is wanted, or say why the default one must do."""
        try:
            searcher = Searcher.open(self._index_dir, self._tier, self._models_dir)
        except EncoderUnavailableError as error:
            logger.warning("%s; answering in the default tier", error)
            return Searcher.open(self._index_dir)
        if searcher.tier is not self._tier:
            logger.warning(
                "The index has no vectors for the %s tier; answering in the %s tier. "
                "Rebuild it with RETRIEVAL=%s",
                self._tier,
                searcher.tier,
                self._tier,
            )
        return searcher

    def _reopen(self, stamp: tuple[int, int] | None) -> None:
        self._stamp = stamp
        try:
            self._searcher = self._open()
        except PassageIndexError as error:
            self._problem = str(error)
            logger.warning("Keeping the index that is open: %s", error)
            return
        self._problem = None
        manifest = self._searcher.manifest
        logger.info(
            "Took over the index built at %s: %d documents, %d passages, %d terms",
            manifest.built_at,
            manifest.documents,
            manifest.passages,
            manifest.terms,
        )
