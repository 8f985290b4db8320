"""A TCP proxy between the bot and the stand-in that can drop, reset and restore the network."""

from __future__ import annotations

import asyncio
import socket
import struct
from types import TracebackType
from typing import Self

import yarl

from tests.standin.facade import DiscordStandIn


class Wire:
    """Forwards TCP to a stand-in; leaving the `with` block cuts what is left.

    `silence` lets packets vanish while connections stay open, also new ones; `cut` resets all
    and refuses new ones; `mend` serves new connections again, while silenced ones stay silent.

    Attributes:
        n_opened: How many connections were opened so far.
    """

    def __init__(self, discord: DiscordStandIn) -> None:
        self.n_opened = 0
        self._discord = discord
        self._target = yarl.URL(discord.api_base)
        self._server: asyncio.Server | None = None
        self._port = 0
        self._is_silent = False
        self._pairs: list[tuple[asyncio.StreamWriter, asyncio.StreamWriter | None]] = []
        self._silenced: set[asyncio.StreamWriter] = set()

    @property
    def api_base(self) -> str:
        """The address of the REST API by way of the wire."""
        return str(self._target.with_port(self._port))

    def __enter__(self) -> Self:
        self._discord._await(self._listen())
        self._discord.world.websocket_url = f"ws://127.0.0.1:{self._port}/"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cut()

    def silence(self) -> None:
        """Drop every byte from now on, in both directions."""
        self._is_silent = True
        self._silenced.update(client for client, _ in self._pairs)

    def cut(self) -> None:
        """Reset every connection and refuse new ones."""
        self._discord._await(self._cut())

    def mend(self) -> None:
        """Serve new connections."""
        self._is_silent = False
        if self._server is None:
            self._discord._await(self._listen())

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for pair in self._pairs:
            for end in pair:
                if end is not None:
                    _reset(end)
        self._pairs.clear()
        await asyncio.sleep(0.01)

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        self.n_opened += 1
        if self._is_silent:
            self._silenced.add(client)
            self._pairs.append((client, None))
            while await reader.read(65536):
                pass
            return
        answers, server = await asyncio.open_connection(self._target.host, self._target.port)
        self._pairs.append((client, server))
        await asyncio.gather(
            self._pump(reader, server, client), self._pump(answers, client, client)
        )

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, of: asyncio.StreamWriter
    ) -> None:
        try:
            while data := await source.read(65536):
                if of not in self._silenced:
                    target.write(data)
        except ConnectionError:
            pass
        if of not in self._silenced:
            target.close()


def _reset(end: asyncio.StreamWriter) -> None:
    tcp = end.get_extra_info("socket")
    if tcp is not None and tcp.fileno() != -1:
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.transport.abort()
