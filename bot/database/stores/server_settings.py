"""Store the settings of servers and channels."""

from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import case, literal

from bot.database.connection.announcements import announce
from bot.database.connection.sessions import Sessions
from bot.database.schema.tables import ChannelRow, ServerRow

Mode = Literal["off", "addressed", "every"]
Confidence = Literal["sure", "hesitant"]


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How the bot behaves in a server.

    Attributes:
        language: Code of the language to answer in; None for each person's own.
        ask_roles: Who may ask; empty for everybody.
        admin_roles: Who may administer it, besides those who may manage the server.
        trusted_roles: Who may teach it.
        cooldown_questions: How many questions a person may ask in `cooldown_seconds`.
        cooldown_seconds: See there.
        plain: Whether answers are plain text.
        shared_texts: Whether the texts that all servers share answer.
        digest_channel: The channel of the weekly digest; None if none is sent.
    """

    language: str | None = None
    ask_roles: frozenset[int] = frozenset()
    admin_roles: frozenset[int] = frozenset()
    trusted_roles: frozenset[int] = frozenset()
    cooldown_questions: int = 10
    cooldown_seconds: int = 60
    plain: bool = False
    shared_texts: bool = True
    digest_channel: int | None = None


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """How the bot behaves in a channel.

    Attributes:
        mode: Whether it answers nothing, what addresses it, or every question.
        threads: Whether each question gets a thread.
        confidence: How sure an answer must be to be shown unasked.
        texts: What names the texts that answer there; None for those of its category, and for all
            if that has none.
        private_answers: Whether only the person who uses `/ask` there sees the answer; None for
            what its category has, and for no if that has nothing.
    """

    mode: Mode = "addressed"
    threads: bool = False
    confidence: Confidence = "sure"
    texts: tuple[str, ...] | None = None
    private_answers: bool | None = None

    def answers_privately(self, category: "ChannelSettings") -> bool:
        """Return whether only the person who uses `/ask` sees the answer; `category`: its own."""
        own = self.private_answers
        return bool(category.private_answers if own is None else own)


class ServerSettingsStore:
    """Stores the settings; without a row they are the defaults."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def server(self, guild_id: int) -> ServerSettings:
        """Return a server's settings.

        Raises:
            DatabaseError: The database failed.
        """
        async with self._sessions.reading() as session:
            row = await session.get(ServerRow, guild_id)
        if row is None:
            return ServerSettings()
        return ServerSettings(
            language=row.language,
            ask_roles=frozenset(row.ask_roles),
            admin_roles=frozenset(row.admin_roles),
            trusted_roles=frozenset(row.trusted_roles),
            cooldown_questions=row.cooldown_questions,
            cooldown_seconds=row.cooldown_seconds,
            plain=row.plain,
            shared_texts=row.shared_texts,
            digest_channel=row.digest_channel,
        )

    async def set_server(self, guild_id: int, settings: ServerSettings) -> None:
        """Replace a server's settings; if two do so at once, the later wins.

        Raises:
            DatabaseError: The database failed.
        """
        values = {
            "language": settings.language,
            "ask_roles": sorted(settings.ask_roles),
            "admin_roles": sorted(settings.admin_roles),
            "trusted_roles": sorted(settings.trusted_roles),
            "cooldown_questions": settings.cooldown_questions,
            "cooldown_seconds": settings.cooldown_seconds,
            "plain": settings.plain,
            "shared_texts": settings.shared_texts,
            "digest_channel": settings.digest_channel,
        }
        # The first digest after it was turned on has nothing to catch up on.
        now, until = self._sessions.now(), ServerRow.digest_until
        of_digest = case(
            (ServerRow.digest_channel.is_(None), literal(now, until.type)), else_=until
        )
        insert = self._sessions.insert(ServerRow).values(
            guild_id=guild_id, **values, digest_until=now
        )
        async with self._sessions.writing() as session:
            await session.execute(
                insert.on_conflict_do_update(
                    index_elements=["guild_id"], set_=values | {"digest_until": of_digest}
                )
            )
            await announce(session, "settings", guild_id)

    async def channel(self, guild_id: int, channel_id: int) -> ChannelSettings:
        """Return a channel's settings.

        Raises:
            DatabaseError: The database failed.
        """
        async with self._sessions.reading() as session:
            row = await session.get(ChannelRow, (guild_id, channel_id))
        return ChannelSettings() if row is None else _channel(row)

    async def set_channel(self, guild_id: int, channel_id: int, settings: ChannelSettings) -> None:
        """Replace a channel's settings; if two do so at once, the later wins.

        Raises:
            DatabaseError: The database failed.
        """
        values = {
            "mode": settings.mode,
            "threads": settings.threads,
            "confidence": settings.confidence,
            "texts": None if settings.texts is None else list(settings.texts),
            "private_answers": settings.private_answers,
        }
        insert = self._sessions.insert(ChannelRow).values(
            guild_id=guild_id, channel_id=channel_id, **values
        )
        async with self._sessions.writing() as session:
            await session.execute(
                insert.on_conflict_do_update(index_elements=["guild_id", "channel_id"], set_=values)
            )
            await announce(session, "settings", guild_id)


def _channel(row: ChannelRow) -> ChannelSettings:
    return ChannelSettings(
        cast(Mode, row.mode),
        row.threads,
        cast(Confidence, row.confidence),
        None if row.texts is None else tuple(row.texts),
        row.private_answers,
    )
