"""The texts that each server's people are answered from: the shared ones and the server's own."""

import logging
import threading
from collections import OrderedDict
from datetime import datetime
from pathlib import Path

from index import (
    CombinedSearcher,
    IndexMissingError,
    IndexUnusableError,
    LiveSearcher,
    Searching,
    Tier,
)

logger = logging.getLogger(__name__)

# Each open index maps a few dozen files; a process may hold some thousands.
_MAX_OPEN = 50


class ServerTexts:
    """Opens the indexes of servers as they are asked. Threads may share it.

    A server's texts lie in `servers/ID/texts` of the data folder, their index beside them.
    """

    def __init__(self, shared: LiveSearcher, data_dir: Path) -> None:
        """Use the index that all servers share, and the folder that holds theirs."""
        self._shared = shared
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._open: OrderedDict[int, LiveSearcher] = OrderedDict()

    def server_dir(self, guild_id: int) -> Path:
        """Return the folder of all that is a server's own, which may not be there yet."""
        return self._data_dir / "servers" / str(guild_id)

    def corpus_dir(self, guild_id: int) -> Path:
        """Return the folder of a server's own texts, which may not be there yet."""
        return self.server_dir(guild_id) / "texts"

    def index_dir(self, guild_id: int) -> Path:
        """Return the folder of the index of a server's own texts."""
        return self.server_dir(guild_id) / "index"

    def guild_ids(self) -> list[int]:
        """Return the servers that have a folder, in order."""
        names = (folder.name for folder in (self._data_dir / "servers").glob("*"))
        return sorted(int(name) for name in names if name.isascii() and name.isdigit())

    def searcher(self, guild_id: int | None) -> Searching:
        """Return what a server's questions are searched in; its own texts come first.

        Args:
            guild_id: The server; None for people who ask outside of one.
        """
        shared = self._shared.current()
        own = self._own(guild_id) if guild_id is not None else None
        return CombinedSearcher((own.current(), shared)) if own else shared

    def built_at(self, guild_id: int | None) -> datetime:
        """Return when the newest index that a server is answered from was built."""
        own = self._own(guild_id) if guild_id is not None else None
        live = [self._shared, own] if own else [self._shared]
        return max(datetime.fromisoformat(one.current().manifest.built_at) for one in live)

    def forget(self, guild_id: int) -> None:
        """Close a server's own index, as before its folder is removed."""
        with self._lock:
            self._open.pop(guild_id, None)

    def _own(self, guild_id: int) -> LiveSearcher | None:
        index_dir = self.index_dir(guild_id)
        with self._lock:
            if not index_dir.is_dir():
                return None
            if guild_id not in self._open:
                try:
                    self._open[guild_id] = LiveSearcher(index_dir, Tier.DEFAULT)
                except IndexMissingError:
                    return None
                except IndexUnusableError as error:
                    logger.warning("The own texts of server %d are left out: %s", guild_id, error)
                    return None
            self._open.move_to_end(guild_id)
            if len(self._open) > _MAX_OPEN:
                self._open.popitem(last=False)
            return self._open[guild_id]
