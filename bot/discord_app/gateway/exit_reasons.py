"""Tell in one line why the bot ended, and what to do about it."""

import aiohttp
import discord
from discord.gateway import ReconnectWebSocket

from bot.config.settings import Settings
from bot.errors import (
    BotError,
    IntentRefusedError,
    SettingsError,
    TokenRejectedError,
    WrongApiError,
)

# The exceptions of discord.py and aiohttp that end the bot because of Discord or the network.
# Private: `discord.gateway.ReconnectWebSocket`, which `Client.start` raises if the gateway closes
# the first connection.
FROM_OUTSIDE = (discord.DiscordException, ReconnectWebSocket, aiohttp.ClientError, OSError)

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway
_AUTHENTICATION_FAILED = 4004
_INVALID_SHARD, _SHARDING_REQUIRED = 4010, 4011
_INVALID_API_VERSION = 4012
_INVALID_INTENTS, _DISALLOWED_INTENTS = 4013, 4014


def is_intent_refused(error: Exception) -> bool:
    """Return whether Discord closed the connection over an intent that it does not grant."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    return isinstance(error, discord.PrivilegedIntentsRequired) or code == _DISALLOWED_INTENTS


def exit_error(error: Exception, settings: Settings) -> BotError:
    """Return the error for the owner about one of `FROM_OUTSIDE`, with its exit code."""
    if isinstance(error, discord.LoginFailure):
        return TokenRejectedError()
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return IntentRefusedError()
    if isinstance(error, discord.ConnectionClosed):
        return _closed(error.code, settings)
    if isinstance(error, discord.HTTPException):
        return WrongApiError(f"status {error.status}")
    if isinstance(error, discord.GatewayNotFound):
        return WrongApiError("no gateway address")
    if isinstance(error, aiohttp.ClientPayloadError):
        return WrongApiError("no JSON of Discord's")
    hung_up = isinstance(error, ReconnectWebSocket)
    reason = "the gateway hung up" if hung_up else str(error) or type(error).__name__
    other = " and DISCORD_API_BASE" if settings.discord_api_base else ""
    return BotError(f"Discord cannot be reached ({reason}); check the network{other}")


def _closed(code: int, settings: Settings) -> BotError:
    """Return the reason for a close code of the gateway after which a reconnect is not allowed."""
    if code == _AUTHENTICATION_FAILED:
        return TokenRejectedError()
    if code in (_INVALID_INTENTS, _DISALLOWED_INTENTS):
        return IntentRefusedError()
    if code in (_INVALID_SHARD, _SHARDING_REQUIRED):
        if settings.shard_count is not None:
            return SettingsError(
                "SHARD_COUNT",
                f"Discord does not take {settings.shard_count} (code {code}); leave it out to "
                "take as many as Discord recommends",
            )
        return BotError(
            f"Discord wants another number of shards (code {code}); start again to take it"
        )
    if code == _INVALID_API_VERSION:
        return BotError(
            f"Discord no longer takes what discord.py {discord.__version__} speaks "
            f"(code {code}); update discord.py, then start again"
        )
    return BotError(f"Discord closed the connection for good (code {code}); try again later")
