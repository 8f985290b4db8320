"""A server of PostgreSQL that a test stops, starts and copies, and a network that fails."""

import asyncio
import os
import secrets
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import asyncpg

from tests.support.postgres import (
    execute,
    free_port,
    give_away,
    make_cluster,
    programs,
    start_server,
    wait_until_ready,
)

_TIMEOUT_S = 60


class Cluster:
    """One server with its own data.

    Attributes:
        address: The server, without a database; ends with a slash.
        host: The same as HOST:PORT.
    """

    def __init__(self, folder: Path, password: str) -> None:
        """Prepare; the folder must be there, and its data is made by `make` or `copy`."""
        found = programs()
        assert found is not None
        self._programs, self._folder, self._password = found, folder, password
        self._port = free_port()
        self._user = give_away(folder) if os.geteuid() == 0 else None
        self._server: subprocess.Popen[bytes] | None = None
        self.host = f"127.0.0.1:{self._port}"
        self.address = f"postgresql://pullquote:{password}@{self.host}/"

    @classmethod
    def make(cls, folder: Path) -> Self:
        """Make a cluster and start its server."""
        made = cls(folder, secrets.token_hex(8))
        make_cluster(made._programs, folder, made._password, made._user)
        made.start()
        return made

    def copy(self, folder: Path) -> "Cluster":
        """Make and start a standby, which follows this server and can only be read."""
        standby = Cluster(folder, self._password)
        source = self.address.rstrip("/").replace("postgresql://", "postgres://")
        subprocess.run(
            [
                self._programs / "pg_basebackup",
                f"--dbname={source}",
                f"--pgdata={folder / 'data'}",
                "--write-recovery-conf",
                "--checkpoint=fast",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            timeout=_TIMEOUT_S,
            user=self._user,
        )
        standby.start()
        return standby

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        self._server = start_server(self._programs, self._folder, self._port, self._user)
        wait_until_ready(self._server, self.address, self._folder / "log")

    def stop(self, by: signal.Signals = signal.SIGQUIT) -> None:
        """Stop the server at once, like a crash, or with another signal."""
        if self._server is not None:
            self._server.send_signal(by)
            self._server.wait(timeout=_TIMEOUT_S)
            self._server = None

    def run(self, statement: str, database: str = "postgres") -> None:
        """Execute a statement."""
        asyncio.run(execute(self.address + database, statement))

    def value(self, query: str, database: str = "postgres") -> object:
        """Return the first value of a query."""

        async def ask() -> object:
            connection = await asyncpg.connect(self.address + database)
            try:
                return await connection.fetchval(query)
            finally:
                await connection.close()

        return asyncio.run(ask())

    def wait_until(self, query: str, value: object, database: str = "postgres") -> None:
        """Wait until a query has a value."""
        deadline = time.monotonic() + 15
        while self.value(query, database) != value:
            assert time.monotonic() < deadline, query
            time.sleep(0.05)

    def promote(self) -> None:
        """Let a standby take changes."""
        assert self.value("SELECT pg_promote()") is True


class Proxy:
    """Passes bytes on to a server, later or not at all.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        delay_s: How much later bytes are passed on, each way.
        is_silent: Whether nothing is passed on, and nothing closed: the network is cut.
    """

    def __init__(self, host: str) -> None:
        self._to = host.split(":")
        self.port = free_port()
        self.delay_s = 0.0
        self.is_silent = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name, port = self._to
        there, back = await asyncio.open_connection(name, int(port))
        with suppress(asyncio.CancelledError):  # the end
            await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                while self.is_silent:
                    await asyncio.sleep(0.02)
                await asyncio.sleep(self.delay_s)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def _end(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
