"""Remember which conversation a Discord message belongs to."""

import time
from collections.abc import Callable, Hashable

from bot.conversation import Conversations, Turn

# Whoever comes back after ten minutes begins anew.
_EXCHANGE_LIFETIME_S = 600.0


class DiscordMemory:
    """Histories by the answer they ended with, and by the person's last exchange in a channel."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_answer = Conversations()
        self._by_person = Conversations()
        self._expires_s: dict[tuple[int, int], float] = {}

    def history(self, channel_id: int, user_id: int, reply_to: int | None) -> list[Turn]:
        """Return the turns before a question, oldest first.

        Args:
            channel_id: Where it was asked.
            user_id: Who asked.
            reply_to: The message it replies to. If that is a remembered answer, its conversation
                goes on, whoever asks; otherwise the person's last exchange in the channel does,
                for ten minutes.
        """
        if reply_to is not None and (chain := self._by_answer.history(reply_to)):
            return chain
        person = (channel_id, user_id)
        if self._clock() >= self._expires_s.get(person, 0.0):
            return []
        return self._by_person.history(person)

    def is_answer(self, message_id: int) -> bool:
        """Say whether a message is an answer that is still remembered."""
        return message_id in self._by_answer

    def remember(self, channel_id: int, user_id: int, answer_id: int, history: list[Turn]) -> None:
        """Note the history that an answer ends."""
        person = (channel_id, user_id)
        self._by_answer.remember(answer_id, history)
        self._by_person.remember(person, history)
        self._expires_s.pop(person, None)
        self._expires_s[person] = self._clock() + _EXCHANGE_LIFETIME_S
        while len(self._expires_s) > Conversations.MAX_CONVERSATIONS:
            self._expires_s.pop(next(iter(self._expires_s)))

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
        self._expires_s = {key: end for key, end in self._expires_s.items() if now < end}
        self._by_person.forget(lambda key, _: key not in self._expires_s)
