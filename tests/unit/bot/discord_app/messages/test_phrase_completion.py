"""Completing what is typed: beginnings, then beginnings of words, then what is alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_app.messages.phrase_completion import PhraseIndex, complete

HEADINGS = PhraseIndex(
    ["The fighting in Gaza", "Gaza and the sea", "Weapons and Congress", "A letter to Netanyahu"]
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("gaza", ["Gaza and the sea", "The fighting in Gaza"]),
        ("GAZA AND", ["Gaza and the sea"]),
        ("con wea", ["Weapons and Congress"]),
        ("netanyaho", ["A letter to Netanyahu"]),
        ("fihgting", ["The fighting in Gaza"]),
        ("zzz", []),
        ("the", ["The fighting in Gaza", "Gaza and the sea"]),
        ("a", ["A letter to Netanyahu", "Gaza and the sea", "Weapons and Congress"]),
    ],
)
def test_beginnings_come_before_words_and_those_before_likeness(typed, found):
    """Case and signs do not matter."""
    assert complete(typed, (HEADINGS,), 25) == found


def test_nothing_typed_finds_all_in_their_order():
    """Earlier offers come first, and no more than wanted."""
    questions = PhraseIndex(["who wrote?"])
    assert complete("", (questions, HEADINGS), 2) == ["who wrote?", "The fighting in Gaza"]
    assert complete(" ?! ", (questions, HEADINGS), 0) == []


def test_better_match_comes_before_an_earlier_offer():
    """A phrase that begins with the typed text comes before one that resembles it."""
    questions = PhraseIndex(["did they cross the harbur?"])
    headings = PhraseIndex(["Harbour masters"])
    found = ["Harbour masters", "did they cross the harbur?"]
    assert complete("harbour", (questions, headings), 25) == found


def test_phrases_that_ask_the_same_are_offered_once():
    """The first stands for all; phrases without words are left out; other names stay."""
    phrases = ["Who?", "who", "WHO!", "?", "", "a b.txt", "a_b.txt"]
    assert complete("", (PhraseIndex(phrases),), 25) == ["Who?", "a b.txt", "a_b.txt"]


@given(st.text(), st.lists(st.text(max_size=30), max_size=8), st.integers(-1, 25))
def test_anything_can_be_typed(typed, phrases, top_k):
    """Whatever is typed, what comes back are some of the phrases, each once."""
    found = complete(typed, (PhraseIndex(phrases), PhraseIndex(phrases)), top_k)
    assert set(found) <= set(phrases)
    assert len(set(found)) == len(found) <= max(top_k, 0)


@given(st.text(), st.integers(0, 30))
def test_beginning_of_a_phrase_finds_it(phrase, cut):
    """Every beginning of it does."""
    phrase = f"x{phrase}"
    assert complete(phrase[:cut], (PhraseIndex([phrase]),), 1) == [phrase]
