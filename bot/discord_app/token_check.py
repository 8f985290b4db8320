"""Check a token before the bot is started with it."""

import asyncio
import re

from bot.config.application import ApplicationInfo
from bot.config.settings import Settings
from bot.discord_app.gateway.application_info import fetch_application_info
from bot.discord_app.gateway.exit_reasons import FROM_OUTSIDE, exit_error
from bot.discord_app.gateway.patches import patch_discord_py
from bot.errors import SettingsError

# Tokens are three parts in base64 with dots between. Characters that an HTTP header cannot hold
# come from a mistake in copying.
_TOKEN = re.compile(r"[!-~]+")


def check_characters(token: str) -> None:
    """Refuse a token that cannot be sent to Discord.

    Raises:
        SettingsError: It holds characters that no token has.
    """
    if not _TOKEN.fullmatch(token):
        raise SettingsError(
            "DISCORD_TOKEN",
            "it holds white space or other signs that no token has; copy it again from the "
            "application's Bot page",
        )


def check_token(token: str, settings: Settings) -> ApplicationInfo:
    """Ask Discord whose token it is, without connecting to the gateway.

    Raises:
        SettingsError: It holds characters that no token has.
        TokenRejectedError: Discord does not know the token.
        WrongApiError: The server that answers is not Discord.
        BotError: Discord cannot be reached.
    """
    check_characters(token)
    patch_discord_py(settings.discord_api_base)
    try:
        return asyncio.run(fetch_application_info(token))
    except FROM_OUTSIDE as error:
        raise exit_error(error, settings) from error
