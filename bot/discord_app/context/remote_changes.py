"""Hand on what any process of the bot changes in PostgreSQL to the parts that cache it."""

import logging
from collections import defaultdict
from collections.abc import Callable

from bot.database import Database, Topic

logger = logging.getLogger(__name__)

# Called with the server that was changed; with None to look at everything.
OnChange = Callable[[int | None], None]


class RemoteChanges:
    """Calls who wants to know of changes; beside SQLite there are none."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._called: defaultdict[Topic, list[OnChange]] = defaultdict(list)

    def on(self, topic: Topic, call: OnChange) -> None:
        """Call a function on each change of a topic; it must not block."""
        self._called[topic].append(call)

    async def run(self) -> None:
        """Listen until cancelled."""
        if not self._database.holds_files:
            return
        async for change in self._database.announcements():
            for topic, called in self._called.items():
                if change.topic in (None, topic):
                    for call in called:
                        call(change.guild_id if change.topic else None)
