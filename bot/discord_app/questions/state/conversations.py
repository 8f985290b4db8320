"""The turns of each conversation on Discord, by answer and by person."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from cachetools import FIFOCache

from bot.answering import MAX_CONVERSATIONS, Turn

K = TypeVar("K")
V = TypeVar("V")

# A person who comes back after ten minutes begins another conversation.
_EXCHANGE_LIFETIME_S = 600.0


@dataclass(frozen=True, slots=True)
class _Exchange:
    """The last exchange of a person in a channel.

    Attributes:
        answer_id: The message that ended it.
        history: Its turns, oldest first.
        ends_s: When it is over, in seconds of the clock.
    """

    answer_id: int
    history: list[Turn]
    ends_s: float


class ConversationMemory:
    """Histories by the answer they ended with, and by the person's last exchange in a channel."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        max_conversations: int = MAX_CONVERSATIONS,
    ) -> None:
        """Begin empty.

        Args:
            clock: Monotonic seconds.
            max_conversations: Of more, those that were continued longest ago are forgotten.
        """
        self._clock = clock
        self._by_answer: FIFOCache[int, list[Turn]] = FIFOCache(max_conversations)
        self._last: FIFOCache[tuple[int, int], _Exchange] = FIFOCache(max_conversations)

    def history(self, channel_id: int, user_id: int, reply_to: int | None) -> list[Turn]:
        """Return the turns before a question, oldest first.

        Args:
            channel_id: Where it was asked.
            user_id: Who asked.
            reply_to: The message it replies to. If that is a remembered answer, its conversation
                goes on, whoever asks; otherwise the person's last exchange in the channel does,
                for as long as it lasts.
        """
        if reply_to is not None and (turns := self._by_answer.get(reply_to)):
            return list(turns)
        last = self._last.get((channel_id, user_id))
        return [] if last is None or self._clock() >= last.ends_s else list(last.history)

    def is_answer(self, message_id: int) -> bool:
        """Return whether a message is an answer that is still remembered."""
        return message_id in self._by_answer

    def remember(
        self,
        channel_id: int,
        user_id: int,
        answer_id: int,
        history: list[Turn],
        *,
        lasting: bool = False,
    ) -> None:
        """Note the history that an answer ends.

        Args:
            channel_id: Where it was given.
            user_id: To whom.
            answer_id: The answer.
            history: The turns, oldest first.
            lasting: Whether the exchange goes on however late the next question comes, as in a
                thread; otherwise it is over after ten minutes.
        """
        self._by_answer[answer_id] = history
        ends_s = math.inf if lasting else self._clock() + _EXCHANGE_LIFETIME_S
        self._last[channel_id, user_id] = _Exchange(answer_id, history, ends_s)

    def correct(self, channel_id: int, user_id: int, answer_id: int, history: list[Turn]) -> None:
        """Change the history that an answer ends; a later exchange stays the last one."""
        self._by_answer[answer_id] = history
        last = self._last.get((channel_id, user_id))
        if last is not None and last.answer_id == answer_id:
            self._last[channel_id, user_id] = replace(last, history=history)

    def forget_person(self, person: str) -> None:
        """Forget the conversations that a person took part in, or may have taken part in.

        Args:
            person: Their pseudonym.
        """

        def took_part(turns: list[Turn]) -> bool:
            return any(turn.asked_by in (person, None) for turn in turns)

        _drop(self._by_answer, lambda _, turns: took_part(turns))
        _drop(self._last, lambda _, last: took_part(last.history))

    def forget_before(self, answer_id: int) -> None:
        """Forget the conversations that ended before an answer, and exchanges that are over."""
        now = self._clock()
        _drop(self._by_answer, lambda key, _: key < answer_id)
        _drop(self._last, lambda _, last: last.answer_id < answer_id or last.ends_s <= now)


def _drop(cache: FIFOCache[K, V], is_over: Callable[[K, V], bool]) -> None:
    """Remove the entries of which something is true."""
    for key in [key for key, value in cache.items() if is_over(key, value)]:
        del cache[key]
