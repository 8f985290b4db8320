"""Which message of the bot replies to which message, questions or not."""

from dataclasses import dataclass

from cachetools import FIFOCache

# Of the latest messages; the database knows the answers to earlier questions.
_MAX_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class BotReply:
    """A message of the bot's.

    Attributes:
        channel_id: Where it stands: in the channel of what it replies to, or in a thread.
        message_id: Its id.
    """

    channel_id: int
    message_id: int


class Replies:
    """The bot's replies by the ids of the messages that they are to."""

    def __init__(self) -> None:
        self._replies: FIFOCache[int, BotReply] = FIFOCache(_MAX_REMEMBERED)

    def note(self, message_id: int, reply: BotReply) -> None:
        """Remember the reply to a message."""
        self._replies[message_id] = reply

    def get(self, message_id: int) -> BotReply | None:
        """Return the reply to a message; None where none is remembered."""
        reply: BotReply | None = self._replies.get(message_id)
        return reply

    def take(self, message_id: int) -> BotReply | None:
        """Return the reply to a message, once: the caller deletes it."""
        reply: BotReply | None = self._replies.pop(message_id, None)
        return reply
