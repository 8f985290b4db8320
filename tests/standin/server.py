"""The HTTP server in its thread: starts, stops, waits for conditions and checks the rules."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from aiohttp import web

from tests.standin.gateway.gateway import Gateway
from tests.standin.model.world import Clock, World
from tests.standin.rest import attachments, interactions, registration
from tests.standin.rest import channels as rest
from tests.standin.rest.transport import PREFIX, Request, Transport
from tests.standin.rules.rules import Judge

T = TypeVar("T")


class Server:
    """Serves REST and the gateway; leaving the `with` block fails if a rule was broken."""

    def __init__(
        self,
        token: str = "stand-in.token",
        *,
        message_content_intent: Literal["granted", "refused", "revoked"] = "granted",
        compress: bool = False,
        heartbeat_interval: float = 41.25,
        identify_limit: int = 1000,
        identify_interval: float = 5.0,
        shards: int = 1,
        max_concurrency: int = 1,
        host: str = "127.0.0.1",
        members_intent: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.token = token
        self.judge = Judge()
        self.clock = Clock(clock)
        granted = message_content_intent == "granted"
        self.world = World(self.judge, self.clock, content_granted=granted, shards=shards)
        # "revoked" is what a change between two requests looks like: announced, yet refused.
        self.world.content_announced = message_content_intent != "refused"
        self.world.identifies_left = identify_limit
        self.world.max_concurrency = max_concurrency
        self.world.members_granted = members_intent
        self.gateway = Gateway(
            self.world,
            token,
            self._notify,
            heartbeat_s=heartbeat_interval,
            identify_interval_s=identify_interval,
            compress=compress,
        )
        self.transport = Transport(self.world, token, self._notify)
        self.api_base = ""
        self._host = host
        self.date_ahead_s = 0.0
        self._changed = threading.Condition()
        self._version = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._await(self._start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._await(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if error is None:
            self.check()

    async def _start(self) -> None:
        app = web.Application(client_max_size=26 * 1024 * 1024)
        app.router.add_get("/", self.gateway.connect)
        api_routes = rest.ROUTES + interactions.ROUTES + registration.ROUTES
        self.transport.mount(app, api_routes, attachments.ROUTES)
        app.on_response_prepare.append(self._date)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.world.cdn_url = f"http://{self._host}:{port}"
        self.api_base = f"{self.world.cdn_url}{PREFIX}"
        self.world.websocket_url = f"ws://{self._host}:{port}/"

    async def _date(self, request: web.Request, response: web.StreamResponse) -> None:
        del request
        response.headers["Date"] = formatdate(time.time() + self.date_ahead_s, usegmt=True)

    async def _stop(self) -> None:
        await self.gateway.close()
        await self._runner.cleanup()

    def _await(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=20)

    def _do(self, action: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run a function in the server's thread, where all changes happen."""

        async def run() -> T:
            return action(*args, **kwargs)

        result: T = self._await(run())
        return result

    def _notify(self) -> None:
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    @property
    def violations(self) -> list[str]:
        """Every rule of Discord that the bot broke, in words."""
        return self.judge.violations

    @property
    def pings(self) -> list[str]:
        """Whom the bot notified."""
        return self.judge.pings

    @property
    def pings_allowed(self) -> bool:
        """Whether pings by the bot are no violation."""
        return self.judge.pings_allowed

    @pings_allowed.setter
    def pings_allowed(self, allowed: bool) -> None:
        self.judge.pings_allowed = allowed

    def forgive(self, part: str) -> None:
        """Forgive violations that contain `part`, past and to come."""
        self.judge.forgive(part)

    def check(self) -> None:
        """Raise AssertionError if a rule was broken or an interaction left open."""
        for item in list(self.world.interactions.values()):
            name = item.data.get("name") or item.data.get("custom_id")
            if item.acknowledged_at is None:
                self.judge.record(f"interaction {name!r} was never acknowledged")
            elif item.original is not None and item.original.loading and not item.original.deleted:
                self.judge.record(f"interaction {name!r} was deferred and never answered")
        self.judge.check()

    def advance(self, seconds: float) -> None:
        """Move Discord's clock forward: deadlines, token ages, limits, idle threads, timestamps."""
        self._do(self.clock.advance, seconds)
        self._do(self.world.archive_idle)

    def wait_until(self, condition: Callable[[], T], timeout: float = 10, what: str = "") -> T:
        """Wait for a truthy condition and return its value; AssertionError after the timeout."""
        end = time.monotonic() + timeout
        while True:
            version = self._version
            if value := condition():
                return value
            left = end - time.monotonic()
            if left <= 0:
                broken = f"; broken rules: {self.violations}" if self.violations else ""
                raise AssertionError(f"{timeout} s passed without {what or condition}{broken}")
            with self._changed:
                if version == self._version:
                    self._changed.wait(min(left, 0.1))

    @property
    def requests(self) -> list[Request]:
        """Every HTTP request so far as (method, path, json, status)."""
        return self.transport.requests

    @property
    def identifies(self) -> int:
        """How often a client sent IDENTIFY."""
        return self.gateway.identifies

    @property
    def resumes(self) -> int:
        """How often a client resumed its session."""
        return self.gateway.resumes

    @property
    def ready(self) -> bool:
        """Whether as many shards are connected as the client has announced."""
        shards = {item.session.shard for item in self.gateway.sockets if item.session}
        return bool(shards) and len(shards) >= max(count for _, count in shards)

    @property
    def connected(self) -> bool:
        """Whether a client has a session and a socket."""
        return bool(self.gateway.sockets)

    @property
    def gateway_closed_by_client(self) -> int | None:
        """The last close code from a client, 1006 if it vanished, None if none closed."""
        return self.gateway.closed_by_client
