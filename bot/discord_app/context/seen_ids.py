"""Remember the ids of events, which Discord may deliver twice after a session is resumed."""

from cachetools import FIFOCache

# A gateway replays at most what one session missed; this covers hours of a busy server.
_REMEMBERED = 10_000


class SeenIds:
    """The ids of the latest events; the oldest are forgotten first."""

    def __init__(self, maxsize: int = _REMEMBERED) -> None:
        self._ids: FIFOCache[int, None] = FIFOCache(maxsize)

    def __contains__(self, event_id: int) -> bool:
        return event_id in self._ids

    def forget(self, event_id: int) -> None:
        """Forget an id, so that it is new again."""
        self._ids.pop(event_id, None)

    def is_new(self, event_id: int) -> bool:
        """Return whether an id is new, and remember it."""
        if event_id in self._ids:
            return False
        self._ids[event_id] = None
        return True
