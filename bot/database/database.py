"""Open the database that DATABASE_URL names, with its stores."""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database.connection.announcements import Announcement, announcements
from bot.database.connection.folder_lock import folder_lock
from bot.database.connection.sessions import Sessions
from bot.database.connection.supervisor import SupervisedConnection, keep_open
from bot.database.connection.url import DatabaseAddress
from bot.database.key_check import check_key
from bot.database.pseudonyms import Pseudonyms
from bot.database.stores.audit_log import AuditLogStore
from bot.database.stores.digests import DigestStore
from bot.database.stores.files import FileStore
from bot.database.stores.key_values import KeyValueStore
from bot.database.stores.privacy import PrivacyStore
from bot.database.stores.questions import QuestionStore
from bot.database.stores.server_settings import ServerSettingsStore
from bot.database.stores.statistics import StatisticsStore
from bot.database.stores.taught import LessonStore
from bot.database.stores.unanswered import UnansweredStore
from bot.errors import DatabaseError

logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Return the time, aware and in UTC."""
    return datetime.now(UTC)


class Database:
    """The stores of one database, which is open or will be opened."""

    def __init__(
        self, link: SupervisedConnection, sessions: Sessions, address: DatabaseAddress
    ) -> None:
        self._link = link
        self._address = address
        self.files = FileStore(sessions)
        self.settings = ServerSettingsStore(sessions)
        self.questions = QuestionStore(sessions)
        self.unanswered = UnansweredStore(sessions)
        self.digests = DigestStore(sessions)
        self.taught = LessonStore(sessions)
        self.audit_log = AuditLogStore(sessions)
        self.statistics = StatisticsStore(sessions)
        self.privacy = PrivacyStore(sessions)
        self.key_values = KeyValueStore(sessions)

    @property
    def problem(self) -> str | None:
        """Why the last try to open the database failed, in a line; None while it is open."""
        return self._link.problem

    @property
    def holds_files(self) -> bool:
        """Whether servers' texts are in it; beside a file of SQLite they are in the data folder."""
        return not self._address.is_sqlite

    def announcements(self) -> AsyncGenerator[Announcement]:
        """Yield what any process changes, for ever; see there. PostgreSQL only."""
        return announcements(self._address)

    def folder_lock(self, guild_id: int) -> AbstractAsyncContextManager[None]:
        """Return the lock on the files of a server, over all machines. PostgreSQL only."""
        return folder_lock(self._address, guild_id)

    async def keep_open(self) -> None:
        """Check every few seconds, for ever, that it is open and that its file is in place.

        A database that could not be opened is opened as soon as possible, and a removed file of
        SQLite is written again.

        Raises:
            WrongKeyError: It was opened later than at the start, and does not fit the key.
        """
        await keep_open(self._link)

    async def close(self) -> None:
        """Close the connections; nothing may use the stores afterwards."""
        await self._link.close()


async def open_database(
    url: str, clock: Callable[[], datetime] = utc_now, *, pseudonyms: Pseudonyms | None = None
) -> Database:
    """Open a database and migrate it; a missing file of SQLite is made.

    Args:
        url: An address as DATABASE_URL describes it.
        clock: Returns the time, with its time zone; for tests.
        pseudonyms: The key of people's hashes, which the database is only used with; None where
            people do not matter.

    Raises:
        SettingsError: The address cannot be used.
        DatabaseError: The database cannot be opened, or a newer version made it.
    """
    database, link = _prepared(url, clock, pseudonyms)
    await link.open()
    return database


async def open_database_when_possible(url: str, pseudonyms: Pseudonyms | None = None) -> Database:
    """Open a database like `open_database`, or later if the failure may end by itself.

    If it is locked, damaged, full, read-only or does not answer, one line is logged. The stores
    fail until it can be opened, which is tried every few seconds.

    Args:
        url: An address as DATABASE_URL describes it.
        pseudonyms: The key of people's hashes, which the database is only used with.

    Raises:
        SettingsError: The address cannot be used.
        WrongKeyError: The database was used with another key.
        DatabaseError: The database is another program's, or not where the address says.
    """
    database, link = _prepared(url, utc_now, pseudonyms)
    try:
        await link.open()
    except DatabaseError as error:
        if not error.may_pass:
            raise
        logger.warning("Starting without the database, until it can be opened: %s", error)
    return database


def _prepared(
    url: str, clock: Callable[[], datetime], pseudonyms: Pseudonyms | None
) -> tuple[Database, SupervisedConnection]:
    address = DatabaseAddress.parse(url)

    async def verify(engine: AsyncEngine) -> None:
        if pseudonyms is not None:
            await check_key(engine, address, pseudonyms)

    link = SupervisedConnection(address, verify)
    return Database(link, Sessions(link, address, clock), address), link
