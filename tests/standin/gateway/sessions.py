"""Gateway sessions with numbered logs for RESUME, and the websockets that they write to."""

from __future__ import annotations

import asyncio
import importlib
import json
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.standin.model.models import Guild
from tests.standin.rules.rules import JSON

DISPATCH = 0
CONTENT = 1 << 15
Packer = Callable[[str], bytes] | None


@dataclass(eq=False)
class Session:
    """A session outlives its socket: what is sent goes to `log` first."""

    id: str
    shard: tuple[int, int]
    intents: int
    log: list[JSON] = field(default_factory=list)
    socket: Socket | None = None
    retired: bool = False

    def send(self, event: str, data: JSON) -> None:
        """Number an event, keep it for a later RESUME and send it if a socket is there."""
        frame = {"op": DISPATCH, "t": event, "s": len(self.log) + 1, "d": data}
        self.log.append(frame)
        if self.socket is not None:
            self.socket.send(frame)

    @property
    def reads_content(self) -> bool:
        """Whether the session asked for the content of messages."""
        return bool(self.intents & CONTENT)

    def covers(self, guild: Guild | None) -> bool:
        """Return whether this shard gets the events of a guild, or of DMs for None."""
        number, count = self.shard
        return number == (0 if guild is None else (guild.id >> 22) % count)


class Socket:
    """One websocket; frames are queued and written in order by a task of its own."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request, packer: Packer) -> None:
        self.ws, self.request = ws, request
        self.session: Session | None = None
        self.our_code: int | None = None
        self.sent_at: deque[float] = deque()
        self._packer = packer
        self._queue: asyncio.Queue[JSON | int | str | bytes] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def send(self, frame: JSON) -> None:
        """Queue a frame."""
        self._queue.put_nowait(frame)

    def send_raw(self, frame: str | bytes) -> None:
        """Queue a frame as it is, be it JSON or not."""
        self._queue.put_nowait(frame)

    def close(self, code: int) -> None:
        """Close with a code once all that is queued has been written."""
        self.our_code = code
        self._queue.put_nowait(code)

    def abort(self) -> None:
        """Cut the connection without a close frame."""
        self.our_code = 1006
        if self.request.transport is not None:
            self.request.transport.abort()

    def stop(self) -> None:
        """End the writer."""
        self._writer.cancel()

    async def _write(self) -> None:
        while True:
            frame = await self._queue.get()
            try:
                if isinstance(frame, int):
                    await self.ws.close(code=frame)
                    return
                if isinstance(frame, bytes):
                    await self.ws.send_bytes(frame)
                    continue
                text = frame if isinstance(frame, str) else json.dumps(frame)
                if self._packer is None:
                    await self.ws.send_str(text)
                else:
                    await self.ws.send_bytes(self._packer(text))
            except ConnectionError:
                return


def packer_for(name: str) -> Packer:
    """Return a compressor for one socket: `zlib-stream`, `zstd-stream` or none."""
    if name == "zlib-stream":
        stream = zlib.compressobj()
        return lambda text: stream.compress(text.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)
    if name == "zstd-stream":
        zstandard = importlib.import_module("zstandard")  # optional
        zstd = zstandard.ZstdCompressor().compressobj()
        block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return lambda text: bytes(zstd.compress(text.encode()) + zstd.flush(block))
    return None
