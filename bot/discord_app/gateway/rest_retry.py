"""Send requests again that the network lost on the way, and wait for none of them for ever."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import aiohttp
import discord
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Discord answers within a second or two; aiohttp would wait for five minutes.
_TIMEOUT_S = 20.0

# It takes a first response within 3 s.
_CALLBACK_TIMEOUT_S = 3.0

# Before each further try.
_DELAYS_S = (0.5, 2.0)

# A limit that lasts longer is none that who asked would wait for.
_MAX_LIMIT_S = 30.0

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_ALREADY_ACKNOWLEDGED = 40060

_UNAUTHORIZED, _LIMITED, _UNAVAILABLE = 401, 429, 503


def be_patient(http: HTTPClient, on_unauthorized: Callable[[], None] = lambda: None) -> None:
    """Let a client send again what may have been lost and does no harm twice.

    Args:
        http: Its HTTP client.
        on_unauthorized: Called where Discord does not know the token.
    """
    send = http.request

    async def request(route: Route, **options: Any) -> Any:  # noqa: ANN401  # as discord.py's
        body = options.get("json")
        once = route.method == "POST" and not (isinstance(body, dict) and "nonce" in body)
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        try:
            # Files are read while they are sent, and a form with them.
            return await _send(
                lambda: send(route, timeout=timeout, **options),
                again=not once and not options.get("files"),
            )
        except discord.HTTPException as error:
            if error.status == _UNAUTHORIZED:
                on_unauthorized()
            raise

    http.request = request  # type: ignore[method-assign]


def answer_patiently() -> None:
    """Do the same for the answers to commands and buttons that this task and its own send."""
    async_context.set(_PatientAdapter())  # type: ignore[no-untyped-call]


class _PatientAdapter(AsyncWebhookAdapter):
    """Sends answers to interactions; they know no nonce, so that follow-ups are sent once."""

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401  # as discord.py's
        """Send a request and return the answer's data."""
        is_callback = route.path.endswith("/callback")
        seconds = _CALLBACK_TIMEOUT_S if is_callback else _TIMEOUT_S
        timed = cast(aiohttp.ClientSession, _Timed(session, seconds))
        try:
            return await _send(
                lambda: super(_PatientAdapter, self).request(route, timed, **options),
                again=is_callback or route.method != "POST",
            )
        except discord.HTTPException as error:
            if is_callback and error.code == _ALREADY_ACKNOWLEDGED:
                # By a try of ours whose confirmation was lost: what it said stands there.
                return {"interaction": {"id": str(route.webhook_id or 0)}}
            raise


class _Timed:
    """A session whose requests have a timeout; stands in for the session of discord.py."""

    def __init__(self, session: aiohttp.ClientSession, seconds: float) -> None:
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    def request(self, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401
        """Begin a request, as `ClientSession.request`."""
        return self._session.request(method, url, timeout=self._timeout, **options)


async def _send(send: Callable[[], Awaitable[T]], *, again: bool) -> T:
    """Return what a request returns, after further tries where it was lost and may be repeated.

    Raises:
        discord.HTTPException: Discord refuses it.
        OSError: It did not get through, or the answer did not; also as aiohttp.ClientError.
    """
    for delay_s in _DELAYS_S if again else ():
        try:
            return await _decoded(send)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            wait_s = _wait_s(error, delay_s)
            if wait_s is None:
                raise
            logger.debug("A request is sent again in %g s: %s", wait_s, error)
        await asyncio.sleep(wait_s)
    return await _decoded(send)


async def _decoded(send: Callable[[], Awaitable[T]]) -> T:
    """Send; an answer that is none of Discord's, as a proxy's may be, counts as lost."""
    try:
        return await send()
    except (LookupError, TypeError, ValueError) as error:
        if isinstance(error, aiohttp.ClientError):  # an address may be a wrong value, too
            raise
        raise aiohttp.ClientPayloadError("what answered was no JSON of Discord's") from error


def _wait_s(error: Exception, delay_s: float) -> float | None:
    """Return how long to wait before the next try; None where there is to be none.

    discord.py itself waits for limits that are told in JSON and tries 500, 502 and 504 again.
    """
    if not isinstance(error, discord.HTTPException):
        return delay_s
    if error.status == _UNAVAILABLE:
        return delay_s
    if error.status != _LIMITED:
        return None
    try:
        limit_s = float(error.response.headers.get("Retry-After", delay_s))
    except ValueError:
        return delay_s
    return limit_s if limit_s <= _MAX_LIMIT_S else None
