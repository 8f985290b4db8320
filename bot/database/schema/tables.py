"""The tables, as typed classes; `migrations/` makes them in a database.

Ids of Discord (servers, channels, roles, messages) are big integers. People are stored as keyed
hashes only. A guild_id of NULL stands for direct messages. The files of servers are here with
PostgreSQL only; beside a file of SQLite they lie in the data folder.
"""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.database.schema.column_types import Counter, StorableText, UtcTime

# As many characters of a question as the bot reads.
MAX_QUESTION_CHARS = 4000

# As many characters as Discord takes in a choice of an option.
MAX_WITHIN_CHARS = 100

_HASH = String(32)
_SEALED = String(16)
_WORD = String(16)
_DIGEST = String(64)


class Base(DeclarativeBase):
    """Base of all tables; gives constraints the same names on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {int: BigInteger, datetime: UtcTime}  # noqa: RUF012  (SQLAlchemy's own form)


class ServerRow(Base):
    """What the admins of a server chose.

    Attributes:
        digest_channel: Where the weekly digest is sent; NULL if none is.
        digest_until: Questions asked before this time were in a digest, or were asked while none
            was sent.
    """

    __tablename__ = "servers"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str | None] = mapped_column(_WORD)
    ask_roles: Mapped[list[int]] = mapped_column(JSON)
    admin_roles: Mapped[list[int]] = mapped_column(JSON)
    trusted_roles: Mapped[list[int]] = mapped_column(JSON)
    cooldown_questions: Mapped[int]
    cooldown_seconds: Mapped[int]
    plain: Mapped[bool]
    shared_texts: Mapped[bool] = mapped_column(server_default=true())
    digest_channel: Mapped[int | None]
    digest_until: Mapped[datetime | None]


class ChannelRow(Base):
    """What the admins of a server chose for one of its channels, or for a category."""

    __tablename__ = "channels"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mode: Mapped[str] = mapped_column(_WORD)
    threads: Mapped[bool]
    confidence: Mapped[str] = mapped_column(_WORD)
    texts: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    private_answers: Mapped[bool | None]


class QuestionRow(Base):
    """A question that was asked, and its outcome.

    Attributes:
        asker: Keyed hash of the person's id.
        context: The questions before it in its conversation, oldest first.
        likeness: Its stems, sorted; similar questions have the same.
        places: What was quoted, best first, as lists of source, paragraph and fingerprint.
        within: What names the texts that it was asked of; NULL for all that may be read there.
        day: Day of `asked_at` in UTC; the databases compute days differently.
        settled_at: When somebody took it off the list of unanswered questions.
    """

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint("outcome IN ('answered', 'hesitant', 'nothing_found')", name="outcome"),
        Index(None, "guild_id", "asked_at"),
        Index(None, "guild_id", "day"),
        Index(None, "asked_at"),  # the purge
        Index(None, "asker"),
        Index(None, "message_id"),
        Index(None, "answer_id"),
        {"sqlite_autoincrement": True},  # an old button must not point to a new question
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    guild_id: Mapped[int | None]
    channel_id: Mapped[int]
    private: Mapped[bool]
    asker: Mapped[str] = mapped_column(_HASH)
    question: Mapped[str] = mapped_column(StorableText(MAX_QUESTION_CHARS))
    context: Mapped[list[str]] = mapped_column(JSON)
    likeness: Mapped[str] = mapped_column(StorableText(MAX_QUESTION_CHARS))
    outcome: Mapped[str] = mapped_column(_WORD)
    milliseconds: Mapped[float]
    message_id: Mapped[int | None]
    answer_id: Mapped[int | None]
    places: Mapped[list[tuple[str, int, int]]] = mapped_column(JSON)
    within: Mapped[str | None] = mapped_column(StorableText(MAX_WITHIN_CHARS))
    asked_at: Mapped[datetime]
    day: Mapped[date]
    settled_at: Mapped[datetime | None]


class VoteRow(Base):
    """One person's thumb on one answer: 1 up, -1 down."""

    __tablename__ = "votes"
    __table_args__ = (
        CheckConstraint("value IN (-1, 1)", name="value"),
        Index(None, "voter"),
    )

    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    voter: Mapped[str] = mapped_column(_HASH, primary_key=True)
    value: Mapped[int]
    source: Mapped[str | None] = mapped_column(StorableText)
    paragraph: Mapped[int | None]
    fingerprint: Mapped[int | None]


class TaughtRow(Base):
    """A question that a paragraph answers, according to a person or two thumbs.

    Attributes:
        identity: Hash of server, question and paragraph: teaching the same again replaces it. A
            unique index over the texts themselves would be too long for PostgreSQL.
        taught_by: Keyed hash of the teacher, or of the person whose question thumbs confirmed;
            empty once it is deleted.
    """

    __tablename__ = "taught"
    __table_args__ = (
        CheckConstraint("kind IN ('taught', 'confirmed')", name="kind"),
        Index(None, "guild_id"),
        Index(None, "taught_by"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    identity: Mapped[str] = mapped_column(_HASH, unique=True)
    guild_id: Mapped[int | None]
    question: Mapped[str] = mapped_column(StorableText(MAX_QUESTION_CHARS))
    source: Mapped[str] = mapped_column(StorableText)
    paragraph: Mapped[int]
    fingerprint: Mapped[int]
    taught_by: Mapped[str] = mapped_column(_HASH)
    kind: Mapped[str] = mapped_column(_WORD)
    at: Mapped[datetime]


class AuditRow(Base):
    """A change of a server's texts, lessons or settings, and who made it.

    Attributes:
        person: Keyed hash of the person's id; empty once it is deleted.
        sealed: The person's id, encrypted with the same key; empty once it is deleted.
        action: What was done, as the store names it.
        subject: The name of the text, or of the setting.
        paragraph: The paragraph of a lesson.
        channel_id: The channel of a setting; NULL for the whole server.
        before: The values of a setting before the change.
        after: Its values since the change.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index(None, "guild_id", "at"),
        Index(None, "at"),  # the purge
        Index(None, "person"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    guild_id: Mapped[int]
    person: Mapped[str] = mapped_column(_HASH)
    sealed: Mapped[str] = mapped_column(_SEALED)
    action: Mapped[str] = mapped_column(_WORD)
    subject: Mapped[str] = mapped_column(StorableText)
    paragraph: Mapped[int | None]
    channel_id: Mapped[int | None]
    before: Mapped[list[str]] = mapped_column(JSON)
    after: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[datetime]


class FolderRow(Base):
    """The folder of a server's files, or of the texts that all servers share (guild_id 0).

    Attributes:
        version: A random number, another one after each change of the files.
    """

    __tablename__ = "folders"

    guild_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class FileRow(Base):
    """A file of a folder.

    Attributes:
        path: Below the folder, with forward slashes.
        digest: SHA-256 of its bytes, which are in `file_chunks`.
        size: In bytes.
    """

    __tablename__ = "files"

    guild_id: Mapped[int] = mapped_column(
        ForeignKey("folders.guild_id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(_DIGEST)
    size: Mapped[int]


class FileChunkRow(Base):
    """Some of the bytes of a folder's file; files with the same bytes share them.

    Attributes:
        number: Place among the chunks of the file, from 0.
    """

    __tablename__ = "file_chunks"

    guild_id: Mapped[int] = mapped_column(
        ForeignKey("folders.guild_id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class KeyValueRow(Base):
    """One value that is stored under a key."""

    __tablename__ = "facts"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(StorableText)
