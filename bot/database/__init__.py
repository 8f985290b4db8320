"""What the bot keeps: settings, questions, what it was taught. SQLite or PostgreSQL."""

from bot.database.addresses import database_file
from bot.database.asked import Asked, Outcome, QuotedPlace, Recorded
from bot.database.connecting import Database, open_database, open_database_when_possible
from bot.database.dumping import Snapshot, snapshot, tables_at
from bot.database.loading import Content, nobody_else, replace_content, was_restored
from bot.database.migrating import known_revisions
from bot.database.people import PeopleKey
from bot.database.privacy import Deleted, PersonalData
from bot.database.question_log import Votes, VoteValue
from bot.database.server_settings import ChannelSettings, Confidence, Mode, ServerSettings
from bot.database.shard_locks import ShardLocks
from bot.database.statistics import Day, Summary
from bot.database.taught_questions import Kind, Taught
from bot.database.unanswered import UnansweredGroup

__all__ = [
    "Asked",
    "ChannelSettings",
    "Confidence",
    "Content",
    "Database",
    "Day",
    "Deleted",
    "Kind",
    "Mode",
    "Outcome",
    "PeopleKey",
    "PersonalData",
    "QuotedPlace",
    "Recorded",
    "ServerSettings",
    "ShardLocks",
    "Snapshot",
    "Summary",
    "Taught",
    "UnansweredGroup",
    "VoteValue",
    "Votes",
    "database_file",
    "known_revisions",
    "nobody_else",
    "open_database",
    "open_database_when_possible",
    "replace_content",
    "snapshot",
    "tables_at",
    "was_restored",
]
