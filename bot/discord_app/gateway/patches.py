"""Apply the patches of discord.py that affect the whole process."""

import discord

from bot.discord_app.gateway.api_base import use_rest_base
from bot.discord_app.gateway.reconnect import (
    BoundedBackoff,
    ResumingShard,
    RetryLogFilter,
    TolerantWebSocket,
)
from bot.discord_app.gateway.rest_retry import RetryingAdapter


def patch_discord_py(api_base: str | None) -> None:
    """Apply the patches; coroutines that use discord.py must start in the same context.

    Args:
        api_base: The base URL of the REST API; None for Discord's own.
    """
    if api_base:
        use_rest_base(api_base)
    for patch in (BoundedBackoff, TolerantWebSocket, ResumingShard, RetryLogFilter):
        patch.install()
    RetryingAdapter.install()
    silence_voice_warnings()


def silence_voice_warnings() -> None:
    """Log no warnings about libraries for voice.

    Promise: The log of a bot that only writes has no lines about voice.
    Private: `VoiceClient.warn_nacl` and `VoiceClient.warn_dave`.
    """
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
