"""Give REST requests a timeout, and repeat lost ones."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import aiohttp
import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Discord answers within a second or two; aiohttp would wait for five minutes.
_TIMEOUT_S = 20.0

# Discord accepts the first response to an interaction within 3 s.
_CALLBACK_TIMEOUT_S = 3.0

# Seconds before each further try.
_DELAYS_S = (0.5, 2.0)

# People do not wait for an answer that a rate limit delays for longer.
_MAX_LIMIT_S = 30.0

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_ALREADY_ACKNOWLEDGED = 40060

_UNAUTHORIZED, _LIMITED, _UNAVAILABLE = 401, 429, 503


def retry_requests(
    client: discord.Client, on_unauthorized: Callable[[], None] = lambda: None
) -> None:
    """Let a client time out each request, and repeat the requests that may be repeated.

    Promise: A lost request is repeated after at most 20 s, and nothing is sent twice: a POST is
    repeated only with a nonce. discord.py has no timeout of its own.
    Private: `Client.http`, and `HTTPClient.request`, which all requests of discord.py with the
    token call.

    Args:
        client: The client.
        on_unauthorized: Called if Discord rejects the token.
    """
    send = client.http.request

    async def request(route: Route, **options: Any) -> Any:  # noqa: ANN401  # as discord.py's
        body = options.get("json")
        once = route.method == "POST" and not (isinstance(body, dict) and "nonce" in body)
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        try:
            # A request with files is not repeated, because the files are read while they are sent.
            return await _send(
                lambda: send(route, timeout=timeout, **options),
                again=not once and not options.get("files"),
            )
        except discord.HTTPException as error:
            if error.status == _UNAUTHORIZED:
                on_unauthorized()
            raise

    client.http.request = request  # type: ignore[method-assign]


class RetryingAdapter(AsyncWebhookAdapter):
    """Sends the answers to commands and buttons, with timeouts and repeats.

    Promise: A request without a reply times out within Discord's 3 s (a first response) or after
    20 s (all others) and is sent again, and the answer appears once. A follow-up is not sent again:
    it has no nonce and could appear twice.
    Private: `AsyncWebhookAdapter.request`, and `discord.webhook.async_.async_context`, from which
    discord.py takes the adapter.
    """

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401  # as discord.py's
        """Send a request and return the answer's data."""
        is_callback = route.path.endswith("/callback")
        seconds = _CALLBACK_TIMEOUT_S if is_callback else _TIMEOUT_S
        timed = cast(aiohttp.ClientSession, _TimeoutSession(session, seconds))
        try:
            return await _send(
                lambda: super(RetryingAdapter, self).request(route, timed, **options),
                again=is_callback or route.method != "POST",
            )
        except discord.HTTPException as error:
            if is_callback and error.code == _ALREADY_ACKNOWLEDGED:
                # Discord accepted an earlier try, whose confirmation was lost.
                return {"interaction": {"id": str(route.webhook_id or 0)}}
            raise

    @classmethod
    def install(cls) -> None:
        """Let discord.py use this class in this context and in tasks that begin in it."""
        async_context.set(cls())


class _TimeoutSession:
    """Replaces discord.py's session; its requests have a timeout."""

    def __init__(self, session: aiohttp.ClientSession, seconds: float) -> None:
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    def request(self, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401
        """Begin a request, as `ClientSession.request`."""
        return self._session.request(method, url, timeout=self._timeout, **options)


async def _send(send: Callable[[], Awaitable[T]], *, again: bool) -> T:
    """Return the result of a request; repeat it if it was lost and `again` allows that.

    Raises:
        discord.HTTPException: Discord refuses it.
        OSError: The request or the answer was lost; also as aiohttp.ClientError.
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
    """Send a request; an answer that is not from Discord, for example a proxy's, counts as lost."""
    try:
        return await send()
    except (LookupError, TypeError, ValueError) as error:
        if isinstance(error, aiohttp.ClientError):  # an address may be a wrong value, too
            raise
        raise aiohttp.ClientPayloadError("what answered was no JSON of Discord's") from error


def _wait_s(error: Exception, delay_s: float) -> float | None:
    """Return how long to wait before the next try; None for no further try.

    discord.py itself waits for rate limits in JSON, and repeats after 500, 502 and 504.
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
