"""Wrap the functions with which discord.py parses the events of the gateway."""

import functools
import logging
from collections.abc import Callable, Iterable
from typing import Any

import discord

from bot.discord_app.context.seen_ids import SeenIds
from bot.operations.logs.request_id import new_question

logger = logging.getLogger(__name__)

_Parser = Callable[[Any], None]

_INTERACTION = "INTERACTION_CREATE"

# The events that questions come with: messages, edits of them, commands, buttons and forms.
_QUESTIONS = ("MESSAGE_CREATE", "MESSAGE_UPDATE", _INTERACTION)

# Without these events there is no session, so an error in them must not be skipped.
_NEEDED = ("READY", "RESUMED")


def hook_events(client: discord.Client) -> None:
    """Apply every patch of this module to a client."""
    drop_repeated_interactions(client)
    number_questions(client)
    skip_unreadable_events(client)


def drop_repeated_interactions(client: discord.Client) -> None:
    """Parse each interaction once.

    Promise: A command, button or form is answered once, also if Discord delivers it again after a
    session is resumed.
    """
    seen = SeenIds()

    def parse_once(_: str, parse: _Parser, data: dict[str, Any]) -> None:
        if seen.is_new(int(data["id"])):
            parse(data)

    _wrap_parsers(client, [_INTERACTION], parse_once)


def number_questions(client: discord.Client) -> None:
    """Give each event that may be a question its own id for log lines.

    Promise: All log lines about a question have the same id. discord.py starts the tasks that
    handle an event while it parses that event, and tasks inherit the context.
    """

    def parse_under_an_id(_: str, parse: _Parser, data: dict[str, Any]) -> None:
        with new_question():
            parse(data)

    _wrap_parsers(client, _QUESTIONS, parse_under_an_id)


def skip_unreadable_events(client: discord.Client) -> None:
    """Log and skip an event that discord.py cannot parse.

    Promise: An event in a form that discord.py does not know causes one log line. Without the
    patch its exception ends the bot.
    """
    reported = set[str]()

    def parse_or_log(name: str, parse: _Parser, data: object) -> None:
        try:
            parse(data)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
            level = logging.DEBUG if name in reported else logging.WARNING
            logger.log(level, "Discord sent %s as it cannot be read (%s)", name, reason)
            reported.add(name)

    names = [name for name in client._connection.parsers if name not in _NEEDED]
    _wrap_parsers(client, names, parse_or_log)


def _wrap_parsers(
    client: discord.Client,
    names: Iterable[str],
    around: Callable[[str, _Parser, Any], None],
) -> None:
    """Replace parsers of events.

    Private: `ConnectionState.parsers`, which maps each event's name to the function that parses its
    data.

    Args:
        client: The client whose parsers are replaced.
        names: The names of the events.
        around: Called with the name of an event, its former parser and its data.
    """
    parsers = client._connection.parsers
    for name in names:
        parsers[name] = functools.partial(around, name, parsers[name])
