"""Since when each shard may have missed events that no session sends again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from discord.utils import utcnow

# A connection that falls silent is noticed after at most 90 s; its last events may be lost, too.
_UNNOTICED = timedelta(minutes=2)


class SessionLosses:
    """Follows the sessions of all shards, from one client of the process to the next.

    A loss ends in one of two ways: the session is resumed, and sends what was missed, or a new one
    begins. Keys are shards; None is the only connection of a bot without others.

    Attributes:
        now: Returns the present time, aware.
    """

    def __init__(self, now: Callable[[], datetime] = utcnow) -> None:
        """Begin without sessions."""
        self.now = now
        self._begun = set[int | None]()
        self._lost_at: dict[int | None, datetime] = {}
        self._missed_since: dict[int | None, datetime] = {}

    def note_loss(self, shard_id: int | None) -> None:
        """Note that a connection was lost; before the first session there is nothing to lose."""
        if shard_id in self._begun:
            self._lost_at.setdefault(shard_id, self.now())

    def note_end(self) -> None:
        """Note that the client was closed, and with it all sessions."""
        for shard_id in self._begun:
            self.note_loss(shard_id)

    def note_resumed(self, shard_id: int | None) -> None:
        """Forget a loss: the resumed session has sent what was missed."""
        self._lost_at.pop(shard_id, None)

    def note_session(self, shard_id: int | None) -> None:
        """Note that a new session began."""
        self._begun.add(shard_id)
        if (lost_at := self._lost_at.pop(shard_id, None)) is not None:
            self.put_back(shard_id, lost_at - _UNNOTICED)

    def take(self, shard_id: int | None) -> datetime | None:
        """Return since when a shard has missed events, or None; the caller looks for them."""
        return self._missed_since.pop(shard_id, None)

    def put_back(self, shard_id: int | None, since: datetime) -> None:
        """Note that what a shard has missed since a moment was not found yet."""
        self._missed_since[shard_id] = min(since, self._missed_since.get(shard_id, since))
