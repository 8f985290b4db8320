"""Serve `/healthz` and `/metrics` to monitoring."""

import asyncio
import errno
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from socket import gaierror

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.errors import SettingsError
from bot.operations.health.gauges import HealthGauges
from bot.operations.health.metrics import Metrics
from bot.operations.health.status import HealthStatus

# A check uses a search thread; requests within this time get the last result.
_STATUS_LIFETIME_S = 1.0

# Docker gives a health check 30 s unless told otherwise; a search takes milliseconds.
_STATUS_TIMEOUT_S = 5.0

# Requests have no body, and monitoring sends one every few seconds at most.
_MAX_BODY_BYTES = 1024
_KEEP_ALIVE_S = 10.0
_SHUTDOWN_S = 0.5

_NO_THREAD = (
    f"no search thread was free for {_STATUS_TIMEOUT_S:.0f} s; if this lasts, restart the bot"
)


class _Health:
    """Checks the bot on request, at most once a second."""

    def __init__(self, read_status: Callable[[], HealthStatus], metrics: Metrics) -> None:
        self._read_status = read_status
        self._registry = metrics.registry
        self._figures = HealthGauges(metrics.registry)
        self._looking = asyncio.Lock()
        self._seen: HealthStatus | None = None
        self._seen_at = 0.0

    async def health(self, request: web.Request) -> web.Response:
        """Answer "ok" or "degraded" with 200, "failing" with 503, and a line for each reason."""
        del request
        try:
            status = await self._status()
            problems, complaints = status.problems, status.complaints
        except TimeoutError:
            problems, complaints = [_NO_THREAD], []
        word = "failing" if problems else "degraded" if complaints else "ok"
        text = "".join(f"{line}\n" for line in (word, *problems, *complaints))
        return web.Response(text=text, status=503 if problems else 200)

    async def metrics(self, request: web.Request) -> web.Response:
        """Answer with all figures; those of the last check if the status cannot be read."""
        del request
        try:
            self._figures.show(await self._status())
        except TimeoutError:
            self._figures.show_failing()
        figures = generate_latest(self._registry)
        return web.Response(body=figures, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _status(self) -> HealthStatus:
        """Return the status of the bot, at most a second old.

        Raises:
            TimeoutError: All threads are busy.
        """
        async with asyncio.timeout(_STATUS_TIMEOUT_S), self._looking:
            if self._seen is None or time.monotonic() > self._seen_at + _STATUS_LIFETIME_S:
                self._seen = await asyncio.to_thread(self._read_status)
                self._seen_at = time.monotonic()
            return self._seen


@asynccontextmanager
async def health_served(
    host: str, port: int, read_status: Callable[[], HealthStatus], metrics: Metrics
) -> AsyncIterator[None]:
    """Serve both pages, and nothing else, while the block runs.

    Args:
        host: The address to listen on.
        port: The port.
        read_status: Returns the status of the bot; blocking, called in a thread.
        metrics: The figures.

    Raises:
        SettingsError: That address and port cannot be listened on.
    """
    health = _Health(read_status, metrics)
    app = web.Application(client_max_size=_MAX_BODY_BYTES)
    app.router.add_get("/healthz", health.health, allow_head=False)
    app.router.add_get("/metrics", health.metrics, allow_head=False)
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=_KEEP_ALIVE_S, shutdown_timeout=_SHUTDOWN_S
    )
    await runner.setup()
    try:
        await _listen(runner, host, port)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except (UnicodeError, gaierror) as error:  # the former for names that no host can have
        raise _wrong_host(host) from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise _wrong_host(host) from error
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise SettingsError(
            "HEALTH_PORT",
            f"nothing can listen on port {port} of {host} ({reason}); choose another, or end what "
            "uses it",
        ) from error


def _wrong_host(host: str) -> SettingsError:
    reason = f"'{host}' is not an address of this machine; write one like 127.0.0.1"
    return SettingsError("HEALTH_HOST", reason)
