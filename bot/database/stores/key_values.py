"""Store single values under keys, such as a hash of the registered commands."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.connection.sessions import Sessions
from bot.database.schema.tables import KeyValueRow


class KeyValueStore:
    """Stores one value under each key; keys have at most 100 characters."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def get(self, key: str) -> str | None:
        """Return the value of a key, or None.

        Raises:
            DatabaseError: The database failed.
        """
        async with self._sessions.reading() as session:
            row = await session.get(KeyValueRow, key)
        return None if row is None else row.value

    async def put(self, key: str, value: str) -> None:
        """Store a value; it replaces an earlier one.

        Raises:
            DatabaseError: The database failed.
        """
        async with self._sessions.writing() as session:
            await put_key_value(session, self._sessions, key, value)

    async def starting_with(self, prefix: str) -> dict[str, str]:
        """Return the values whose keys begin with a prefix, by the rest of the key.

        Raises:
            DatabaseError: The database failed.
        """
        chosen = select(KeyValueRow).where(KeyValueRow.key.startswith(prefix, autoescape=True))
        async with self._sessions.reading() as session:
            rows = await session.scalars(chosen)
            # SQLite's LIKE ignores case.
            held = {row.key: row.value for row in rows if row.key.startswith(prefix)}
        return {key.removeprefix(prefix): value for key, value in held.items()}

    async def remove(self, key: str) -> None:
        """Remove a value, if there is one.

        Raises:
            DatabaseError: The database failed.
        """
        async with self._sessions.writing() as session:
            await session.execute(delete(KeyValueRow).where(KeyValueRow.key == key))


async def put_key_value(session: AsyncSession, sessions: Sessions, key: str, value: str) -> None:
    """Store a value within a transaction."""
    insert = sessions.insert(KeyValueRow).values(key=key, value=value)
    await session.execute(
        insert.on_conflict_do_update(index_elements=["key"], set_={"value": value})
    )
