"""Notice what Discord delivers twice, as it may after a connection is resumed."""

from collections import OrderedDict

import discord

# A gateway replays at most what one session missed; this covers hours of a busy server.
_REMEMBERED = 10_000


class Seen:
    """The ids of the latest events."""

    def __init__(self) -> None:
        self._ids: OrderedDict[int, None] = OrderedDict()

    def is_new(self, number: int) -> bool:
        """Note an id; False if it came before."""
        if number in self._ids:
            return False
        self._ids[number] = None
        if len(self._ids) > _REMEMBERED:
            self._ids.popitem(last=False)
        return True


def take_interactions_once(client: discord.Client) -> None:
    """Let a client pass over commands, buttons and forms that it was sent before.

    discord.py has one place where all of them come in, and none of its own to look at them there.
    """
    parsers = client._connection.parsers
    parse, seen = parsers["INTERACTION_CREATE"], Seen()

    def parse_once(data: dict[str, object]) -> None:
        if seen.is_new(int(str(data["id"]))):
            parse(data)

    parsers["INTERACTION_CREATE"] = parse_once
