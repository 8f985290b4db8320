"""The indexes that are searched for a server's questions: the shared one and its own."""

import logging
import threading
from datetime import datetime
from pathlib import Path
from weakref import WeakKeyDictionary, WeakSet

from cachetools import LRUCache

from bot.indexing.scope import EVERYTHING, Scope, named_sources
from index import (
    AnySearcher,
    CombinedSearcher,
    IndexMissingError,
    IndexNewerError,
    IndexUnusableError,
    LiveSearcher,
    Searcher,
    Tier,
    manifest_stamp,
)

logger = logging.getLogger(__name__)

# Each open index maps a few dozen files; a process may hold some thousands.
_MAX_OPEN = 50

# Choices of texts that are kept for each searcher.
_MAX_SCOPES = 100

# A pattern list that names no text.
_NO_TEXTS = ()


class ServerIndexes:
    """Opens the indexes of servers when they are needed. Threads may share it.

    A server's texts lie in `servers/ID/texts` of the data folder, their index in
    `servers/ID/index`. The next question uses a changed index.
    """

    def __init__(
        self,
        shared: LiveSearcher,
        data_dir: Path,
        tier: Tier = Tier.ENCODER,
        models_dir: Path | None = None,
        *,
        max_open: int = _MAX_OPEN,
    ) -> None:
        """Use the index that all servers share, and the folder that holds theirs.

        Args:
            shared: The index that all servers share.
            data_dir: The folder that holds `servers`.
            tier: The tier that ranks servers' own texts.
            models_dir: The folder of fetched models.
            max_open: The largest number of servers' own indexes that are open.
        """
        self._shared = shared
        self._data_dir = data_dir
        self._tier = tier
        self._models_dir = models_dir
        self._lock = threading.Lock()
        self._open = LRUCache[int, _OwnIndex](max_open)
        self._entries = WeakSet[_OwnIndex]()
        self._newest: Searcher | None = None
        self._limited: WeakKeyDictionary[AnySearcher, LRUCache[tuple[str, ...], AnySearcher]] = (
            WeakKeyDictionary()
        )

    def server_dir(self, guild_id: int) -> Path:
        """Return the folder of a server's texts and index, which may not exist yet."""
        return self._data_dir / "servers" / str(guild_id)

    def corpus_dir(self, guild_id: int) -> Path:
        """Return the folder of a server's own texts, which may not exist yet."""
        return self.server_dir(guild_id) / "texts"

    def index_dir(self, guild_id: int) -> Path:
        """Return the folder of the index of a server's own texts."""
        return self.server_dir(guild_id) / "index"

    def guild_ids(self) -> list[int]:
        """Return the servers that have a folder, in order; that of the shared texts is 0."""
        names = (folder.name for folder in (self._data_dir / "servers").glob("*"))
        found = sorted(int(name) for name in names if name.isascii() and name.isdigit())
        return [guild_id for guild_id in found if guild_id]

    def searcher(
        self, guild_id: int | None, scope: Scope = EVERYTHING, within: str | None = None
    ) -> AnySearcher:
        """Return the searcher for a server's questions; the server's own texts come first.

        It is the same object until an index is published, so that callers can cache by it.

        Args:
            guild_id: The server; None outside of servers.
            scope: Which of the server's texts may be searched.
            within: What names those of them that are searched, see `is_named`; None for all.
        """
        readable = self._readable(guild_id, scope)
        return readable if within is None else self._limit(readable, (within,))

    def _readable(self, guild_id: int | None, scope: Scope) -> AnySearcher:
        shared = self.shared()
        entry = self._entry(guild_id)
        if not scope.shared and entry is None:
            return self._limit(shared, _NO_TEXTS)
        if entry is None:
            whole: AnySearcher = shared
        else:
            whole = entry.combined(shared) if scope.shared else entry.current()
        return whole if scope.patterns is None else self._limit(whole, scope.patterns)

    def _limit(self, whole: AnySearcher, patterns: tuple[str, ...]) -> AnySearcher:
        """Return the searcher of the texts that any of the patterns names; it may have none."""
        with self._lock:
            kept = self._limited.setdefault(whole, LRUCache(_MAX_SCOPES))
            held = kept.get(patterns)
        if held is None:
            found = whole.within(named_sources(whole.sources(), patterns))
            with self._lock:
                held = kept.setdefault(patterns, found)
        return held

    def shared(self) -> Searcher:
        """Return the searcher of the shared index."""
        newest = self._shared.current()
        if newest is not self._newest:
            with self._lock:
                self._newest = newest
                for entry in self._entries:  # reading the cache would count as use
                    entry.close_all_but(newest)
        return newest

    def own(self, guild_id: int | None) -> Searcher | None:
        """Return the searcher of a server's own texts; None if it has no texts."""
        entry = self._entry(guild_id)
        return entry.current() if entry else None

    def built_at(self, guild_id: int | None) -> datetime:
        """Return when the newest of a server's indexes was built."""
        own = self.own(guild_id)
        searchers = [self.shared(), own] if own else [self.shared()]
        return max(datetime.fromisoformat(one.manifest.built_at) for one in searchers)

    def forget(self, guild_id: int) -> None:
        """Close a server's own index, for example before its folder is removed."""
        with self._lock:
            self._open.pop(guild_id, None)

    def _entry(self, guild_id: int | None) -> "_OwnIndex | None":
        """Return a server's own index, or None if it does not exist or cannot be used."""
        if guild_id is None:
            return None
        index_dir = self.index_dir(guild_id)
        if manifest_stamp(index_dir) is None:
            self.forget(guild_id)
            return None
        with self._lock:
            entry = self._open.setdefault(guild_id, _OwnIndex(index_dir))
            self._entries.add(entry)
        return entry if entry.open(self._tier, self._models_dir) else None


class _OwnIndex:
    """The index of one server's texts, opened with the first question."""

    def __init__(self, index_dir: Path) -> None:
        self._index_dir = index_dir
        self._lock = threading.Lock()
        self._live: LiveSearcher | None = None
        self._unusable: tuple[int, int] | None = None
        self._combined: tuple[Searcher, Searcher, CombinedSearcher] | None = None

    def open(self, tier: Tier, models_dir: Path | None) -> bool:
        """Open the index if it is not open, and return whether it can be used.

        A damaged index is reported once.
        """
        if self._live is not None:
            return True
        with self._lock:
            stamp = manifest_stamp(self._index_dir)
            if self._live is not None or stamp is None or stamp == self._unusable:
                return self._live is not None
            try:
                self._live = LiveSearcher(self._index_dir, tier, models_dir)
            except IndexMissingError:
                return False
            except (IndexUnusableError, IndexNewerError) as error:
                self._unusable = stamp
                logger.warning("A server's own texts are left out: %s", error)
                return False
        return True

    def current(self) -> Searcher:
        """Return the searcher of the newest good index; it was opened."""
        assert self._live is not None  # noqa: S101  # only called once it is open
        return self._live.current()

    def close_all_but(self, shared: Searcher) -> None:
        """Close other shared indexes, so that their files can be deleted."""
        held = self._combined
        if held is not None and held[1] is not shared:
            self._combined = None

    def combined(self, shared: Searcher) -> CombinedSearcher:
        """Return this index and the shared one combined; the same object until one is replaced."""
        own, held = self.current(), self._combined
        if held is None or held[0] is not own or held[1] is not shared:
            held = self._combined = own, shared, CombinedSearcher((own, shared))
        return held[2]
