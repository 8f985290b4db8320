"""Keep the newest usable index open while other processes rebuild it."""

import logging
import threading
from pathlib import Path

from index.errors import EncoderUnavailableError, PassageIndexError
from index.search.searcher import Searcher
from index.storage.manifest import manifest_stamp
from index.vectors.tiers import Tier

logger = logging.getLogger(__name__)


class LiveSearcher:
    """Gives the searcher of the published index, and opens the index again after a rebuild.

    An index that cannot be opened is logged once, and the index that is open stays in use.
    Threads may share it.
    """

    def __init__(
        self, index_dir: Path, tier: Tier = Tier.ENCODER, models_dir: Path | None = None
    ) -> None:
        """Open the index; the arguments are those of `Searcher.open`.

        Raises:
            IndexMissingError: There is no index.
            IndexUnusableError: It is damaged, or of another version or analysis.
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
        """Why the last call of `current` could not open the published index; None if it could."""
        return self._problem

    @property
    def is_outdated(self) -> bool:
        """Whether a newer index was published; the next call of `current` opens it."""
        return manifest_stamp(self._index_dir) != self._stamp

    def current(self) -> Searcher:
        """Return the searcher of the newest usable index; one `stat` if nothing has changed."""
        stamp = manifest_stamp(self._index_dir)
        if stamp != self._stamp and self._lock.acquire(blocking=False):
            try:
                self._reopen(stamp)
            finally:
                self._lock.release()
        return self._searcher

    def _open(self) -> Searcher:
        """Open the index in the requested tier; else log why and use a lower tier."""
        try:
            searcher = Searcher.open(self._index_dir, self._tier, self._models_dir)
        except EncoderUnavailableError as error:
            logger.warning("%s; answering by words", error)
            return Searcher.open(self._index_dir, Tier.LEXICAL)
        # If the encoder could not be used, or has not read all texts yet, that was reported.
        if searcher.tier is not self._tier and searcher.manifest.encoder is None:
            logger.warning("The index has no vectors; answering by words until it is rebuilt")
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
        self._log_takeover()

    def _log_takeover(self) -> None:
        manifest = self._searcher.manifest
        logger.info(
            "Took over the index built at %s: %d documents, %d passages, %d terms",
            manifest.built_at,
            manifest.documents,
            manifest.passages,
            manifest.terms,
        )
