"""Serves each HTTP request: reads, authorises, fails it on purpose, handles, logs, answers."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from aiohttp import web

from tests.standin.model.world import World
from tests.standin.rest.failures import Failure, json_response
from tests.standin.rules.rules import Refusal, text_problems

PREFIX = "/api/v10"
REQUESTS_PER_SECOND = 50


class Request(NamedTuple):
    """One line of the request log; status 0 stands for no answer at all, `at` is monotonic."""

    method: str
    path: str
    json: Any
    status: int
    at: float


@dataclass(frozen=True)
class Call:
    """The part of a request that a handler sees."""

    method: str
    path: str
    where: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    files: dict[str, bytes] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """Return an id from the path."""
        if not self.where[name].isdigit():
            raise Refusal(400, 50035, f"{self.where[name]!r} is not a snowflake")
        return int(self.where[name])


Handler = Callable[[World, Call], Any]
Route = tuple[str, str, Handler]


class Transport:
    """Serves handlers over HTTP and keeps the log."""

    def __init__(self, world: World, token: str, changed: Callable[[], None]) -> None:
        self.requests: list[Request] = []
        self.failures: list[Failure] = []
        self.token = token
        self.requests_per_second = REQUESTS_PER_SECOND
        self._world, self._changed = world, changed
        self._recent: deque[float] = deque()

    def mount(self, app: web.Application, api_routes: list[Route], cdn_routes: list[Route]) -> None:
        """Add routes, and a last one that refuses unknown paths."""
        for prefix, routes in ((PREFIX, api_routes), ("", cdn_routes)):
            for method, pattern, handler in routes:
                app.router.add_route(method, prefix + pattern, partial(self._serve, handler))
        app.router.add_route("*", "/{tail:.*}", partial(self._serve, _unknown_route))

    async def _serve(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        at = time.monotonic()
        call = await _read(request)
        failures = (item for item in self.failures if item.matches(call.method, call.path))
        failure = next(failures, None)
        if failure is not None:
            failure.times -= 1
        if failure is None:
            response = self._handle(handler, call, request.headers.get("Authorization"))
            self._log(call, response.status, at)
            return response
        done = None
        if failure.is_done:
            done = self._handle(handler, call, request.headers.get("Authorization"))
        self._log(call, failure.shown_status(done), at)
        return await failure.answer(request, done)

    def _log(self, call: Call, status: int, at: float) -> None:
        self.requests.append(Request(call.method, call.path, call.json, status, at))
        self._changed()

    def _handle(self, handler: Handler, call: Call, authorization: str | None) -> web.Response:
        judge = self._world.judge
        try:
            self._authorise(call, authorization)
            judge.require(list(text_problems(call.json)))
            done = handler(self._world, call)
            return done if isinstance(done, web.Response) else json_response(done)
        except Refusal as refusal:
            body: dict[str, Any] = {"message": refusal.message, "code": refusal.code}
            if refusal.status == 429:
                body |= {"retry_after": 1.0, "global": True}
            return json_response(body, refusal.status)
        except Exception as error:
            judge.record(f"{call.method} {call.path} made the stand-in fail: {error!r}")
            return json_response({"message": "500: Internal Server Error", "code": 0}, 500)

    def _authorise(self, call: Call, authorization: str | None) -> None:
        if call.path.startswith("/attachments/"):
            if authorization is not None:
                self._world.judge.record("the token was sent to the CDN")
            return
        if re.match(r"/(interactions|webhooks|gateway$)", call.path):
            return
        if authorization != f"Bot {self.token}":
            self._world.judge.refuse(401, 0, f"401: Unauthorized at {call.method} {call.path}")
        now = self._world.clock.now()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        self._recent.append(now)
        if len(self._recent) > self.requests_per_second:
            limit = f"more than {self.requests_per_second} requests in one second"
            self._world.judge.refuse(429, 0, limit)


async def _read(request: web.Request) -> Call:
    body: Any = None
    files: dict[str, bytes] = {}
    if request.content_type == "multipart/form-data":
        form = await request.post()
        for name, value in form.items():
            if isinstance(value, web.FileField):
                files[value.filename] = value.file.read()
            elif name == "payload_json" and isinstance(value, str):
                body = json.loads(value)
    elif request.can_read_body:
        body = json.loads(await request.read())
    path = request.path.removeprefix(PREFIX)
    return Call(request.method, path, request.match_info, request.query, body, files)


def _unknown_route(world: World, call: Call) -> Any:
    world.judge.refuse(404, 0, f"404: Not Found: {call.method} {call.path} is not a known route")
