"""Column types with the same Python values on SQLite and PostgreSQL."""

import re
from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, TypeDecorator

# SQLite numbers rows itself only in a column declared INTEGER; its integers have 64 bits anyway.
Counter = BigInteger().with_variant(Integer, "sqlite")

# PostgreSQL stores no NUL, and half a surrogate pair has no UTF-8.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC on both databases, always with its time zone; SQLite itself has none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the time in UTC; one without time zone is a mistake of the caller.

        Raises:
            ValueError: It has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the time in UTC, with its time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StorableText(TypeDecorator[str]):
    """Text, optionally cut to a length; characters that cannot be stored become U+FFFD."""

    impl = String
    cache_ok = True

    def __init__(self, max_chars: int | None = None) -> None:
        super().__init__(max_chars)
        self.max_chars = max_chars

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text cut to `max_chars`, with U+FFFD for characters that cannot be stored."""
        return None if value is None else _NOT_STORABLE.sub("\ufffd", value)[: self.max_chars]
