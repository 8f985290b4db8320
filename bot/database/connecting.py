"""Open the database that DATABASE_URL names, and give the stores on it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database.addresses import DatabaseAddress
from bot.database.engines import make_engine
from bot.database.facts import Facts
from bot.database.migrating import migrate
from bot.database.privacy import Privacy
from bot.database.question_log import QuestionLog
from bot.database.server_settings import ServerSettingsStore
from bot.database.sessions import Sessions
from bot.database.statistics import Statistics
from bot.database.taught_questions import TaughtStore
from bot.database.unanswered import Unanswered


def utc_now() -> datetime:
    """Return the time, aware and in UTC."""
    return datetime.now(UTC)


class Database:
    """The stores of one open database."""

    def __init__(self, engine: AsyncEngine, sessions: Sessions) -> None:
        self._engine = engine
        self.settings = ServerSettingsStore(sessions)
        self.questions = QuestionLog(sessions)
        self.unanswered = Unanswered(sessions)
        self.taught = TaughtStore(sessions)
        self.statistics = Statistics(sessions)
        self.privacy = Privacy(sessions)
        self.facts = Facts(sessions)

    async def close(self) -> None:
        """Close the connections; nothing may use the stores any more."""
        await self._engine.dispose()


async def open_database(url: str, clock: Callable[[], datetime] = utc_now) -> Database:
    """Open a database, make it if it is a file that is not there, and bring it up to date.

    Args:
        url: An address as DATABASE_URL describes it.
        clock: Gives the time, aware; for tests.

    Raises:
        SettingsError: The address cannot be used.
        DatabaseError: The database cannot be opened, or a newer program made it.
    """
    address = DatabaseAddress.parse(url)
    with address.failures():
        if address.file is not None:
            address.file.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(migrate, address)
    engine = make_engine(address)
    return Database(engine, Sessions(engine, address, clock))
