"""Ask Discord, before the bot connects, for its intents and the number of shards."""

import logging

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
    async with discord.Client(intents=discord.Intents(guilds=True)) as probe:
        retry_requests(probe)
        try:
            await probe.login(token)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            if isinstance(error, aiohttp.ClientError):  # an address may be a wrong value, too
                raise
            raise WrongApiError("no application") from error
        flags = probe.application_flags
        shards, max_concurrency = await _recommended(probe)
        user = probe.user
        return ApplicationInfo(
            flags.gateway_message_content or flags.gateway_message_content_limited,
            shards,
            max_concurrency,
            bot_id=user.id if user else 0,
            bot_name=user.name if user else "",
            application_id=probe.application_id or 0,
        )


async def _recommended(probe: discord.Client) -> tuple[int, int]:
    """Return how many shards Discord recommends, and how many may identify at once.

    Private: `HTTPClient.get_bot_gateway`; the public `fetch_session_start_limits` leaves out the
    number of shards.
    """
    try:
        shards, _, limit = await probe.http.get_bot_gateway()
        return max(int(shards), 1), max(int(limit["max_concurrency"]), 1)
    except (discord.GatewayNotFound, LookupError, TypeError, ValueError) as error:
        if isinstance(error, aiohttp.ClientError):
            raise
        logger.warning("Discord recommends no number of shards; SHARD_COUNT or one is used")
        return 1, 1
