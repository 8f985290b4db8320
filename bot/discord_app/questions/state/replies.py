"""Remember which message of the bot's replies to which, also to what is no question."""

from collections import OrderedDict
from dataclasses import dataclass

# Of the latest messages; the database knows the answers to earlier questions.
_MAX_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Reply:
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
        self._replies: OrderedDict[int, Reply] = OrderedDict()

    def note(self, message_id: int, reply: Reply) -> None:
        """Remember the reply to a message."""
        self._replies[message_id] = reply
        if len(self._replies) > _MAX_REMEMBERED:
            self._replies.popitem(last=False)

    def get(self, message_id: int) -> Reply | None:
        """Return the reply to a message; None where none is remembered."""
        return self._replies.get(message_id)

    def take(self, message_id: int) -> Reply | None:
        """Return the reply to a message, once: whoever takes it deletes it."""
        return self._replies.pop(message_id, None)
