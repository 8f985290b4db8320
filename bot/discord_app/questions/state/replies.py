"""The bot's reply to each message, of whatever kind."""

from dataclasses import dataclass

from cachetools import FIFOCache

# The answers to earlier questions are in the database.
_MAX_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class BotReply:
    """A message of the bot.

    Attributes:
        channel_id: The channel of the message that it replies to, or a thread.
        message_id: The id of the bot's message.
    """

    channel_id: int
    message_id: int


class Replies:
    """The bot's replies, by the id of the message that each replies to."""

    def __init__(self) -> None:
        self._replies: FIFOCache[int, BotReply] = FIFOCache(_MAX_REMEMBERED)

    def note(self, message_id: int, reply: BotReply) -> None:
        """Remember the reply to a message."""
        self._replies[message_id] = reply

    def get(self, message_id: int) -> BotReply | None:
        """Return the reply to a message, if it is remembered."""
        reply: BotReply | None = self._replies.get(message_id)
        return reply

    def take(self, message_id: int) -> BotReply | None:
        """Return the reply to a message and forget it; the caller deletes it."""
        reply: BotReply | None = self._replies.pop(message_id, None)
        return reply
