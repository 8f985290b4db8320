"""Give each question on Discord, and each press of a button, an id for its log lines."""

from collections.abc import Callable

import discord

from bot.operations.logs.request_id import new_question

# Where questions come from: messages, edited ones, and commands, buttons and forms.
_EVENTS = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "INTERACTION_CREATE")

_Parse = Callable[[dict[str, object]], None]


def number_events(client: discord.Client) -> None:
    """Let all that a client does on account of an event share an id.

    discord.py starts the tasks that answer an event where it parses that, and tasks inherit the
    context that they are started in.
    """
    parsers = client._connection.parsers
    for event in _EVENTS:
        parsers[event] = _under_an_id(parsers[event])


def _under_an_id(parse: _Parse) -> _Parse:
    def parse_under_an_id(data: dict[str, object]) -> None:
        with new_question():
            parse(data)

    return parse_under_an_id
