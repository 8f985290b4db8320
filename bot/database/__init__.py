"""Stores settings, questions and lessons in SQLite or PostgreSQL."""

from bot.database.connection.announcements import Announcement, Topic
from bot.database.connection.circuit_breaker import CircuitBreaker
from bot.database.connection.folder_lock import FolderInUseError
from bot.database.connection.inspection import DatabaseState, inspect_database
from bot.database.connection.migrate import known_revisions
from bot.database.connection.shard_locks import ShardLocks
from bot.database.connection.url import database_file
from bot.database.database import Database, open_database, open_database_when_possible
from bot.database.key_check import CHECK_KEY, wrong_key
from bot.database.pseudonyms import Pseudonyms
from bot.database.stores.audit_log import (
    AUDIT_LOG_DAYS,
    Change,
    ChangeAction,
    ChangeKind,
    StoredChange,
)
from bot.database.stores.digests import DueDigest
from bot.database.stores.files import (
    CHUNK_BYTES,
    SHARED_FOLDER,
    FileStore,
    FolderChangedError,
    StoredFile,
    StoredFolder,
)
from bot.database.stores.privacy import DeletionCounts, PersonalData
from bot.database.stores.question_record import LoggedOutcome, QuestionRecord, StoredQuestion
from bot.database.stores.questions import VoteCounts, VoteValue, WellAnswered
from bot.database.stores.server_settings import ChannelSettings, Confidence, Mode, ServerSettings
from bot.database.stores.statistics import Day, Summary
from bot.database.stores.taught import Lesson, LessonKind
from bot.database.stores.unanswered import Span, UnansweredGroup
from bot.database.transfer.dump import Snapshot, snapshot, tables_at
from bot.database.transfer.load import Content, exclusive_access, replace_content, was_restored

__all__ = [
    "AUDIT_LOG_DAYS",
    "CHECK_KEY",
    "CHUNK_BYTES",
    "SHARED_FOLDER",
    "Announcement",
    "Change",
    "ChangeAction",
    "ChangeKind",
    "ChannelSettings",
    "CircuitBreaker",
    "Confidence",
    "Content",
    "Database",
    "DatabaseState",
    "Day",
    "DeletionCounts",
    "DueDigest",
    "FileStore",
    "FolderChangedError",
    "FolderInUseError",
    "Lesson",
    "LessonKind",
    "LoggedOutcome",
    "Mode",
    "PersonalData",
    "Pseudonyms",
    "QuestionRecord",
    "ServerSettings",
    "ShardLocks",
    "Snapshot",
    "Span",
    "StoredChange",
    "StoredFile",
    "StoredFolder",
    "StoredQuestion",
    "Summary",
    "Topic",
    "UnansweredGroup",
    "VoteCounts",
    "VoteValue",
    "WellAnswered",
    "database_file",
    "exclusive_access",
    "inspect_database",
    "known_revisions",
    "open_database",
    "open_database_when_possible",
    "replace_content",
    "snapshot",
    "tables_at",
    "was_restored",
    "wrong_key",
]
