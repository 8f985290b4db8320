"""Keep the index that is published in a cluster open while others publish new ones."""

import logging
import threading
from pathlib import Path
from weakref import ref

from index.cluster.client.connection import ClusterConnection
from index.cluster.publishing.alias import published_index
from index.cluster.reading.open_cluster import open_cluster
from index.errors import ClusterError, PassageIndexError
from index.search.live import LiveSearcher
from index.search.searcher import Searcher

logger = logging.getLogger(__name__)

# A replaced index is kept for a minute; see `index.cluster.publishing.publish`.
LOOK_EVERY_S = 2.0


class LiveClusterSearcher(LiveSearcher):
    """Gives the searcher of the published index of a cluster; it ranks by words.

    A thread asks every two seconds which index is published, and opens a new one while questions
    are answered from the former. An index that cannot be opened is logged once, and so is a
    cluster that does not answer. Threads may share it.
    """

    def __init__(
        self, connection: ClusterConnection, tables_dir: Path, *, every_s: float = LOOK_EVERY_S
    ) -> None:
        """Open the index.

        Args:
            connection: The connection to the cluster.
            tables_dir: The folder of fetched tables.
            every_s: How often the cluster is asked.

        Raises:
            IndexMissingError: No index is published.
            PassageIndexError: It cannot be used, or the cluster does not answer.
        """
        self._connection = connection
        self._tables_dir = tables_dir
        self._problem: str | None = None
        self._index = published_index(connection)
        self._searcher = self._open(self._index)
        self._tried = self._index
        threading.Thread(
            target=_watch, args=(ref(self), every_s), name="published-index", daemon=True
        ).start()

    @property
    def is_outdated(self) -> bool:
        """Whether a newer index was published and is not open yet."""
        return self._tried != self._index

    def current(self) -> Searcher:
        """Return the searcher of the newest usable index, without asking the cluster."""
        return self._searcher

    def look(self) -> None:
        """Ask the cluster which index is published, and open it if it is new."""
        try:
            published = published_index(self._connection)
            if published == self._index:
                self._tried = published
            elif published != self._tried:
                self._tried = published
                self._searcher, self._index = self._open(published), published
                self._log_takeover()
        except PassageIndexError as error:
            if isinstance(error, ClusterError):  # it may be opened the next time
                self._tried = self._index
            self._note(str(error))
            return
        if self._tried == self._index:
            self._note(None)

    def _open(self, index: str | None = None) -> Searcher:
        return Searcher(open_cluster(self._connection, self._tables_dir, index), None)

    def _note(self, problem: str | None) -> None:
        if problem is not None and problem != self._problem:
            logger.warning("Keeping the index that is open: %s", problem)
        elif problem is None and self._problem is not None:
            logger.info("The cluster answers again")
        self._problem = problem


def _watch(live: "ref[LiveClusterSearcher]", every_s: float) -> None:
    """Look again and again, until the searcher is gone."""
    wait = threading.Event().wait
    while not wait(every_s):
        searcher = live()
        if searcher is None:
            return
        searcher.look()
        del searcher
