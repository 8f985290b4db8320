"""The checks that Discord answers: the token, the content intent, the gateway and the clock."""

from dataclasses import dataclass
from typing import Protocol

from bot.config.application import ApplicationInfo
from bot.config.settings import Settings
from bot.errors import BotError, SettingsError, TokenRejectedError, WrongApiError
from bot.terminal.doctor.check import Check, Status, check_of_error

# Discord answers within a second or two; a doctor that waits for a minute looks broken.
_TIMEOUT_S = 15.0

# Discord resets the token of a bot that uses up its sessions, as one that restarts all the time.
_FEW_SESSIONS = 0.1

# A Date header has whole seconds. Discord's clients show times of messages by their ids, and
# certificates and the weekly digest go by this machine's clock.
_DOUBTFUL_CLOCK_S, _WRONG_CLOCK_S = 5.0, 60.0

_TOKEN, _INTENT, _GATEWAY, _CLOCK = "token", "content intent", "gateway", "clock"


class CheckToken(Protocol):
    """Asks Discord whose token it is; `bot.discord_app.token_check.check_token`."""

    def __call__(self, token: str, settings: Settings, *, timeout_s: float) -> ApplicationInfo:
        """Raise BotError if Discord does not know it or cannot be reached."""


class CheckGateway(Protocol):
    """Connects to the gateway; `bot.discord_app.token_check.check_gateway`."""

    def __call__(self, token: str, address: str, settings: Settings, *, timeout_s: float) -> None:
        """Raise BotError if it cannot be reached."""


@dataclass(frozen=True, slots=True)
class DiscordAccess:
    """What asks Discord."""

    check_token: CheckToken
    check_gateway: CheckGateway


def check_discord(
    settings: Settings, access: DiscordAccess
) -> tuple[list[Check], ApplicationInfo | None]:
    """Make the checks; also return the application if Discord knows the token."""
    token = settings.discord_token
    if token is None:
        advice = "`pullquote init` asks for it; the terminal needs none"
        return _without_answer(Check(_TOKEN, "warning", "not set", advice), "there is no token")
    try:
        application = access.check_token(token, settings, timeout_s=_TIMEOUT_S)
    except (TokenRejectedError, SettingsError) as error:
        check = check_of_error(_TOKEN, "failure", error)
        return _without_answer(check, "Discord does not know the token")
    except WrongApiError as error:
        unknown = [Check(name, "unknown", "Discord's API failed") for name in (_TOKEN, _INTENT)]
        clock = Check(_CLOCK, "unknown", "Discord's API failed")
        return [*unknown, check_of_error(_GATEWAY, "failure", error), clock], None
    except BotError as error:
        check = check_of_error(_TOKEN, "unknown", error)
        return _without_answer(check, check.detail, check.advice)
    return [
        Check(_TOKEN, "ok", f"that of {application.bot_name}"),
        _check_intent(application),
        _check_gateway(token, application, settings, access),
        _check_clock(application),
    ], application


def _without_answer(check: Check, reason: str, advice: str = "") -> tuple[list[Check], None]:
    """Return the check of the token, and that the others could not be made."""
    others = (_INTENT, _GATEWAY, _CLOCK)
    return [check, *(Check(name, "unknown", reason, advice) for name in others)], None


def _check_intent(application: ApplicationInfo) -> Check:
    if application.message_content:
        return Check(_INTENT, "ok", "on: the bot can read all messages")
    return Check(
        _INTENT,
        "warning",
        "off: the bot reads direct messages, mentions and /ask only",
        f"to let it read others, turn on Message Content Intent at {application.bot_page}",
    )


def _check_gateway(
    token: str, application: ApplicationInfo, settings: Settings, access: DiscordAccess
) -> Check:
    if not application.gateway:
        return Check(_GATEWAY, "failure", "Discord names no gateway", "try again later")
    try:
        access.check_gateway(token, application.gateway, settings, timeout_s=_TIMEOUT_S)
    except BotError as error:
        return check_of_error(_GATEWAY, "failure", error)
    total, left = application.sessions, application.sessions_left
    if total is None or left is None:
        return Check(_GATEWAY, "ok", "reachable")
    needed = len(settings.shard_ids or range(settings.shard_count or application.shards))
    detail = f"reachable, {left:,} of {total:,} sessions left today"
    if left < needed:
        advice = f"a start needs {needed}; wait a day, and find out why the bot started so often"
        return Check(_GATEWAY, "failure", detail, advice)
    if left < _FEW_SESSIONS * total:
        return Check(_GATEWAY, "warning", detail, "find out why the bot started so often")
    return Check(_GATEWAY, "ok", detail)


def _check_clock(application: ApplicationInfo) -> Check:
    ahead_s = application.clock_ahead_s
    if ahead_s is None:
        return Check(_CLOCK, "unknown", "Discord says no time")
    off_s = abs(ahead_s)
    if off_s < _DOUBTFUL_CLOCK_S:
        return Check(_CLOCK, "ok", "agrees with Discord's")
    status: Status = "warning" if off_s < _WRONG_CLOCK_S else "failure"
    direction = "ahead of" if ahead_s > 0 else "behind"
    detail = f"{off_s:,.0f} s {direction} Discord's"
    return Check(_CLOCK, status, detail, "set the clock, for example by turning on NTP")
