"""Lessons: teaching, unanswered questions, votes, lists."""
