"""Lessons that wait for their teacher to choose a paragraph."""

from bot.discord_app.teaching.pending_lessons import PendingLesson, PendingLessons
from tests.support.data.questions import BELL


def test_lessons_are_kept_for_their_teacher_and_server():
    """Nobody else's word leads to one, and the oldest are forgotten."""
    lessons, lesson = PendingLessons(), PendingLesson(1, 2, "why?", None, (BELL,))
    word = lessons.keep(lesson)
    assert lessons.get(word, 1, 2) == lesson
    assert lessons.get(word, 1, 3) is None
    assert lessons.get(word, 9, 2) is None
    assert lessons.get("other", 1, 2) is None
    for _ in range(1000):
        lessons.keep(lesson)
    assert lessons.get(word, 1, 2) is None
