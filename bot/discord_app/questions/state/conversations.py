"""The history of each conversation on Discord, by answer and by person."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from cachetools import FIFOCache

from bot.answering import MAX_CONVERSATIONS, Turn

K = TypeVar("K")
V = TypeVar("V")

# A person who asks again after ten minutes begins another conversation.
_EXCHANGE_LIFETIME_S = 600.0


@dataclass(frozen=True, slots=True)
class _Exchange:
    """The last exchange of a person in a channel.

    Attributes:
        answer_id: The message with the last answer.
        history: The turns of the exchange, oldest first.
        ends_s: When it ends, in seconds of the clock.
    """

    answer_id: int
    history: list[Turn]
    ends_s: float


class ConversationMemory:
    """Stores each conversation's history under its last answer, and under person and channel."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        max_conversations: int = MAX_CONVERSATIONS,
    ) -> None:
        """Begin empty.

        Args:
            clock: Monotonic seconds.
            max_conversations: The most that are remembered; the oldest are forgotten first.
        """
        self._clock = clock
        self._by_answer: FIFOCache[int, list[Turn]] = FIFOCache(max_conversations)
        self._last: FIFOCache[tuple[int, int], _Exchange] = FIFOCache(max_conversations)

    def history(self, channel_id: int, user_id: int, reply_to: int | None) -> list[Turn]:
        """Return the turns before a question, oldest first.

        Args:
            channel_id: The channel of the question.
            user_id: The person who asked; see `IncomingQuestion.speaker`.
            reply_to: The message that it replies to. A reply to a remembered answer continues that
                conversation, also for another person. Any other question continues the person's
                last exchange in the channel, if that has not ended.
        """
        if reply_to is not None and (turns := self._by_answer.get(reply_to)):
            return list(turns)
        last = self._last.get((channel_id, user_id))
        return [] if last is None or self._clock() >= last.ends_s else list(last.history)

    def is_answer(self, message_id: int) -> bool:
        """Return whether a message is a remembered answer."""
        return message_id in self._by_answer

    def has_answer(self, channel_id: int, user_id: int) -> bool:
        """Return whether the last question of a person in a channel was answered with quotes.

        Return False once that exchange has ended.
        """
        history = self.history(channel_id, user_id, None)
        return bool(history and history[-1].shown)

    def remember(
        self,
        channel_id: int,
        user_id: int,
        answer_id: int,
        history: list[Turn],
        *,
        lasting: bool = False,
    ) -> None:
        """Remember the history up to an answer.

        Args:
            channel_id: The channel of the answer.
            user_id: The person who asked; see `IncomingQuestion.speaker`.
            answer_id: The message that answers.
            history: The turns, oldest first.
            lasting: Whether the exchange never ends, as in a thread; otherwise it ends after ten
                minutes.
        """
        self._by_answer[answer_id] = history
        ends_s = math.inf if lasting else self._clock() + _EXCHANGE_LIFETIME_S
        self._last[channel_id, user_id] = _Exchange(answer_id, history, ends_s)

    def correct(self, channel_id: int, user_id: int, answer_id: int, history: list[Turn]) -> None:
        """Change the history up to an answer; a later exchange stays the last one."""
        self._by_answer[answer_id] = history
        last = self._last.get((channel_id, user_id))
        if last is not None and last.answer_id == answer_id:
            self._last[channel_id, user_id] = replace(last, history=history)

    def forget_person(self, person: str) -> None:
        """Forget the conversations in which a person asked, or may have asked.

        Args:
            person: The person's pseudonym.
        """

        def took_part(turns: list[Turn]) -> bool:
            return any(turn.asked_by in (person, None) for turn in turns)

        _drop(self._by_answer, lambda _, turns: took_part(turns))
        _drop(self._last, lambda _, last: took_part(last.history))

    def forget_before(self, answer_id: int) -> None:
        """Forget conversations whose last answer is older than an id, and ended exchanges."""
        now = self._clock()
        _drop(self._by_answer, lambda key, _: key < answer_id)
        _drop(self._last, lambda _, last: last.answer_id < answer_id or last.ends_s <= now)


def _drop(cache: FIFOCache[K, V], is_over: Callable[[K, V], bool]) -> None:
    """Remove the entries for which `is_over` returns true."""
    for key in [key for key, value in cache.items() if is_over(key, value)]:
        del cache[key]
