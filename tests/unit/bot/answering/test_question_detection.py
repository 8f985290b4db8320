"""Which messages of a channel read like questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question_detection import reads_like_a_question


@pytest.mark.parametrize(
    "text",
    [
        "who dug the harbour?",
        "Who dug the harbour",
        "hey guys, what time do the boats leave",
        "is there a ferry on sunday",
        "when did the storm come",
        "where\u2019s the pier",
        "does anybody know the keeper's name",
        "Wann fahren die Boote?",
        "\u00bfCu\u00e1ndo salen los barcos?",
        "\u0645\u062a\u0649 \u0627\u0644\u0642\u0648\u0627\u0631\u0628\u061f",
        "> the harbour is old\nhow old?",
        "tell me about the lighthouse",
        "the harbour was dug in 1802, right?",
    ],
)
def test_questions_are_told_by_their_mark_or_their_beginning(text):
    """A question mark of any of the bot's languages will do, or an English beginning."""
    assert reads_like_a_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "???",
        "the harbour is lovely today",
        "thanks!",
        "whatever you say about the harbour",
        "howling wind at the harbour",
        "https://example.org/search?q=harbour",
        "> who dug the harbour?",
        "```\nwho = harbour ? 1 : 2\n```",
        "who dug the harbour? " + "really " * 60,
        "is what it is",
        "what a lovely harbour",
        "when I was there the boats had left",
    ],
)
def test_statements_links_code_and_quotations_are_no_questions(text):
    """Nothing is answered that nobody asked."""
    assert not reads_like_a_question(text)


@pytest.mark.parametrize(
    "text",
    ["how about lunch?", "where are my keys?", "hey, what time is it?", "are you free later?"],
)
def test_questions_to_the_people_around_are_none_for_the_bot(text):
    """They are, when they go on after an answer: "how about the bell?"."""
    assert not reads_like_a_question(text)
    assert reads_like_a_question(text, is_first=False)
    assert reads_like_a_question(f"> the bell rang early\n{text}")


@given(st.text(max_size=500))
def test_any_text_is_judged(text):
    """No message breaks the judgement."""
    assert reads_like_a_question(text) in (True, False)
