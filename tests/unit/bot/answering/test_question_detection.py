"""Which messages of a channel read like questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import answer_question
from bot.answering.question_detection import asks_people, passes_on, reads_like_a_question
from bot.answering.small_talk import is_meant_for_people
from index import Searcher, build_index


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
    ("text", "passes"),
    [
        ("", True),
        ("^^", True),
        ("can you help this person out?", True),
        ("what do you think?", True),
        ("any idea what he needs?", True),
        ("who dug the harbour?", False),
        ("and the bell?", False),
    ],
)
def test_reply_that_asks_nothing_itself_passes_a_question_on(text, passes):
    """It only asks to answer what it replies to."""
    assert passes_on(text) is passes


FAQ = """# Questions about accounts

## Is my data encrypted?

All data is encrypted at rest. The key is kept at another place.

## Where do I find my invoices?

Open Settings, then Billing. Each can be downloaded at any time, also during lunch.

## Backups

They are kept for thirty days.

## Server

It answers each ping.
"""


@pytest.fixture(scope="module")
def faq(tmp_path_factory):
    """An open searcher over questions and answers that people ask about their own things."""
    folder = tmp_path_factory.mktemp("faq")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "faq.md").write_text(FAQ, encoding="utf-8")
    build_index(folder / "corpus", folder / "index")
    return Searcher.open(folder / "index")


@pytest.mark.parametrize(
    "text",
    [
        "how about lunch?",
        "where are my keys?",
        "hey, what time is it?",
        "are you free later?",
        "where is my wallet?",
    ],
)
def test_question_that_the_texts_only_mention_asks_the_people_around(faq, text):
    """The texts hold "lunch", "key", "time" and "backups", and say nothing about them."""
    assert reads_like_a_question(text)
    answer = answer_question(text, [], faq)
    assert asks_people(text, answer)
    assert not asks_people(f"> the bell rang early\n{text}", answer)


@pytest.mark.parametrize(
    "text",
    [
        "is my data encrypted?",
        "where do I find my invoices?",
        "where is my invoice?",
        "where are my backups?",
        "what is my server?",
    ],
)
def test_question_about_own_things_that_the_texts_answer_is_for_the_bot(faq, text):
    """It reads like one to the people around, but the texts have its words, heading or question."""
    assert is_meant_for_people(text)
    assert not asks_people(text, answer_question(text, [], faq))


def test_question_that_does_not_read_like_talk_is_for_the_bot(faq):
    """The bot answers it, or finds nothing."""
    text = "who dug the harbour?"
    assert not asks_people(text, answer_question(text, [], faq))


@given(st.text(max_size=500))
def test_any_text_is_judged(text):
    """No message breaks the judgement."""
    assert reads_like_a_question(text) in (True, False)
