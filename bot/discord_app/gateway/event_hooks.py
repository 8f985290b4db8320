"""Pass over events that cannot be read, which would end the bot."""

import functools
import logging
from collections.abc import Callable
from typing import Any

import discord

logger = logging.getLogger(__name__)

# Without these there is no session.
_NEEDED = ("READY", "RESUMED")


def pass_over_unreadable_events(client: discord.Client) -> None:
    """Let a client go on after an event that is not as its library expects; one line says so."""
    parsers, said = client._connection.parsers, set[str]()

    def parse_or_say(name: str, parse: Callable[[Any], Any], data: object) -> None:
        try:
            parse(data)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
            level = logging.DEBUG if name in said else logging.WARNING
            logger.log(level, "Discord sent %s as it cannot be read (%s)", name, reason)
            said.add(name)

    for name, parse in list(parsers.items()):
        if name not in _NEEDED:
            parsers[name] = functools.partial(parse_or_say, name, parse)
