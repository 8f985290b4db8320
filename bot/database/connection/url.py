"""Read DATABASE_URL, and turn failures of the database it names into one line."""

import importlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.database.connection.server_list import (
    listed_in,
    read_servers,
    shown_servers,
    without_servers,
)
from bot.errors import DatabaseError, SettingsError

_VARIABLE = "DATABASE_URL"
_EXAMPLES = "write one like sqlite:///pullquote.db or postgresql://user:password@host/name"

_SQLITE = re.compile(r"sqlite(?:\+aiosqlite)?://(?P<path>.*)", re.DOTALL)
_POSTGRESQL = ("postgresql", "postgresql+asyncpg", "postgres")

# Stands for the servers of an address that lists several.
_SEVERAL = "several.servers"

# The bot looks for a server that takes changes anyway.
_WRITABLE = "target_session_attrs"
_WRITABLE_VALUES = ("read-write", "primary", "any")

# Parameters of libpq that asyncpg has under other names; it knows few of the rest.
_PARAMETERS = {"sslmode": "ssl", "ssl": "ssl", "host": "host"}

# Keyed by the beginnings of the names of SQLite's errors.
_SQLITE_ADVICE = {
    "SQLITE_NOTADB": "restore a copy of the file, or move it away to start with an empty one",
    "SQLITE_CORRUPT": "restore a copy of the file, or move it away to start with an empty one",
    "SQLITE_BUSY": "another program writes to it; stop that program, or try again later",
    "SQLITE_FULL": "free some space on the disk",
}

# By SQLSTATE.
_POSTGRESQL_ADVICE = {
    "25006": "it can be read meanwhile; let it take changes, or name the server that does",
    "53100": "free some space on the disk of its server",
}

# Failures that can be repaired while the bot waits: beginnings of the names of SQLite's errors, and
# PostgreSQL's SQLSTATE: classes for connections, resources and operators, and read-only.
_SQLITE_MAY_PASS = ("BUSY", "LOCKED", "CORRUPT", "NOTADB", "FULL", "IOERR", "READONLY")
_SQLSTATE_MAY_PASS = ("08", "25006", "53", "57")

# A reason fits a line; PostgreSQL may add a page of details.
_MAX_REASON_CHARS = 200


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Where the database is.

    Attributes:
        url: For SQLAlchemy, with the driver; holds the password.
        shown: For people, without the password.
        file: The file of a SQLite database; None for PostgreSQL.
        hosts: Names and ports of several servers of PostgreSQL; empty for one, which `url` names.
        driver_errors: Exceptions of the driver that SQLAlchemy does not wrap.
    """

    url: URL
    shown: str
    file: Path | None = None
    hosts: tuple[tuple[str, int], ...] = ()
    driver_errors: tuple[type[Exception], ...] = ()

    @classmethod
    def parse(cls, url: str) -> "DatabaseAddress":
        """Read an address of SQLite or PostgreSQL.

        Raises:
            SettingsError: It names neither, or the driver is not installed.
        """
        if not url.isascii() and url != url.encode("utf-8", "replace").decode():
            raise SettingsError(_VARIABLE, "it is not valid UTF-8 text")
        if found := _SQLITE.fullmatch(url):
            return cls._sqlite(found["path"])
        if url.partition("://")[0] in _POSTGRESQL:
            return cls._postgresql(url)
        raise SettingsError(_VARIABLE, f"it names neither SQLite nor PostgreSQL; {_EXAMPLES}")

    @classmethod
    def _sqlite(cls, rest: str) -> "DatabaseAddress":
        name = rest.removeprefix("/")
        if rest == name or not name or name == ":memory:":
            raise SettingsError(_VARIABLE, f"it names no file; {_EXAMPLES}")
        file = Path(name).absolute()
        return cls(URL.create("sqlite+aiosqlite", database=str(file)), str(file), file)

    @classmethod
    def _postgresql(cls, text: str) -> "DatabaseAddress":
        text, listed = without_servers(text)
        try:
            url = make_url(text)
        except (ArgumentError, ValueError) as error:
            raise SettingsError(_VARIABLE, f"it cannot be read; {_EXAMPLES}") from error
        _check_parameters(url)
        driver = _driver()
        try:
            hosts = read_servers(listed or listed_in(url.query.get("host")))
        except ValueError as error:
            raise SettingsError(_VARIABLE, f"{error}; {_EXAMPLES}") from error
        names = {name: new for name, new in _PARAMETERS.items() if not (hosts and name == "host")}
        query = {new: url.query[name] for name, new in names.items() if name in url.query}
        if hosts:
            url = url.set(host=_SEVERAL, port=None)
        shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
        return cls(
            url.set(drivername="postgresql+asyncpg", query=query),
            shown.render_as_string().replace(_SEVERAL, shown_servers(hosts)),
            hosts=hosts,
            driver_errors=(driver.PostgresError, driver.InterfaceError),
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.file is not None

    @property
    def _expected(self) -> tuple[type[Exception], ...]:
        return SQLAlchemyError, sqlite3.Error, OSError, *self.driver_errors

    def _may_pass(self, cause: BaseException) -> bool:
        """Return whether a failure may end by itself, without a change of DATABASE_URL."""
        if not self.is_sqlite:
            state = str(getattr(cause, "sqlstate", None) or "")
            return isinstance(cause, OSError) or state.startswith(_SQLSTATE_MAY_PASS)
        name = getattr(cause, "sqlite_errorname", "").removeprefix("SQLITE_")
        # On a read-only disk SQLite cannot make the companions of the file.
        is_there = name.startswith("CANTOPEN") and _is_file(self.file)
        return is_there or name.startswith(_SQLITE_MAY_PASS)

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Turn errors of the database, its driver or the network into a DatabaseError."""
        try:
            yield
        except self._expected as error:
            # Not `from error`: PostgreSQL's details hold the row, and with it what people asked.
            cause = getattr(error, "orig", None) or error  # SQLAlchemy's own text is longer
            raise DatabaseError(
                self.shown, _reason(cause), _advice(cause), may_pass=self._may_pass(cause)
            ) from None


def _check_parameters(url: URL) -> None:
    """Check that an address of PostgreSQL has only parameters that are supported.

    Raises:
        SettingsError: It has others.
    """
    unknown = sorted(set(url.query) - {*_PARAMETERS, _WRITABLE})
    if unknown:
        allowed = ", ".join([*_PARAMETERS, _WRITABLE])
        raise SettingsError(
            _VARIABLE, f"'{unknown[0]}' is not a supported parameter; use only {allowed}"
        )
    if url.query.get(_WRITABLE, "any") not in _WRITABLE_VALUES:
        allowed = ", ".join(_WRITABLE_VALUES)
        raise SettingsError(_VARIABLE, f"{_WRITABLE} is not one of {allowed}")


def _driver() -> ModuleType:
    """Return the driver of PostgreSQL.

    Raises:
        SettingsError: It is not installed.
    """
    try:
        return importlib.import_module("asyncpg")
    except ImportError as error:
        raise SettingsError(
            _VARIABLE, "PostgreSQL needs a driver; pip install -e '.[postgres]'"
        ) from error


def database_file(url: str) -> Path | None:
    """Return the file of a database of SQLite; None for PostgreSQL.

    Raises:
        SettingsError: The address names neither.
    """
    return DatabaseAddress.parse(url).file


def _is_file(path: Path | None) -> bool:
    try:
        return path is not None and path.is_file()
    except OSError:  # its folder cannot be read
        return False


def _reason(cause: BaseException) -> str:
    """Return the first line of what went wrong, without class names."""
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return re.sub(r"^<class '[^']*'>: ", "", lines[0])[:_MAX_REASON_CHARS]


def _advice(cause: BaseException) -> str:
    """Return what to do about an error that is known; empty for others."""
    if advice := _POSTGRESQL_ADVICE.get(str(getattr(cause, "sqlstate", None) or "")):
        return advice
    name = getattr(cause, "sqlite_errorname", "")
    return next((advice for start, advice in _SQLITE_ADVICE.items() if name.startswith(start)), "")
