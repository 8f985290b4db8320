"""Single values that the bot remembers, such as which commands it registered."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.sessions import Sessions
from bot.database.tables import FactRow


class Facts:
    """Keeps one value under each name; names have at most 100 characters."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def get(self, key: str) -> str | None:
        """Return the value of a name, or None.

        Raises:
            DatabaseError: The database failed.
        """
        async with self._sessions.reading() as session:
            row = await session.get(FactRow, key)
        return None if row is None else row.value

    async def put(self, key: str, value: str) -> None:
        """Keep a value in the place of the earlier one.

        Raises:
            DatabaseError: The database failed.
        """
        async with self._sessions.writing() as session:
            await put_fact(session, self._sessions, key, value)


async def put_fact(session: AsyncSession, sessions: Sessions, key: str, value: str) -> None:
    """Keep a value within a transaction."""
    insert = sessions.insert(FactRow).values(key=key, value=value)
    await session.execute(
        insert.on_conflict_do_update(index_elements=["key"], set_={"value": value})
    )
