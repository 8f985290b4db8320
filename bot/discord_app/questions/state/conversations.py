"""Remember which conversation a Discord message belongs to."""

import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from bot.answering.conversation import Conversations, Turn

# Whoever comes back after ten minutes begins anew.
_EXCHANGE_LIFETIME_S = 600.0


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Somebody's last exchange in a channel.

    Attributes:
        answer_id: The message that ended it.
        ends_s: When it is over, in seconds of the clock.
    """

    answer_id: int
    ends_s: float


class DiscordMemory:
    """Histories by the answer they ended with, and by the person's last exchange in a channel."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_answer = Conversations()
        self._by_person = Conversations()
        self._last: dict[tuple[int, int], _Exchange] = {}

    def history(self, channel_id: int, user_id: int, reply_to: int | None) -> list[Turn]:
        """Return the turns before a question, oldest first.

        Args:
            channel_id: Where it was asked.
            user_id: Who asked.
            reply_to: The message it replies to. If that is a remembered answer, its conversation
                goes on, whoever asks; otherwise the person's last exchange in the channel does,
                for as long as it lasts.
        """
        if reply_to is not None and (chain := self._by_answer.history(reply_to)):
            return chain
        person = (channel_id, user_id)
        last = self._last.get(person)
        if last is None or self._clock() >= last.ends_s:
            return []
        return self._by_person.history(person)

    def is_answer(self, message_id: int) -> bool:
        """Say whether a message is an answer that is still remembered."""
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
        person = (channel_id, user_id)
        self._by_answer.remember(answer_id, history)
        self._by_person.remember(person, history)
        ends_s = math.inf if lasting else self._clock() + _EXCHANGE_LIFETIME_S
        self._last.pop(person, None)
        self._last[person] = _Exchange(answer_id, ends_s)
        while len(self._last) > Conversations.MAX_CONVERSATIONS:
            self._last.pop(next(iter(self._last)))

    def correct(self, channel_id: int, user_id: int, answer_id: int, history: list[Turn]) -> None:
        """Change the history that an answer ends; a later exchange stays the last one."""
        person = (channel_id, user_id)
        self._by_answer.remember(answer_id, history)
        last = self._last.get(person)
        if last is not None and last.answer_id == answer_id:
            self._by_person.remember(person, history)

    def forget_person(self, person: str) -> None:
        """Drop every conversation that somebody took part in, or may have."""

        def took_part(_: Hashable, turns: list[Turn]) -> bool:
            return any(turn.asked_by in (person, None) for turn in turns)

        self._by_answer.forget(took_part)
        self._by_person.forget(took_part)

    def forget_before(self, answer_id: int) -> None:
        """Drop the conversations that ended before an answer, and exchanges that are over."""
        now = self._clock()
        self._by_answer.forget(lambda key, _: isinstance(key, int) and key < answer_id)
        self._last = {
            person: last
            for person, last in self._last.items()
            if now < last.ends_s and last.answer_id >= answer_id
        }
        self._by_person.forget(lambda key, _: key not in self._last)
