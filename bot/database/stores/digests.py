"""Store until when the questions of each server were in a weekly digest."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from bot.database.connection.sessions import Sessions
from bot.database.schema.tables import ServerRow


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest that has not been sent yet.

    Attributes:
        guild_id: The server.
        channel_id: The channel that its admins chose.
        since: Questions asked before this time were in an earlier digest, or were asked while none
            was sent.
    """

    guild_id: int
    channel_id: int
    since: datetime


class DigestStore:
    """Gives each digest to one process, once."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def due(self, until: datetime) -> list[DueDigest]:
        """Return the digests of the questions before a time that nobody has claimed yet.

        Raises:
            DatabaseError: The database failed.
        """
        chosen = select(ServerRow.guild_id, ServerRow.digest_channel, ServerRow.digest_until)
        async with self._sessions.reading() as session:
            return [
                DueDigest(guild_id, channel_id, since)
                for guild_id, channel_id, since in await session.execute(
                    chosen.where(*_is_due(until))
                )
                if channel_id is not None and since is not None
            ]

    async def claim(self, due: DueDigest, until: datetime) -> bool:
        """Record that the caller sends a server's digest of the questions before a time.

        Returns:
            Whether it is the caller's; False if it was claimed before, or is no longer wanted in
            that channel.

        Raises:
            DatabaseError: The database failed.
        """
        claimed = (
            update(ServerRow)
            .where(
                ServerRow.guild_id == due.guild_id,
                ServerRow.digest_channel == due.channel_id,
                *_is_due(until),
            )
            .values(digest_until=until)
            .returning(ServerRow.guild_id)
        )
        async with self._sessions.writing() as session:
            return await session.scalar(claimed) is not None


def _is_due(until: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for servers whose digest was not sent."""
    return ServerRow.digest_channel.is_not(None), ServerRow.digest_until < until
