"""A real PostgreSQL server of the tests' own, and databases on it or in SQLite files."""

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from bot.database import open_database
from bot.database.connection.migrate import migrate
from bot.database.connection.url import DatabaseAddress
from bot.database.schema.tables import Base

NOON = datetime(2026, 5, 10, 12, tzinfo=UTC)

LOOPBACK = "127.0.0.1"

_USER = "pullquote"
_TIMEOUT_S = 60

# Everything that needs the server runs in one process of xdist, so that one server starts.
on_postgres = pytest.mark.xdist_group("postgres")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running server, without a database; ends with a slash."""
    if programs() is None:
        pytest.skip("PostgreSQL's server is not installed (Debian: apt install postgresql)")
    with running_server() as address:
        yield address


@pytest.fixture
def postgres_url(postgres_server) -> str:
    """The DATABASE_URL of a new, empty database."""
    return new_database(postgres_server)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=on_postgres)])
def database_url(request, tmp_path):
    """The DATABASE_URL of a new, empty database: a file of SQLite, then one of PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/pullquote.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """A migrated file of SQLite, to be copied."""
    file: Path = tmp_path_factory.mktemp("sqlite") / "pullquote.db"
    migrate(DatabaseAddress.parse(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_tables(postgres_server) -> str:
    """The address of a migrated database, to be emptied."""
    url = new_database(postgres_server)
    migrate(DatabaseAddress.parse(url))
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=on_postgres)])
def migrated_url(request, tmp_path):
    """The DATABASE_URL of a migrated database without rows, in less time than `database_url`."""
    if request.param == "sqlite":
        file = tmp_path / "pullquote.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"
    url = request.getfixturevalue("postgres_tables")
    tables = ", ".join(Base.metadata.tables)
    asyncio.run(execute(url, f"TRUNCATE {tables} RESTART IDENTITY"))
    return url


@pytest.fixture
def on_database(migrated_url):
    """A function that plays an async function on the opened database, at 10 May 2026, 12:00 UTC.

    The second argument of what is played is the clock, whose `now` it may set.
    """

    def play_on(play):
        async def run():
            clock = Clock()
            database = await open_database(migrated_url, clock)
            try:
                return await play(database, clock)
            finally:
                await database.close()

        return asyncio.run(run())

    return play_on


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def running_server(host: str = LOOPBACK, within: Sequence[str] = ()) -> Iterator[str]:
    """Run a server, and yield its address without a database, which ends with a slash.

    Args:
        host: The address that it listens on; it takes connections of the same network.
        within: A command that runs the server, with the server's own command behind.
    """
    found = programs()
    assert found is not None, "PostgreSQL's server is not installed"
    # Not in pytest's own folder: that is closed to the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="pullquote-postgres-"))
    try:
        with _running(found, folder, host, within) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the server may still be removing files


def new_database(server: str) -> str:
    """Make an empty database and return its address."""
    name = f"test_{secrets.token_hex(6)}"
    asyncio.run(execute(f"{server}postgres", f"CREATE DATABASE {name}"))
    return server + name


async def execute(address: str, statement: str) -> None:
    """Execute a statement on a connection of its own."""
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def programs() -> Path | None:
    """Return the folder of the server's programs: the newest of Debian's, or one in the PATH."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(debian, key=lambda path: int(path.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def _running(
    folder_of_programs: Path, folder: Path, host: str, within: Sequence[str]
) -> Iterator[str]:
    """Make a cluster in the folder and run its server."""
    password = secrets.token_hex(8)
    user = give_away(folder) if os.geteuid() == 0 else None
    make_cluster(folder_of_programs, folder, password, user)
    port = free_port()
    server = start_server(folder_of_programs, folder, port, user, host, within)
    try:
        address = f"postgresql://{_USER}:{password}@{host}:{port}/"
        wait_until_ready(server, address, folder / "log")
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # a fast shutdown, which waits for no client
        server.wait(timeout=_TIMEOUT_S)


def start_server(
    folder_of_programs: Path,
    folder: Path,
    port: int,
    user: str | None,
    host: str = "127.0.0.1",
    within: Sequence[str] = (),
) -> "subprocess.Popen[bytes]":
    """Start the server of a cluster; it is not ready yet.

    Args:
        folder_of_programs: The server's programs.
        folder: The cluster's.
        port: Where it listens.
        user: Who it runs as; None for the present user.
        host: The address at which it listens.
        within: A command that runs another, for example in another network.
    """
    options = {
        "listen_addresses": host,
        "port": port,
        "unix_socket_directories": folder,
        "fsync": "off",
        "max_connections": 60,
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [
                *within,
                *_as(user),
                folder_of_programs / "postgres",
                "-D",
                folder / "data",
                *settings,
            ],
            stdout=log,
            stderr=log,
            cwd=folder,
        )


def give_away(folder: Path) -> str:
    """Give the folder to the user that Debian's package makes: the server refuses to be root."""
    shutil.chown(folder, "postgres", "postgres")
    return "postgres"


def _as(user: str | None) -> list[str]:
    """Return the command that runs another as a user; nothing for the present one."""
    if user is None:
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]


def make_cluster(folder_of_programs: Path, folder: Path, password: str, user: str | None) -> None:
    """Make a cluster of databases, whose only user has a password."""
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    subprocess.run(
        [
            folder_of_programs / "initdb",
            f"--pgdata={folder / 'data'}",
            f"--username={_USER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        cwd=folder,
        timeout=_TIMEOUT_S,
        user=user,
    )
    with (folder / "data" / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write("host all all samenet scram-sha-256\n")


def wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait until a server takes connections."""
    deadline = time.monotonic() + _TIMEOUT_S
    while True:
        try:
            return asyncio.run(execute(f"{address}postgres", "SELECT 1"))
        except (OSError, asyncpg.PostgresError):
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
