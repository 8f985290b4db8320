"""Names of threads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_app.questions.threads import thread_name
from bot.rendering.discord_markdown import message_length


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("who dug\n the  harbour?", "who dug the harbour?"),
        ("who dug it?\n```py\nx = 1\ny = 2\n```", "who dug it?"),
        ("", "\u2026"),
        ("a" * 100, "a" * 100),
        ("a" * 101, "a" * 99 + "\u2026"),
        ("word " * 30, "word " * 19 + "word\u2026"),
    ],
)
def test_thread_is_named_after_its_question(question, name):
    """The name is the question on one line, cut at a word where it is too long."""
    assert thread_name(question) == name


@given(st.text(max_size=400))
def test_every_name_is_one_that_discord_takes(question):
    """A name has 1 to 100 characters, counted as strictly as can be."""
    assert 1 <= message_length(thread_name(question)) <= 100
