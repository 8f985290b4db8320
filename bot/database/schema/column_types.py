"""Column types that give and take the same Python values on SQLite and PostgreSQL."""

import re
from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, TypeDecorator

# Only a column declared INTEGER counts up by itself in SQLite; its integers have 64 bits anyway.
Counter = BigInteger().with_variant(Integer, "sqlite")

# PostgreSQL stores no NUL, and half a surrogate pair has no UTF-8.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


class UtcTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on both databases; SQLite itself knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC; a naive one is a mistake of the caller.

        Raises:
            ValueError: It is naive.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without its time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment as an aware one in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StorableText(TypeDecorator[str]):
    """Text of any length, or cut to one; what no database stores shows as U+FFFD."""

    impl = String
    cache_ok = True

    def __init__(self, max_chars: int | None = None) -> None:
        super().__init__(max_chars)
        self.max_chars = max_chars

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text as it can be stored."""
        return None if value is None else _NOT_STORABLE.sub("\ufffd", value)[: self.max_chars]
