"""Makes a request fail on purpose, by its status or by its bytes."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

# "after": what was asked is done first. "reset" cuts the connection, "hang" never answers, "page"
# is the HTML of a proxy in front of Discord; "garbage" answers something else than JSON, "cut"
# the first half only, and "slow" a few bytes at a time.
Mode = Literal[
    "before",
    "after",
    "reset",
    "reset after",
    "hang",
    "hang after",
    "page",
    "garbage",
    "cut",
    "slow",
]
# Modes in which the request is handled, although the client gets a failure.
_DONE = ("after", "reset after", "hang after", "garbage", "cut", "slow")
_FOREVER_S = 3600.0
_PAGE = "<!DOCTYPE html>\n<html>\n" + "<p>Error 1015: you are being rate limited</p>\n" * 100
_GARBAGE = b'{"id": "\xff\xfe'


@dataclass
class Failure:
    """A failure for the next requests that match."""

    method: str
    pattern: str
    status: int
    code: int
    retry_after: float
    is_global: bool
    times: int
    mode: Mode

    def matches(self, method: str, path: str) -> bool:
        """Return whether the request must fail; `{name}` in the pattern is any one segment."""
        pattern = re.sub(r"\{[a-z_]+\}", "[^/]+", self.pattern)
        same_method = self.method in ("*", method)
        return self.times > 0 and same_method and bool(re.search(pattern, path))

    @property
    def is_done(self) -> bool:
        """Whether the request is handled nevertheless."""
        return self.mode in _DONE

    def shown_status(self, done: web.Response | None) -> int:
        """Return the status that the client gets; 0 where it gets no answer."""
        if self.mode.startswith(("reset", "hang")):
            return 0
        return done.status if done is not None and self.mode != "after" else self.status

    async def answer(self, request: web.Request, done: web.Response | None) -> web.StreamResponse:
        """Return what the client gets; `done` is what it would have got."""
        if self.mode.startswith("reset"):
            _reset(request)
            await asyncio.sleep(0.01)  # lets the reset reach the client before any answer
        if self.mode.startswith("hang"):
            await asyncio.sleep(_FOREVER_S)
        if self.mode == "page":
            headers = {"Content-Type": "text/html", "Retry-After": f"{self.retry_after:g}"}
            return web.Response(text=_PAGE, status=self.status, headers=headers)
        if self.mode == "garbage":
            return web.Response(body=_GARBAGE, headers={"Content-Type": "application/json"})
        if self.mode in ("cut", "slow") and done is not None:
            return await _trickle(request, done, whole=self.mode == "slow")
        return self._error()

    def _error(self) -> web.Response:
        body: dict[str, Any] = {
            "message": f"{self.status}: made to fail by the test",
            "code": self.code,
        }
        if self.status == 429:
            body |= {"retry_after": self.retry_after, "global": self.is_global}
        return json_response(body, self.status)


def json_response(data: Any, status: int = 200) -> web.Response:
    """Return a JSON response; discord.py insists on a Content-Type without charset."""
    if data is None and status == 200:
        return web.Response(status=204)
    # Discord answers through Cloudflare; without Via discord.py takes a 429 for a ban.
    headers = {"Content-Type": "application/json", "Via": "1.1 google"}
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers)


def _reset(request: web.Request) -> None:
    if request.transport is not None:
        reset = struct.pack("ii", 1, 0)  # a linger of 0 s makes closing send RST, not FIN
        tcp = request.transport.get_extra_info("socket")
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        request.transport.abort()


async def _trickle(request: web.Request, done: web.Response, *, whole: bool) -> web.StreamResponse:
    """Send a body in ten pieces, or the first half of one that was announced whole."""
    body = done.body if isinstance(done.body, bytes) else b""
    response = web.StreamResponse(status=done.status, headers=done.headers)
    response.content_length = len(body)
    await response.prepare(request)
    size = len(body) // 10 + 1
    for start in range(0, len(body) if whole else len(body) // 2, size):
        await response.write(body[start : start + size])
        await asyncio.sleep(0.05)
    if not whole and request.transport is not None:
        request.transport.close()
    return response
