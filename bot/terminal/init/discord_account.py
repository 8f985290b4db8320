"""The step about Discord: the token, what the bot may read, and the invitation."""

from collections.abc import Callable
from dataclasses import replace

import click

from bot.config.application import PORTAL, ApplicationInfo
from bot.config.settings import Settings
from bot.errors import BotError, SettingsError, TokenRejectedError
from bot.operations.logs.redaction import keep_secret
from bot.terminal.init.dialogue import Dialogue
from bot.terminal.init.given import Given
from bot.terminal.init.qr_code import print_qr_code
from bot.terminal.init.settings_file import keep_setting

# Asks Discord whose token it is; `bot.discord_app.token_check.check_token`.
CheckToken = Callable[[str, Settings], ApplicationInfo]

_HOW_TO_GET_A_TOKEN = (
    f"1. Open {PORTAL} and choose New Application.",
    "2. Bot page: turn on Message Content Intent, if the bot shall also read messages that do not "
    "mention it.",
    "3. Bot page: choose Reset Token, and copy the token. It gives full control of the bot: share "
    "it with nobody.",
)

_INTENT_ON = (
    "Message Content Intent is on: the bot can also read messages that do not mention it, "
    "so that a channel can be set to answer every question."
)
_INTENT_OFF = (
    "Message Content Intent is off: the bot reads only direct messages, messages that mention it, "
    "and /ask. To let it read others, turn the intent on at {page} and save."
)


_UNKNOWN = "Discord does not know this token. Copy it again from the Bot page (Reset Token)."


def connect(
    dialogue: Dialogue, settings: Settings, given: Given, check: CheckToken
) -> tuple[Settings, ApplicationInfo | None]:
    """Return the settings with a token, and the application if Discord knows it.

    Raises:
        TokenRejectedError: Discord does not know the token, and nobody can be asked for another.
        BotError: Discord cannot be reached, and nobody can be asked what to do.
    """
    token = given.token or settings.discord_token or ""
    if not token:
        for step in _HOW_TO_GET_A_TOKEN:
            dialogue.tell(step)
        token = _ask_token(dialogue)
    application = None
    while token:
        keep_secret(token)
        dialogue.tell("Asking Discord ...")
        try:
            application = check(token, settings)
            break
        except (TokenRejectedError, SettingsError) as error:
            if not dialogue.interactive:
                raise
            is_unknown = isinstance(error, TokenRejectedError)
            dialogue.tell(_UNKNOWN if is_unknown else f"{error}.")
        except BotError as error:
            if not dialogue.interactive:
                raise
            dialogue.tell(f"{error}.")
            if dialogue.confirm("Keep the token without a check?", None):
                break
        token = _ask_token(dialogue)
    if not token:
        dialogue.tell(
            "No token: the bot answers in the terminal only. Come back when you have one."
        )
        return settings, None
    keep_setting(dialogue, "DISCORD_TOKEN", token)
    if application is not None:
        _tell(dialogue, application, given)
    return replace(settings, discord_token=token), application


def _ask_token(dialogue: Dialogue) -> str:
    if not dialogue.interactive:
        return ""
    return dialogue.ask_secret("Token (it is not shown; Enter to go on without)")


def _tell(dialogue: Dialogue, application: ApplicationInfo, given: Given) -> None:
    """Say what Discord says of the application, and how to invite its bot."""
    dialogue.tell(f"The token is that of {application.bot_name}.")
    if application.message_content:
        dialogue.tell(_INTENT_ON)
    else:
        dialogue.tell(_INTENT_OFF.format(page=application.bot_page))
    dialogue.tell("Invite the bot to your server with this address:")
    click.echo(f"\n{application.invite_link}\n")  # in one piece, to be copied or clicked
    if dialogue.confirm("Show it as a QR code, for your phone?", given.qr):
        print_qr_code(application.invite_link)
