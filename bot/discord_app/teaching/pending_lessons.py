"""Lessons that were shown to their teacher and not yet confirmed."""

import secrets
from dataclasses import dataclass

from cachetools import FIFOCache

from index import PassageRef

# Confirmed within minutes; some kilobytes each.
_MAX_LESSONS = 1000


@dataclass(frozen=True, slots=True)
class PendingLesson:
    """A question with the paragraphs to choose its answer from.

    Attributes:
        guild_id: The server of the lesson.
        teacher_id: The person who teaches it.
        question: The wording to store.
        asked_id: The stored question that it answers, or None.
        refs: The paragraphs to choose from.
    """

    guild_id: int
    teacher_id: int
    question: str
    asked_id: int | None
    refs: tuple[PassageRef, ...]


class PendingLessons:
    """Keeps lessons until they are confirmed; the oldest are dropped first."""

    def __init__(self) -> None:
        self._lessons = FIFOCache[str, PendingLesson](_MAX_LESSONS)

    def keep(self, lesson: PendingLesson) -> str:
        """Keep a lesson and return its key."""
        word = secrets.token_urlsafe(9)
        self._lessons[word] = lesson
        return word

    def get(self, word: str, guild_id: int, teacher_id: int) -> PendingLesson | None:
        """Return a lesson; None if it was dropped, or belongs to another person or server."""
        lesson = self._lessons.get(word)
        if lesson is None or (lesson.guild_id, lesson.teacher_id) != (guild_id, teacher_id):
            return None
        return lesson
