"""Check that the key of people's hashes is the one that a database was used with.

The first process stores a check value of its key. Others compare theirs whenever they open the
database. An empty value takes the next key: that is how an owner gives up a lost one.
"""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.database.connection.engines import WRITING
from bot.database.connection.url import DatabaseAddress
from bot.database.pseudonyms import Pseudonyms
from bot.database.schema.tables import AuditRow, KeyValueRow, QuestionRow, TaughtRow, VoteRow
from bot.errors import WrongKeyError

# The key of the check value in the table of single values, and the query for it.
CHECK_KEY = "people key"
CHECK_VALUE = select(KeyValueRow.value).where(KeyValueRow.key == CHECK_KEY)

_ADVICE = "set the key of the other processes, or their people.key"


async def check_key(engine: AsyncEngine, address: DatabaseAddress, pseudonyms: Pseudonyms) -> None:
    """Compare a key with the check value of a database, or store the value of the first key.

    A file with a key that does not fit is removed if this process made it.

    Raises:
        WrongKeyError: The database was used with another key.
    """
    async with engine.connect() as connection:
        stored = await connection.scalar(CHECK_VALUE)
    if not stored:
        async with engine.execution_options(**{WRITING: True}).begin() as connection:
            stored = await _store(connection, address, pseudonyms)
    if stored != pseudonyms.check_value:
        pseudonyms.discard_if_new()
        raise wrong_key(address.shown, pseudonyms)
    pseudonyms.keep()


def wrong_key(where: str, pseudonyms: Pseudonyms) -> WrongKeyError:
    """Return the error about a key that a database was not used with."""
    reason = f"it was used with another key than that in {pseudonyms.source}"
    return WrongKeyError(where, reason, _ADVICE)


async def _store(
    connection: AsyncConnection, address: DatabaseAddress, pseudonyms: Pseudonyms
) -> str | None:
    """Store the check value of a key, unless there is one or the rows tell of another key.

    Returns:
        The value that is stored then, maybe by another process; None if nothing was stored.
    """
    if await connection.scalar(CHECK_VALUE) is None and not await _made_rows(
        connection, pseudonyms
    ):
        return None
    dialect = sqlite if address.is_sqlite else postgresql
    row = dialect.insert(KeyValueRow).values(key=CHECK_KEY, value=pseudonyms.check_value)
    await connection.execute(
        row.on_conflict_do_update(
            index_elements=["key"],
            set_={"value": row.excluded.value},
            where=KeyValueRow.value == "",
        )
    )
    value: str | None = await connection.scalar(CHECK_VALUE)
    return value


async def _made_rows(connection: AsyncConnection, pseudonyms: Pseudonyms) -> bool:
    """Return whether a key may have made the rows of a database without a check value.

    The newest encrypted id tells. Without one, only a key that was made just now is known to have
    made none of the hashes.
    """
    newest = (
        select(AuditRow.person, AuditRow.sealed)
        .where(AuditRow.sealed != "")
        .order_by(AuditRow.id.desc())
        .limit(1)
    )
    if row := (await connection.execute(newest)).first():
        return pseudonyms.opened(row.person, row.sealed) is not None
    return not pseudonyms.is_new or not await _has_hashes(connection)


async def _has_hashes(connection: AsyncConnection) -> bool:
    for column in (QuestionRow.asker, VoteRow.voter, TaughtRow.taught_by, AuditRow.person):
        if await connection.scalar(select(column).where(column != "").limit(1)):
            return True
    return False
