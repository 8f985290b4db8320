"""Know which messages were deleted, so that nobody answers them any more."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

# Questions are deleted while they are answered, a few at a time.
_MAX_REMEMBERED = 10_000


class Withdrawals:
    """The latest deleted messages, and who waits to answer which message."""

    def __init__(self) -> None:
        self._withdrawn: OrderedDict[int, None] = OrderedDict()
        self._waiting: dict[int, asyncio.Task[object]] = {}

    def note(self, message_id: int) -> None:
        """Note that a message was deleted; who waits to answer it is cancelled."""
        if (waiting := self._waiting.get(message_id)) is not None:
            waiting.cancel()
        self._withdrawn[message_id] = None
        if len(self._withdrawn) > _MAX_REMEMBERED:
            self._withdrawn.popitem(last=False)

    def __contains__(self, message_id: int) -> bool:
        return message_id in self._withdrawn

    @contextmanager
    def end(self, message_id: int | None) -> Iterator[None]:
        """Let the task that waits in the block end with the message that it waits to answer.

        Args:
            message_id: None for a command, which cannot be deleted.
        """
        task = asyncio.current_task()
        if message_id is None or task is None:
            yield
            return
        self._waiting[message_id] = task
        try:
            yield
        finally:
            self._waiting.pop(message_id, None)
