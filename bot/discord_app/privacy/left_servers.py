"""Data of servers that the bot has left: kept for RETENTION_DAYS, then deleted."""

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from bot.database import Database
from bot.indexing.server_indexes import ServerIndexes
from bot.indexing.stored_folder import remove_folder

logger = logging.getLogger(__name__)

# The key of a left server ends with its id; the value is the time.
_LEFT = "left server "


class LeftServers:
    """Records which servers the bot has left, and deletes their data after the retention time."""

    def __init__(
        self,
        database: Database,
        server_indexes: ServerIndexes,
        is_ours: Callable[[int], bool],
        on_delete: Callable[[int], None],
    ) -> None:
        """Handle the servers of this process.

        Args:
            database: Where the servers' data is, of all processes.
            server_indexes: Where the servers' texts are.
            is_ours: Whether this process hears of a server. Only that process knows when the
                server invites the bot again, so it alone records and deletes.
            on_delete: Called with a server just before its data is deleted.
        """
        self._database = database
        self._server_indexes = server_indexes
        self._is_ours = is_ours
        self._on_delete = on_delete

    async def note_left(self, guild_id: int, now: datetime) -> None:
        """Record that the bot is no longer in a server.

        Raises:
            DatabaseError: The database failed.
        """
        await self._database.key_values.put(f"{_LEFT}{guild_id}", now.astimezone(UTC).isoformat())

    async def note_joined(self, guild_id: int) -> None:
        """Record that the bot is in a server, whose data stays.

        Raises:
            DatabaseError: The database failed.
        """
        await self._database.key_values.remove(f"{_LEFT}{guild_id}")

    async def compare(self, present: Collection[int], now: datetime) -> None:
        """Record which servers were joined and left while the bot was off.

        Args:
            present: The servers that this process hears of, on all of its shards.
            now: The time at which missing servers count as left, unless it is recorded.

        Raises:
            DatabaseError: The database failed.
        """
        noted = await self._noted()
        for guild_id in noted.keys() & set(present):
            await self.note_joined(guild_id)
        folders = await asyncio.to_thread(self._server_indexes.guild_ids)
        kept = await self._database.privacy.servers() | set(folders)
        for guild_id in filter(self._is_ours, kept - noted.keys() - set(present)):
            await self.note_left(guild_id, now)

    async def delete_left_before(self, moment: datetime) -> int:
        """Delete all data of the servers that the bot left before a moment.

        A folder that cannot be removed is logged and tried again the next time.

        Returns:
            The number of servers whose data was deleted.

        Raises:
            DatabaseError: The database failed; some servers may be deleted.
        """
        deleted = 0
        for guild_id, left_at in (await self._noted()).items():
            if left_at >= moment or not self._is_ours(guild_id):
                continue
            self._on_delete(guild_id)
            await self._database.privacy.delete_server(guild_id)
            self._server_indexes.forget(guild_id)
            folder = self._server_indexes.server_dir(guild_id)
            try:
                await asyncio.to_thread(remove_folder, folder)
            except OSError as error:
                logger.warning("The folder of server %d stays: %s", guild_id, error)
                continue
            await self.note_joined(guild_id)
            deleted += 1
        return deleted

    async def _noted(self) -> dict[int, datetime]:
        """Return when the bot left which server."""
        found = await self._database.key_values.starting_with(_LEFT)
        return {int(guild_id): datetime.fromisoformat(at) for guild_id, at in found.items()}
