"""Ask Discord, before the bot connects, for its intents and the number of shards."""

import logging
import time
from dataclasses import replace
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
import discord

from bot.config.application import ApplicationInfo
from bot.discord_app.gateway.rest_retry import retry_requests
from bot.errors import WrongApiError

logger = logging.getLogger(__name__)


async def fetch_application_info(token: str) -> ApplicationInfo:
    """Log in without connecting, and return what Discord says.

    Raises:
        WrongApiError: Another server answers instead of Discord.
        discord.LoginFailure: Discord does not know the token.
        discord.HTTPException: Discord refuses.
        aiohttp.ClientError: Discord cannot be reached; also as OSError.
    """
    clock = _ServerClock()
    intents = discord.Intents(guilds=True)
    async with discord.Client(intents=intents, http_trace=clock.trace) as probe:
        retry_requests(probe)
        try:
            await probe.login(token)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            if isinstance(error, aiohttp.ClientError):  # an address may be a wrong value, too
                raise
            raise WrongApiError("no application") from error
        flags = probe.application_flags
        user = probe.user
        application = ApplicationInfo(
            flags.gateway_message_content or flags.gateway_message_content_limited,
            bot_id=user.id if user else 0,
            bot_name=user.name if user else "",
            application_id=probe.application_id or 0,
        )
        return replace(await _with_gateway(application, probe), clock_ahead_s=clock.ahead_s)


class _ServerClock:
    """Compares this machine's clock with the Date header of each answer.

    Attributes:
        ahead_s: Seconds that the clock here is ahead, as of the last answer; None before one.
    """

    def __init__(self) -> None:
        self.ahead_s: float | None = None
        self.trace = aiohttp.TraceConfig()
        self.trace.on_request_end.append(self._compare)

    async def _compare(
        self,
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        ended: aiohttp.TraceRequestEndParams,
    ) -> None:
        del session, context
        try:
            there = parsedate_to_datetime(ended.response.headers.get("Date", ""))
        except ValueError:
            return
        self.ahead_s = time.time() - there.timestamp()


async def _with_gateway(application: ApplicationInfo, probe: discord.Client) -> ApplicationInfo:
    """Return the application with what Discord says of its gateway.

    Private: `HTTPClient.get_bot_gateway`; the public `fetch_session_start_limits` leaves out the
    number of shards.
    """
    try:
        shards, address, limit = await probe.http.get_bot_gateway()
        return replace(
            application,
            shards=max(int(shards), 1),
            max_concurrency=max(int(limit["max_concurrency"]), 1),
            gateway=str(address),
            sessions=_count(limit.get("total")),
            sessions_left=_count(limit.get("remaining")),
        )
    except (discord.GatewayNotFound, LookupError, TypeError, ValueError) as error:
        if isinstance(error, aiohttp.ClientError):
            raise
        logger.warning("Discord recommends no number of shards; SHARD_COUNT or one is used")
        return application


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None
